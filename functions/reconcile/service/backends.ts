import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import type { Service } from '../../../kubernetes/kinds/core/service.ts';
import { isPodReady } from '../../../translate/replica-set-status.ts';
import { podTask } from '../../pod-task.ts';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** A port behind a Service, as a number. */
export interface BackendPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** A pod behind a Service. */
export interface Backend {
  readonly pod: Pod;
  /** Of its task: what a client writes into the status sends nobody there. */
  readonly address: string;
  /** May be given traffic: ready, or the Service does not ask for that, and not being deleted. */
  readonly ready: boolean;
  /** Ready, deleted or not. */
  readonly serving: boolean;
  readonly terminating: boolean;
}

/** Pods with the same ports behind a Service: a named target port may be another number in each. */
export interface BackendGroup {
  readonly ports: readonly BackendPort[];
  readonly backends: readonly Backend[];
}

/** The pods that the Service selects and that have an address and have not ended, in groups, in order of address. */
export function backendGroups(service: Service, pods: readonly Noted<Pod>[]): readonly BackendGroup[] {
  const groups = new Map<string, { ports: readonly BackendPort[]; backends: Backend[] }>();
  for (const pod of pods) {
    const backend = backendOf(service, pod);
    if (backend === undefined) continue;
    const ports = portsOf(service, pod);
    const name = JSON.stringify(ports);
    const group = groups.get(name) ?? { ports, backends: [] };
    group.backends.push(backend);
    groups.set(name, group);
  }
  return [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ ...group, backends: group.backends.toSorted((a, b) => byAddress(a.address, b.address)) }));
}

const byAddress = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function backendOf(service: Service, pod: Noted<Pod>): Backend | undefined {
  const { address } = podTask(pod);
  const phase = pod.status?.phase;
  if (address === undefined || phase === 'Succeeded' || phase === 'Failed') return undefined;
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isPodReady(pod);
  const always = service.spec?.publishNotReadyAddresses === true;
  return { pod, address, serving, terminating, ready: always || (serving && !terminating) };
}

/** Ports that the pod has; one whose name it does not know is left out, as Kubernetes does. */
function portsOf(service: Service, pod: Pod): readonly BackendPort[] {
  const named = namedPorts(pod);
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port, named);
    if (number === undefined) return [];
    return {
      name: port.name ?? '',
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    };
  });
}

function targetPort(
  { targetPort: target, port, protocol = 'TCP' }: ServicePort,
  named: ReadonlyMap<string, number>,
): number | undefined {
  if (target === undefined || target === 0 || target === '') return port;
  return typeof target === 'number' ? target : named.get(`${protocol}/${target}`);
}

/** The ports of a pod's containers by protocol and name; of those with the same the first. */
function namedPorts({ spec }: Pod): ReadonlyMap<string, number> {
  const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  const ports = [...spec.containers, ...sidecars].flatMap((container) => container.ports ?? []);
  return new Map(
    ports
      .map(({ protocol = 'TCP', name = '', containerPort }) => [`${protocol}/${name}`, containerPort] as const)
      .toReversed(),
  );
}
