import type { ObjectMeta } from '../../object-meta.ts';
import type { ContainerState, ContainerStatus } from '../../pod-spec/container-status.ts';
import type { PodSpec } from '../../pod-spec/pod-spec.ts';
import type { PodStatus } from '../../pod-spec/pod-status.ts';
import { ageColumn, nameColumn, since, type Cell, type Column, type RowCondition } from '../../table.ts';

interface Printed {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  readonly status?: PodStatus | undefined;
}

export const podColumns: readonly Column<Printed>[] = [
  nameColumn,
  { name: 'Ready', cell: (pod) => `${summarise(pod).ready}/${countedContainers(pod.spec)}` },
  { name: 'Status', cell: (pod) => summarise(pod).reason },
  { name: 'Restarts', cell: (pod) => restartsCell(summarise(pod)) },
  ageColumn,
  { name: 'IP', wide: true, cell: ({ status }) => orNone(status?.podIPs?.[0]?.ip ?? status?.podIP) },
  { name: 'Node', wide: true, cell: ({ spec }) => orNone(spec.nodeName) },
  { name: 'Nominated Node', wide: true, cell: ({ status }) => orNone(status?.nominatedNodeName) },
  { name: 'Readiness Gates', wide: true, cell: readinessGates },
];

const orNone = (text: string | undefined): string => text || '<none>';

/** Finished pods, which `kubectl get` may leave out. */
export function podRowConditions({ status }: Printed): readonly RowCondition[] {
  if (status?.phase === 'Succeeded') return [completed('Succeeded', 'The pod has completed successfully.')];
  return status?.phase === 'Failed' ? [completed('Failed', 'The pod failed.')] : [];
}

const completed = (reason: string, message: string): RowCondition => ({
  type: 'Completed',
  status: 'True',
  reason,
  message,
});

interface Summary {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: number;
  /** When a container that has been restarted last ended. */
  readonly lastEnd: string | undefined;
}

/** What the containers are doing, told in one word: kube-apiserver's pkg/printers/internalversion, printPod. */
export function summarise(pod: Printed): Summary {
  const { status = {} } = pod;
  const summary = walk(pod);
  const terminal = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (pod.metadata.deletionTimestamp === undefined) return summary;
  if (status.reason === 'NodeLost') return { ...summary, reason: 'Unknown' };
  return terminal ? summary : { ...summary, reason: 'Terminating' };
}

function walk(pod: Printed): Summary {
  const { status = {} } = pod;
  const gated = status.conditions?.some((each) => each.type === 'PodScheduled' && each.reason === 'SchedulingGated');
  const start = gated ? 'SchedulingGated' : status.reason || (status.phase ?? '');
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map((container) => container.name));
  const initialised = status.conditions?.some((each) => each.type === 'Initialized' && each.status === 'True');
  const initial = walkInitial(pod, sidecars);
  if (initial.reason !== undefined && !initialised) return { ...initial, reason: initial.reason };
  const own = walkContainers(status, initial.reason ?? start);
  const statuses = (status.initContainerStatuses ?? []).filter((each) => sidecars.has(each.name));
  const all = [...statuses, ...(status.containerStatuses ?? [])];
  return { reason: own.reason, ready: initial.ready + own.ready, ...restartsOf(all) };
}

const isSidecar = (container: { readonly restartPolicy?: string | undefined }): boolean =>
  container.restartPolicy === 'Always';

const countedContainers = (spec: PodSpec): number =>
  spec.containers.length + (spec.initContainers ?? []).filter(isSidecar).length;

/** The first init container that keeps the pod from starting gives the reason; there is none when all are done. */
function walkInitial(
  { spec, status }: Printed,
  sidecars: ReadonlySet<string>,
): Omit<Summary, 'reason'> & { readonly reason: string | undefined } {
  const statuses = status?.initContainerStatuses ?? [];
  const isDone = (each: ContainerStatus): boolean =>
    each.state?.terminated?.exitCode === 0 || (sidecars.has(each.name) && each.started === true);
  const stuck = statuses.findIndex((each) => !isDone(each));
  const passed = stuck === -1 ? statuses : statuses.slice(0, stuck);
  const seen = stuck === -1 ? statuses : statuses.slice(0, stuck + 1);
  const running = passed.filter((each) => each.state?.terminated === undefined && each.ready);
  const state = statuses[stuck]?.state;
  const reason =
    stuck === -1 ? undefined : `Init:${initReason(state) ?? `${stuck}/${spec.initContainers?.length ?? 0}`}`;
  return { reason, ready: running.length, ...restartsOf(seen) };
}

function initReason(state: ContainerState | undefined): string | undefined {
  if (state?.terminated !== undefined) return endReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? waiting : undefined;
}

function endReason({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** Of the containers' reasons the first one's counts. */
function walkContainers(status: PodStatus, start: string): { readonly reason: string; readonly ready: number } {
  const statuses = status.containerStatuses ?? [];
  const reason = statuses.map(stopReason).find((each) => each !== undefined) ?? start;
  const running = statuses.filter((each) => each.ready && each.state?.running && stopReason(each) === undefined);
  const ready = running.length;
  if (reason !== 'Completed' || ready === 0) return { reason, ready };
  const podReady = status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
  return { reason: podReady ? 'Running' : 'NotReady', ready };
}

/** Why a container does not run. */
function stopReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  return state?.terminated === undefined ? undefined : endReason(state.terminated);
}

function restartsOf(statuses: readonly ContainerStatus[]): Pick<Summary, 'restarts' | 'lastEnd'> {
  const ends = statuses.flatMap((each) => each.lastState?.terminated?.finishedAt ?? []).sort();
  return { restarts: statuses.reduce((sum, each) => sum + each.restartCount, 0), lastEnd: ends.at(-1) };
}

/** `3 (5m ago)` */
function restartsCell({ restarts, lastEnd }: Summary): Cell {
  if (restarts === 0 || lastEnd === undefined) return String(restarts);
  const age = since(lastEnd);
  return { at: (now) => `${restarts} (${age.at(now)} ago)` };
}

function readinessGates({ spec, status }: Printed): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const met = new Set((status?.conditions ?? []).filter((each) => each.status === 'True').map((each) => each.type));
  return `${gates.filter((gate) => met.has(gate.conditionType)).length}/${gates.length}`;
}
