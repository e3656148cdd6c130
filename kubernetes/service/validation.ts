import { validateEndpointIP } from '../endpoint-ip.ts';
import { at, duplicate, forbidden, invalid, required, under, type FieldError } from '../field-errors.ts';
import {
  checked,
  oneOf,
  optionalText,
  portNumber,
  portNumberOrName,
  repetitions,
  requiredOneOf,
} from '../field-rules.ts';
import { isCidr } from '../ip-address.ts';
import { qualifiedNameProblems } from '../label.ts';
import { labelProblems, subdomainProblems } from '../names.ts';
import { validateLabels } from '../object-meta-validation.ts';
import { protocols } from '../port.ts';
import { validateAddresses, validateAddressesUpdate } from './address-validation.ts';
import { nodePortRange } from './network.ts';
import type { Service, ServicePort, ServiceSpec } from './schema.ts';
import { isExternallyAccessible, isHeadless, needsClusterIP, needsHealthCheckNodePort } from './types.ts';

const types: readonly string[] = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
/** A port of every node, which a load balancer must not open to the world. */
const kubeletPort = 10_250;
const maximumSessionSeconds = 86_400;

/** Everything wrong with a Service but its metadata; rules, order and texts are those of Kubernetes' core validation. */
export function validateService({ spec = {} }: Service): FieldError[] {
  const ports = spec.ports ?? [];
  const names = repetitions(ports.map(({ name }, index) => name || `#${index}`));
  return [
    ...(ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...validateForType(spec),
    ...ports.flatMap((port, index) =>
      validatePort(port, { path: at('spec.ports', index), single: ports.length === 1, taken: names.has(index) }),
    ),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateAddresses(spec),
    ...(spec.externalIPs ?? []).flatMap((each, index) => validateEndpointIP(at('spec.externalIPs', index), each)),
    ...requiredOneOf('spec.type', spec.type, types),
    ...ports.flatMap((port, index) => validateNodePort(port, { spec, index })),
    ...validateUnique(ports),
    ...validateLoadBalancer(spec),
    ...validateTraffic(spec),
  ];
}

function validateForType(spec: ServiceSpec): readonly FieldError[] {
  switch (spec.type) {
    case 'LoadBalancer':
      return [...validateKubeletPort(spec.ports ?? []), ...headlessForbidden(spec, 'LoadBalancer')];
    case 'NodePort':
      return headlessForbidden(spec, 'NodePort');
    case 'ExternalName':
      return validateExternalName(spec);
    default:
      return [];
  }
}

const validateKubeletPort = (ports: readonly ServicePort[]): readonly FieldError[] =>
  ports.flatMap(({ port }, index) => {
    const detail = `may not expose port ${kubeletPort} externally since it is used by kubelet`;
    return port === kubeletPort ? [invalid(at('spec.ports', index), port, detail)] : [];
  });

const headlessForbidden = (spec: ServiceSpec, type: string): readonly FieldError[] =>
  isHeadless(spec) ? [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)] : [];

function validateExternalName(spec: ServiceSpec): readonly FieldError[] {
  const set = [
    ...((spec.clusterIPs ?? []).length > 0 ? ['spec.clusterIPs'] : []),
    ...((spec.ipFamilies ?? []).length > 0 ? ['spec.ipFamilies'] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : ['spec.ipFamilyPolicy']),
  ];
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  return [
    ...set.map((field) => forbidden(field, 'may not be set for ExternalName services')),
    ...(name === '' ? [required('spec.externalName')] : checked('spec.externalName', name, subdomainProblems)),
  ];
}

function validatePort(
  port: ServicePort,
  { path, single, taken }: { readonly path: string; readonly single: boolean; readonly taken: boolean },
): readonly FieldError[] {
  return [
    ...(port.name || single ? [] : [required(under(path, 'name'))]),
    ...optionalText(under(path, 'name'), port.name, labelProblems),
    ...(taken ? [duplicate(under(path, 'name'), port.name)] : []),
    ...portNumber(under(path, 'port'), port.port),
    ...requiredOneOf(under(path, 'protocol'), port.protocol, protocols),
    ...portNumberOrName(under(path, 'targetPort'), port.targetPort ?? 0),
    ...(port.appProtocol === undefined
      ? []
      : checked(under(path, 'appProtocol'), port.appProtocol, qualifiedNameProblems)),
  ];
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): readonly FieldError[] {
  const errors = requiredOneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (sessionAffinity !== 'ClientIP' || seconds === undefined) return errors;
  if (seconds > 0 && seconds <= maximumSessionSeconds) return errors;
  const detail = `must be greater than 0 and less than ${maximumSessionSeconds}`;
  return [...errors, invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, detail)];
}

function validateNodePort(
  { nodePort = 0 }: ServicePort,
  { spec, index }: { readonly spec: ServiceSpec; readonly index: number },
): readonly FieldError[] {
  if (nodePort === 0) return [];
  const path = `${at('spec.ports', index)}.nodePort`;
  if (spec.type === 'ClusterIP') return [forbidden(path, "may not be used when `type` is 'ClusterIP'")];
  const { first, last } = nodePortRange;
  if (nodePort >= first && nodePort <= last) return [];
  const detail = `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
  return [invalid(path, nodePort, detail)];
}

/** Neither a port nor a node port twice with the same protocol. */
function validateUnique(ports: readonly ServicePort[]): readonly FieldError[] {
  const nodePorts = repetitions(ports.map(({ protocol, nodePort }, index) => `${protocol}:${nodePort || `#${index}`}`));
  const numbers = repetitions(ports.map(({ protocol, port }) => `${protocol}:${port}`));
  return ports.flatMap((port, index) => {
    const path = at('spec.ports', index);
    return [
      ...(nodePorts.has(index) ? [duplicate(under(path, 'nodePort'), port.nodePort)] : []),
      ...(numbers.has(index) ? [duplicate(path, { goSyntax: portInGo(port) })] : []),
    ];
  });
}

/** What of a port makes it a duplicate, as errors show it. */
const portInGo = ({ protocol = '', port }: ServicePort): string =>
  `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`;

function validateLoadBalancer(spec: ServiceSpec): readonly FieldError[] {
  const { loadBalancerSourceRanges: ranges = [], loadBalancerClass } = spec;
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (spec.type === 'LoadBalancer') {
    return [
      ...ranges.flatMap((range, index) =>
        isCidr(range.trim())
          ? []
          : [
              invalid(
                at('spec.LoadBalancerSourceRanges', index),
                range,
                'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
              ),
            ],
      ),
      ...(loadBalancerClass === undefined
        ? []
        : checked('spec.loadBalancerClass', loadBalancerClass, qualifiedNameProblems)),
    ];
  }
  return [
    ...(ranges.length > 0 ? [forbidden('spec.LoadBalancerSourceRanges', only)] : []),
    ...(spec.allocateLoadBalancerNodePorts === undefined
      ? []
      : [forbidden('spec.allocateLoadBalancerNodePorts', only)]),
    ...(loadBalancerClass === undefined ? [] : [forbidden('spec.loadBalancerClass', only)]),
  ];
}

const policies: readonly string[] = ['Cluster', 'Local'];

function validateTraffic(spec: ServiceSpec): readonly FieldError[] {
  const { externalTrafficPolicy, internalTrafficPolicy, trafficDistribution } = spec;
  const external = 'spec.externalTrafficPolicy';
  return [
    ...(isExternallyAccessible(spec)
      ? requiredOneOf(external, externalTrafficPolicy, policies)
      : externalTrafficPolicy
        ? [invalid(external, externalTrafficPolicy, 'may only be set for externally-accessible services')]
        : []),
    ...validateHealthCheckPort(spec),
    ...(needsClusterIP(spec)
      ? requiredOneOf('spec.internalTrafficPolicy', internalTrafficPolicy, policies)
      : oneOf('spec.internalTrafficPolicy', internalTrafficPolicy, policies)),
    ...oneOf('spec.trafficDistribution', trafficDistribution, ['PreferClose']),
  ];
}

function validateHealthCheckPort(spec: ServiceSpec): readonly FieldError[] {
  const port = spec.healthCheckNodePort;
  if (!port) return [];
  if (needsHealthCheckNodePort(spec)) return portNumber('spec.healthCheckNodePort', port);
  const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [invalid('spec.healthCheckNodePort', port, detail)];
}

/** What may not change in a Service. */
export function validateServiceUpdate({ spec = {} }: Service, { spec: previous = {} }: Service): FieldError[] {
  const balancers = spec.type === 'LoadBalancer' && previous.type === 'LoadBalancer';
  return [
    ...validateAddressesUpdate(spec, previous),
    ...(balancers && spec.loadBalancerClass !== previous.loadBalancerClass
      ? [invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set')]
      : []),
  ];
}
