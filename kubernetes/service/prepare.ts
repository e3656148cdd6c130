import { equalJson } from '../json-value.ts';
import { isIPv6 } from '../ip-address.ts';
import type { Service, ServicePort, ServiceSpec } from './schema.ts';
import {
  isExternallyAccessible,
  isHeadlessWithoutSelector,
  needsClusterIP,
  needsHealthCheckNodePort,
  needsNodePort,
} from './types.ts';

/** A new Service has no status, and both of the fields for its address when it says one of them. */
export function prepareServiceCreate(object: Service): void {
  object.status = { loadBalancer: {} };
  const { spec } = object;
  if (spec === undefined) return;
  if (spec.clusterIP && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP];
  setFamilies(spec);
}

/**
 * Keeps what was allocated when the client does not say it, and takes away what the new type has no use for when the
 * client does not ask for it anew. So a client can leave out what it never set, and change the type.
 */
export function prepareServiceUpdate(object: Service, previous: Service): void {
  const { spec } = object;
  const before = previous.spec ?? {};
  if (spec === undefined) return;
  matchClusterIPs(spec, before);
  keepAllocated(spec, before);
  dropUnneeded(spec, before);
  setFamilies(spec);
}

const sameList = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  equalJson(a ?? [], b ?? []);

/** A client may know only `clusterIP`, the older field: then `clusterIPs` follows it. */
function matchClusterIPs(spec: ServiceSpec, before: ServiceSpec): void {
  const same = (spec.clusterIP ?? '') === (before.clusterIP ?? '');
  if (same) {
    if ((spec.clusterIPs ?? []).length === 0) setOrDrop(spec, 'clusterIPs', before.clusterIPs);
  } else if (sameList(spec.clusterIPs, before.clusterIPs)) {
    setOrDrop(spec, 'clusterIPs', spec.clusterIP ? [spec.clusterIP] : undefined);
  }
}

function setOrDrop<Key extends keyof ServiceSpec>(spec: ServiceSpec, key: Key, value: ServiceSpec[Key]): void {
  if (value === undefined) delete spec[key];
  else spec[key] = value;
}

function keepAllocated(spec: ServiceSpec, before: ServiceSpec): void {
  if (needsClusterIP(before) && needsClusterIP(spec)) {
    if (!spec.clusterIP) setOrDrop(spec, 'clusterIP', before.clusterIP);
    if ((spec.clusterIPs ?? []).length === 0 && spec.clusterIP === before.clusterIP) {
      setOrDrop(spec, 'clusterIPs', before.clusterIPs);
    }
  }
  if (needsNodePort(before) && needsNodePort(spec)) keepNodePorts(spec.ports ?? [], before.ports ?? []);
  if (needsHealthCheckNodePort(before) && needsHealthCheckNodePort(spec) && !spec.healthCheckNodePort) {
    setOrDrop(spec, 'healthCheckNodePort', before.healthCheckNodePort);
  }
}

/** By the names of the ports; never one that the client gave to another port. */
function keepNodePorts(ports: readonly ServicePort[], before: readonly ServicePort[]): void {
  const used = new Set(ports.map((port) => port.nodePort).filter(Boolean));
  const byName = new Map(before.map(({ name = '', nodePort }) => [name, nodePort]));
  for (const port of ports) {
    if (port.nodePort) continue;
    const old = byName.get(port.name ?? '');
    if (!old || used.has(old)) continue;
    port.nodePort = old;
    used.add(old);
  }
}

function dropUnneeded(spec: ServiceSpec, before: ServiceSpec): void {
  if (needsClusterIP(before) && !needsClusterIP(spec)) {
    if (sameList(spec.clusterIPs, before.clusterIPs)) drop(spec, ['clusterIP', 'clusterIPs']);
    if (sameList(spec.ipFamilies, before.ipFamilies)) drop(spec, ['ipFamilies']);
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) drop(spec, ['ipFamilyPolicy']);
  }
  if (needsNodePort(before) && !needsNodePort(spec)) {
    const old = new Set(before.ports?.map((port) => port.nodePort));
    for (const port of spec.ports ?? []) if (old.has(port.nodePort)) delete port.nodePort;
  }
  const unneeded = fieldsOfTypes.filter(([, needs]) => needs(before) && !needs(spec)).map(([field]) => field);
  drop(
    spec,
    unneeded.filter((field) => spec[field] === before[field]),
  );
}

const isLoadBalancer = ({ type }: ServiceSpec): boolean => type === 'LoadBalancer';

/** Fields that only some Services may have. */
const fieldsOfTypes = [
  ['healthCheckNodePort', needsHealthCheckNodePort],
  ['allocateLoadBalancerNodePorts', isLoadBalancer],
  ['loadBalancerClass', isLoadBalancer],
  ['externalTrafficPolicy', isExternallyAccessible],
] as const;

function drop(spec: ServiceSpec, fields: readonly (keyof ServiceSpec)[]): void {
  for (const field of fields) delete spec[field];
}

/** IPv4, the only family here; a headless Service without a selector may have addresses of both. */
function setFamilies(spec: ServiceSpec): void {
  if (!needsClusterIP(spec)) return;
  if (isHeadlessWithoutSelector(spec)) {
    setFamiliesWithoutSelector(spec);
    return;
  }
  const families = new Set(spec.ipFamilies);
  const addresses = (spec.clusterIPs ?? []).filter((address) => address !== 'None');
  for (const address of addresses.slice(families.size)) families.add(isIPv6(address) ? 'IPv6' : 'IPv4');
  if ((spec.ipFamilies ?? []).length < families.size) spec.ipFamilies = [...families];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= spec.ipFamilies.length > 1 ? 'RequireDualStack' : 'SingleStack';
}

function setFamiliesWithoutSelector(spec: ServiceSpec): void {
  spec.ipFamilyPolicy ??= 'RequireDualStack';
  const [first = 'IPv4', ...others] = spec.ipFamilies ?? [];
  const second = first === 'IPv6' ? 'IPv4' : 'IPv6';
  spec.ipFamilies = others.length > 0 || spec.ipFamilyPolicy === 'SingleStack' ? [first, ...others] : [first, second];
}
