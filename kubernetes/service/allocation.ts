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
  for (const port of ports) {
    if (port.nodePort) continue;
    const twin = ports.find((other) => other.port === port.port && other.nodePort);
    port.nodePort = twin?.nodePort ?? unusedNodePort(used, random);
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

const heldNodePorts = (spec: ServiceSpec): readonly Held[] =>
  nodePorts(spec)
    .filter(({ port }, index, all) => port !== 0 && all.findIndex((other) => other.port === port) === index)
    .map(({ port, field }) => ({ pool: 'nodePort', value: String(port), shown: port, field, taken }));
