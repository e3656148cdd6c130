import { at, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { between, oneOf, optionalText, requiredOneOf, requiredText } from '../../field-rules.ts';
import { labelProblems, subdomainProblems } from '../../names.ts';
import { validateLabels } from '../../object-meta-validation.ts';
import { validateAffinity } from './affinity.ts';
import { validateContainers } from './container.ts';
import { validateDns, validateHostAliases } from './dns.ts';
import type { PodSpec } from '../pod-spec.ts';
import { validateGates, validateSpread, validateTolerations } from './scheduling.ts';
import { validateHostUsers, validatePodSecurity } from './security.ts';
import { validateVolumes } from './volume.ts';

export interface PodSpecPlace {
  /** `spec`, `spec.template.spec` */
  readonly path: string;
  /** The name of the Pod whose spec it is; '' in templates. */
  readonly podName: string;
}

/**
 * Everything wrong with a pod spec that has its defaults, in the order and with the texts of a kube-apiserver
 * (pkg/apis/core/validation).
 */
export function validatePodSpec(spec: PodSpec, { path, podName }: PodSpecPlace): readonly FieldError[] {
  const claims = new Set((spec.resourceClaims ?? []).map((claim) => claim.name));
  const volumes = validateVolumes(spec.volumes ?? [], under(path, 'volumes'), podName);
  return [
    ...volumes.errors,
    ...validateResourceClaims(spec, under(path, 'resourceClaims')),
    ...validateContainers({ spec, volumes: volumes.byName, claims }, path),
    ...validateHostPorts(spec, { path: under(path, 'containers'), podName }),
    ...requiredOneOf(under(path, 'restartPolicy'), spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...requiredOneOf(under(path, 'dnsPolicy'), spec.dnsPolicy, [
      'ClusterFirstWithHostNet',
      'ClusterFirst',
      'Default',
      'None',
    ]),
    ...validateLabels(spec.nodeSelector, under(path, 'nodeSelector')),
    ...validatePodSecurity(spec, under(path, 'securityContext')),
    ...validateAffinity(spec.affinity, under(path, 'affinity')),
    ...validateDns(spec, under(path, 'dnsConfig')),
    ...validateGates(spec, path),
    ...validateSpread(spec.topologySpreadConstraints ?? [], under(path, 'topologySpreadConstraints')),
    ...validateHostUsers(spec, path),
    ...validateNames(spec, path),
    ...validateTolerations(spec.tolerations ?? [], under(path, 'tolerations')),
    ...validateHostAliases(spec.hostAliases ?? [], under(path, 'hostAliases')),
    ...oneOf(under(path, 'preemptionPolicy'), spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']),
    ...validateOs(spec, path),
  ];
}

const validateNames = (spec: PodSpec, path: string): readonly FieldError[] => [
  ...optionalText(under(path, 'serviceAccountName'), spec.serviceAccountName, subdomainProblems),
  ...optionalText(under(path, 'nodeName'), spec.nodeName, subdomainProblems),
  ...between(under(path, 'activeDeadlineSeconds'), spec.activeDeadlineSeconds, [1, 2_147_483_647]),
  ...optionalText(under(path, 'hostname'), spec.hostname, labelProblems),
  ...optionalText(under(path, 'subdomain'), spec.subdomain, labelProblems),
  ...optionalText(under(path, 'priorityClassName'), spec.priorityClassName, subdomainProblems),
  ...(spec.runtimeClassName === undefined
    ? []
    : subdomainProblems(spec.runtimeClassName).map((problem) =>
        invalid(under(path, 'runtimeClassName'), spec.runtimeClassName, problem),
      )),
];

function validateResourceClaims({ resourceClaims = [] }: PodSpec, path: string): readonly FieldError[] {
  return resourceClaims.flatMap((claim, index) => {
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const place = at(path, index);
    const sources = [resourceClaimName, resourceClaimTemplateName].filter((each) => each !== undefined).length;
    const none = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
    const both = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
    return [
      ...requiredText(under(place, 'name'), name, labelProblems),
      ...(sources === 1 ? [] : [invalid(place, claim, sources === 0 ? none : both)]),
    ];
  });
}

/** On the host's network there is nothing between a port and the host's. A template's ports are filled in its Pods. */
function validateHostPorts(spec: PodSpec, { path, podName }: PodSpecPlace): readonly FieldError[] {
  if (!spec.hostNetwork) return [];
  return spec.containers.flatMap(({ ports = [] }, containerIndex) =>
    ports.flatMap(({ hostPort = 0, containerPort }, index) => {
      if (hostPort === containerPort || (hostPort === 0 && podName === '')) return [];
      const place = under(at(under(at(path, containerIndex), 'ports'), index), 'hostPort');
      return [invalid(place, hostPort, 'must match `containerPort` when `hostNetwork` is true')];
    }),
  );
}

function validateOs({ os }: PodSpec, path: string): readonly FieldError[] {
  if (os === undefined) return [];
  if (os.name === '') return [required(under(path, 'os.name'), 'cannot be empty')];
  return oneOf(under(path, 'os'), os.name, ['linux', 'windows']);
}
