import { at, under } from '../../field-errors.ts';
import { repetitions } from '../../field-rules.ts';
import { milliValue } from '../../quantity.ts';
import { quoted } from '../../shown-value.ts';
import { environmentWarnings, portWarnings } from './container.ts';
import type { PlacedContainer } from './container.ts';
import type { PodSpec } from '../pod-spec.ts';
import { placementWarnings } from './placement.ts';

interface Annotated {
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * What a kube-apiserver warns of in pods that it takes all the same (pkg/api/pod/warnings.go). `path` is where `spec`
 * and `metadata` stand: '' in a Pod, `spec.template` elsewhere.
 */
export function podSpecWarnings(
  pod: { readonly spec: PodSpec; readonly metadata?: Annotated | undefined },
  path: string,
): readonly string[] {
  const { spec, metadata } = pod;
  const specPath = under(path, 'spec');
  const containers = placed(spec, specPath);
  const grace = spec.terminationGracePeriodSeconds;
  const negative = 'must be >= 0; negative values are invalid and will be treated as 1';
  return [
    ...placementWarnings(spec, specPath),
    ...volumeWarnings(spec, under(specPath, 'volumes')),
    ...annotationWarnings({ spec, metadata: metadata ?? {} }, under(path, 'metadata.annotations')),
    ...duplicates(
      (spec.hostAliases ?? []).map((alias) => alias.ip),
      { path: under(specPath, 'hostAliases'), field: 'ip' },
    ),
    ...pullSecretWarnings(spec, under(specPath, 'imagePullSecrets')),
    ...fractions(spec.overhead, under(specPath, 'overhead')),
    ...containers.flatMap(({ container, path: place }) => [
      ...fractions(container.resources?.limits, under(place, 'resources.limits')),
      ...fractions(container.resources?.requests, under(place, 'resources.requests')),
      ...environmentWarnings(container, under(place, 'env')),
    ]),
    ...portWarnings(containers),
    ...(grace !== undefined && grace < 0 ? [`${under(specPath, 'terminationGracePeriodSeconds')}: ${negative}`] : []),
  ];
}

const placed = (spec: PodSpec, path: string): readonly PlacedContainer[] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).map((container, index) => ({ container, path: at(under(path, field), index) })),
  );

const deprecatedVolumes = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
} as const;

const volumeWarnings = ({ volumes = [] }: PodSpec, path: string): readonly string[] =>
  volumes.flatMap((volume, index) => {
    const present: ReadonlySet<string> = new Set(Object.keys(volume));
    return Object.entries(deprecatedVolumes)
      .filter(([type]) => present.has(type))
      .map(([type, text]) => `${under(at(path, index), type === 'storageos' ? 'storageOS' : type)}: ${text}`);
  });

const deprecatedAnnotations: readonly (readonly [key: string, text: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

function annotationWarnings(
  { spec, metadata }: { readonly spec: PodSpec; readonly metadata: Annotated },
  path: string,
): readonly string[] {
  const seccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  const found: [string, string][] = [
    ...deprecatedAnnotations.map(([key, text]): [string, string] => [key, text]),
    ...(spec.securityContext?.seccompProfile === undefined
      ? [['seccomp.security.alpha.kubernetes.io/pod', seccomp] as [string, string]]
      : []),
    ...placed(spec, '')
      .filter(({ container }) => container.securityContext?.seccompProfile === undefined)
      .map(({ container }): [string, string] => [
        `container.seccomp.security.alpha.kubernetes.io/${container.name}`,
        seccomp,
      ]),
  ];
  return found
    .filter(([key]) => metadata.annotations?.[key] !== undefined)
    .map(([key, text]) => `${at(path, key)}: ${text}`);
}

function duplicates(
  values: readonly string[],
  { path, field }: { readonly path: string; readonly field: string },
): readonly string[] {
  const again = repetitions(values);
  return values.flatMap((value, index) =>
    again.has(index) ? [`${under(at(path, index), field)}: duplicate ${field} ${quoted(value)}`] : [],
  );
}

function pullSecretWarnings({ imagePullSecrets = [] }: PodSpec, path: string): readonly string[] {
  const names = imagePullSecrets.map((secret) => secret.name ?? '');
  return [
    ...duplicates(names, { path, field: 'name' }),
    ...names.flatMap((name, index) =>
      name === '' ? [`${under(at(path, index), 'name')}: invalid empty name ""`] : [],
    ),
  ];
}

/** Bytes are whole. */
const fractions = (quantities: Readonly<Record<string, string>> | undefined, path: string): readonly string[] =>
  ['memory', 'ephemeral-storage'].flatMap((name) => {
    const quantity = quantities?.[name];
    if (quantity === undefined || milliValue(quantity) % 1000 === 0) return [];
    return [`${at(path, name)}: fractional byte value ${quoted(quantity)} is invalid, must be an integer`];
  });
