import type { ContainerStatus, Pod } from '../kubernetes/kinds/core/pod.ts';
import { endedByItself } from '../translate/stopped-reason.ts';
import type { EcsTask } from '../translate/ecs-state.ts';
import { isOwnContainer } from '../translate/toolbox/own-parts.ts';
import type { EventDraft } from './record-event.ts';

/** A pod before and after its task was looked at. */
export interface PodChange {
  readonly before: Pod | undefined;
  readonly after: Pod;
  readonly task: EcsTask;
}

const kubelet = 'kubelet';

/** What a scheduler and a kubelet would tell of such a change, in their words, oldest first. */
export const podEvents = (change: PodChange): readonly EventDraft[] => [
  ...scheduled(change),
  ...statuses(change.after).flatMap((status) => containerEvents(change, status)),
  ...endEvents(change),
];

const statuses = (pod: Pod | undefined): readonly ContainerStatus[] => [
  ...(pod?.status?.initContainerStatuses ?? []),
  ...(pod?.status?.containerStatuses ?? []),
];

function scheduled({ before, after, task }: PodChange): readonly EventDraft[] {
  const node = after.spec.nodeName;
  if (node === undefined || node === before?.spec.nodeName) return [];
  const message = `Successfully assigned ${after.metadata.namespace ?? ''}/${after.metadata.name ?? ''} to ${node}`;
  return [{ type: 'Normal', reason: 'Scheduled', message, component: 'default-scheduler', occurrence: task.taskArn }];
}

const fieldPath = (pod: Pod, name: string): string => {
  const isInit = pod.spec.initContainers?.some((container) => container.name === name) === true;
  return `spec.${isInit ? 'initContainers' : 'containers'}{${name}}`;
};

function containerEvents(change: PodChange, status: ContainerStatus): readonly EventDraft[] {
  const { before, after, task } = change;
  const known = statuses(before).find((each) => each.name === status.name);
  const draft = (type: EventDraft['type'], reason: string, message: string): EventDraft => ({
    type,
    reason,
    message,
    component: kubelet,
    fieldPath: fieldPath(after, status.name),
    occurrence: task.taskArn,
  });
  return [
    ...(hasStarted(status) && status.containerID !== known?.containerID ? startEvents(status, task, draft) : []),
    ...waitingEvents(after, { status, known }, draft),
  ];
}

type Draft = (type: EventDraft['type'], reason: string, message: string) => EventDraft;

const hasStarted = ({ state, lastState, containerID }: ContainerStatus): boolean =>
  containerID !== undefined &&
  (state?.running !== undefined ||
    state?.terminated !== undefined ||
    lastState?.terminated?.containerID === containerID);

function startEvents(status: ContainerStatus, task: EcsTask, draft: Draft): readonly EventDraft[] {
  const { pullStartedAt, pullStoppedAt } = task;
  const took =
    pullStartedAt === undefined || pullStoppedAt === undefined
      ? ''
      : ` in ${(Date.parse(pullStoppedAt) - Date.parse(pullStartedAt)) / 1000}s`;
  return [
    draft('Normal', 'Pulling', `Pulling image "${status.image}"`),
    draft('Normal', 'Pulled', `Successfully pulled image "${status.image}"${took}`),
    draft('Normal', 'Created', `Created container: ${status.name}`),
    draft('Normal', 'Started', `Started container ${status.name}`),
  ];
}

function waitingEvents(
  pod: Pod,
  { status, known }: { readonly status: ContainerStatus; readonly known: ContainerStatus | undefined },
  draft: Draft,
): readonly EventDraft[] {
  const waiting = status.state?.waiting;
  const same = waiting?.reason === known?.state?.waiting?.reason && status.containerID === known?.containerID;
  if (waiting?.reason === undefined || same || waiting.reason in beforeStart) return [];
  const { reason, message = reason } = waiting;
  const tell = waitingTexts[reason];
  return tell === undefined ? [draft('Warning', 'Failed', `Error: ${message}`)] : tell({ pod, status, message, draft });
}

/** What a container waits for that has not failed. */
const beforeStart: Readonly<Record<string, true>> = { ContainerCreating: true, PodInitializing: true };

interface Waiting {
  readonly pod: Pod;
  readonly status: ContainerStatus;
  readonly message: string;
  readonly draft: Draft;
}

/** By the reason for which a container waits. */
const waitingTexts: Readonly<Record<string, (waiting: Waiting) => readonly EventDraft[]>> = {
  CrashLoopBackOff: ({ pod: { metadata }, status, draft }) => {
    const of = `${status.name} in pod ${metadata.name}_${metadata.namespace}(${metadata.uid})`;
    return [draft('Warning', 'BackOff', `Back-off restarting failed container ${of}`)];
  },
  ErrImagePull: ({ status, message, draft }) => [
    draft('Warning', 'Failed', `Failed to pull image "${status.image}": ${message}`),
    draft('Warning', 'Failed', 'Error: ErrImagePull'),
  ],
  ImagePullBackOff: ({ status, draft }) => [
    draft('Normal', 'BackOff', `Back-off pulling image "${status.image}"`),
    draft('Warning', 'Failed', 'Error: ImagePullBackOff'),
  ],
};

/** A container that is asked to stop while it runs. */
export const killingEvents = (pod: Pod, occurrence: string): readonly EventDraft[] =>
  statuses(pod)
    .filter((status) => status.state?.running !== undefined)
    .map((status) => ({
      type: 'Normal',
      reason: 'Killing',
      message: `Stopping container ${status.name}`,
      component: kubelet,
      fieldPath: fieldPath(pod, status.name),
      occurrence,
    }));

/** Why a task ends that nobody asked to end, in ECS's words. */
function endEvents({ before, after, task }: PodChange): readonly EventDraft[] {
  if (task.desiredStatus !== 'STOPPED') return [];
  const killing = before === undefined || endedByItself(task) ? [] : killingEvents(before, task.taskArn);
  const failure = taskFailure(task) ?? stoppedByHand(after, task);
  return failure === undefined ? killing : [...killing, { ...failure, component: kubelet, occurrence: task.taskArn }];
}

/** A task that failed, undefined for one that ended well or was told to stop. */
export function taskFailure(task: EcsTask): Pick<EventDraft, 'type' | 'reason' | 'message'> | undefined {
  const reason = failureReason(task);
  if (reason === undefined) return undefined;
  const ends = podContainers(task).flatMap(({ name, exitCode, reason: why }) => {
    const told = why !== undefined && task.stoppedReason?.includes(why) === true;
    const end = [
      ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
      ...(why === undefined || told ? [] : [why]),
    ];
    return end.length === 0 ? [] : [`${name}: ${end.join(', ')}`];
  });
  const detail = ends.length === 0 ? '' : ` (${ends.join('; ')})`;
  return { type: 'Warning', reason, message: `${task.stoppedReason ?? 'The task stopped'}${detail}` };
}

/** A task that somebody has stopped in ECS, and not by deleting its pod. */
function stoppedByHand({ metadata }: Pod, task: EcsTask): Pick<EventDraft, 'type' | 'reason' | 'message'> | undefined {
  if (task.stopCode !== 'UserInitiated' || metadata.deletionTimestamp !== undefined) return undefined;
  return { type: 'Warning', reason: 'Stopped', message: task.stoppedReason ?? 'The task was stopped in ECS' };
}

/** Why a workload's pod goes that nobody has deleted, undefined when that is for the count. */
export function podLossOf(pod: Pod, task: EcsTask): Pick<EventDraft, 'type' | 'reason' | 'message'> | undefined {
  const completed = task.stopCode === 'EssentialContainerExited' ? completion(task) : undefined;
  return taskFailure(task) ?? stoppedByHand(pod, task) ?? completed;
}

/** A workload's containers are to run for ever: that they end is no failure, and no success. */
const completion = (task: EcsTask): Pick<EventDraft, 'type' | 'reason' | 'message'> => ({
  type: 'Warning',
  reason: 'Completed',
  message: `${task.stoppedReason ?? 'The task stopped'} (${podContainers(task)
    .filter(({ exitCode }) => exitCode !== undefined)
    .map(({ name, exitCode }) => `${name}: exit code ${exitCode}`)
    .join('; ')})`,
});

/** Without Skiff's own, but for the one that kept the others from starting. */
const podContainers = (task: EcsTask): EcsTask['containers'] =>
  task.containers.filter(
    ({ name, exitCode = 0, reason }) =>
      !isOwnContainer(name) || (task.stopCode === 'TaskFailedToStart' && (exitCode !== 0 || reason !== undefined)),
  );

function failureReason(task: EcsTask): string | undefined {
  switch (task.stopCode) {
    case undefined:
      return undefined;
    // Skiff stops a bare pod's task as ECS stops a service's.
    case 'UserInitiated':
    case 'ServiceSchedulerInitiated':
      return task.stoppedReason?.includes('health check') === true ? 'Unhealthy' : undefined;
    case 'EssentialContainerExited':
      return podContainers(task).every(({ exitCode = 0 }) => exitCode === 0) ? undefined : 'Failed';
    case 'TaskFailedToStart':
      return 'Failed';
    default:
      // Taken away: a Spot interruption, a retirement, a broken machine.
      return 'Evicted';
  }
}
