import { at } from '../field-errors.ts';
import type { Allocation, Held } from '../kind.ts';
import { randomNodePort, randomServiceIP } from './network.ts';
import type { Service, ServiceSpec } from './schema.ts';
import { isHeadless, needsClusterIP, needsHealthCheckNodePort, needsNodePort } from './types.ts';

const taken = 'provided port is already allocated';

/** Cluster IPs and node ports: chosen where they are not given, and held by one Service at a time. */
export const serviceAllocation: Allocation<Service> = {
  allocate({ spec }, random) {
    if (spec === undefined || !needsClusterIP(spec)) return;
    if ((spec.clusterIPs ?? []).length === 0) {
      spec.clusterIP = randomServiceIP(random);
      spec.clusterIPs = [spec.clusterIP];
    }
    const used = new Set(nodePorts(spec).map((each) => each.port));
    if (needsNodePort(spec)) allocateNodePorts(spec, used, random);
    if (needsHealthCheckNodePort(spec)) spec.healthCheckNodePort ||= unusedNodePort(used, random);
  },
  held({ spec }) {
    if (spec === undefined) return [];
    return [...clusterIPs(spec), ...heldNodePorts(spec)];
  },
};

/** Ports that differ only in their protocol share a node port. */
function allocateNodePorts(spec: ServiceSpec, used: Set<number>, random: () => number): void {
  const ports = spec.ports ?? [];
  const ofPort = new Map<number, number>();
  for (const { port, nodePort } of ports) if (nodePort && !ofPort.has(port)) ofPort.set(port, nodePort);
  for (const each of ports) {
    each.nodePort ||= ofPort.get(each.port) ?? unusedNodePort(used, random);
    if (!ofPort.has(each.port)) ofPort.set(each.port, each.nodePort);
  }
}

function unusedNodePort(used: Set<number>, random: () => number): number {
  const port = randomNodePort(random, used);
  used.add(port);
  return port;
}

function clusterIPs(spec: ServiceSpec): readonly Held[] {
  if (isHeadless(spec)) return [];
  return (spec.clusterIPs ?? []).map((value) => ({
    pool: 'clusterIP',
    value,
    shown: spec.clusterIPs,
    field: 'spec.clusterIPs',
    taken: `failed to allocate IP ${value}: provided IP is already allocated`,
  }));
}

const nodePorts = (spec: ServiceSpec): readonly { readonly port: number; readonly field: string }[] => [
  ...(spec.ports ?? []).map(({ nodePort = 0 }, index) => ({
    port: nodePort,
    field: `${at('spec.ports', index)}.nodePort`,
  })),
  { port: spec.healthCheckNodePort ?? 0, field: 'spec.healthCheckNodePort' },
];

function heldNodePorts(spec: ServiceSpec): readonly Held[] {
  const seen = new Set([0]);
  return nodePorts(spec).flatMap(({ port, field }) => {
    if (seen.has(port)) return [];
    seen.add(port);
    return [{ pool: 'nodePort', value: String(port), shown: port, field, taken }];
  });
}
