import type { ContainerStatus } from '../kubernetes/kinds/core/pod.ts';
import { taskId, type EcsContainer, type EcsTask } from './ecs-state.ts';
import type { Container } from './pod-parts.ts';
import { startFailure, terminationReason } from './stopped-reason.ts';

export type ContainerState = NonNullable<ContainerStatus['state']>;
type Terminated = NonNullable<ContainerState['terminated']>;

/** What a container's status is made of. */
export interface ContainerSource {
  readonly container: Container;
  readonly task: EcsTask;
  readonly previous: ContainerStatus | undefined;
  readonly restartPolicy: string;
  /** What it waits for before it starts: `ContainerCreating`, or `PodInitializing` while init containers run. */
  readonly waitingReason: string;
  /** RFC 3339 with whole seconds. */
  readonly now: string;
}

/** Kubernetes' Time has whole seconds. */
export const wholeSeconds = (iso: string): string => iso.replace(/\.\d+/, '').replace(/\+00:?00$/, 'Z');

/** Names the task, so that a container of a later attempt is told from this one. */
export const containerId = (task: Pick<EcsTask, 'taskArn'>, name: string): string => `ecs://${taskId(task)}/${name}`;

/** The task and the container that a containerID names; undefined when it is none of Skiff's. */
export function containerOfId(id: string): { readonly taskId: string; readonly name: string } | undefined {
  const parts = /^ecs:\/\/([^/]+)\/([^/]+)$/.exec(id);
  return parts === null ? undefined : { taskId: parts[1] ?? '', name: parts[2] ?? '' };
}

/** The previous status, when it already speaks of the container in this task. */
export const sameRun = ({ previous, task, container }: ContainerSource): ContainerStatus | undefined =>
  previous?.containerID === containerId(task, container.name) ? previous : undefined;

const hasStopped = (task: EcsTask): boolean => task.lastStatus === 'STOPPED';

/** The state that ECS tells of, before anything is made of restarts. */
export function observedState(source: ContainerSource, ecsContainer: EcsContainer | undefined): ContainerState {
  if (ecsContainer?.lastStatus === 'RUNNING') return { running: { startedAt: startOf(source) } };
  if (wasNeverTried(ecsContainer)) return { waiting: { reason: source.waitingReason } };
  const stopped = ecsContainer?.lastStatus === 'STOPPED' || hasStopped(source.task);
  if (stopped && ecsContainer?.exitCode !== undefined) {
    return { terminated: ended(source, ecsContainer.exitCode, ecsContainer.reason) };
  }
  const failure = stopped ? failureToStart(source, ecsContainer) : undefined;
  if (failure !== undefined) return { waiting: { ...failure } };
  return hasStopped(source.task) ? unknownEnd(source) : { waiting: { reason: source.waitingReason } };
}

/** A container before it has failed: the agent gives this one an exit code all the same. */
const wasNeverTried = (ecsContainer: EcsContainer | undefined): boolean =>
  ecsContainer?.reason?.includes('container ordering dependency') === true;

const failureToStart = ({ task, previous }: ContainerSource, ecsContainer: EcsContainer | undefined) =>
  startFailure(task, ecsContainer, previous?.state?.waiting?.reason);

/** ECS does not tell when a container started: what was said of it stays, and at first it is the task's start. */
function startOf(source: ContainerSource): string {
  const state = sameRun(source)?.state;
  return state?.running?.startedAt ?? state?.terminated?.startedAt ?? wholeSeconds(source.task.startedAt ?? source.now);
}

function ended(source: ContainerSource, exitCode: number, reason: string | undefined): Terminated {
  const { task, now } = source;
  const before = sameRun(source);
  const known = before?.state?.terminated ?? before?.lastState?.terminated;
  return {
    exitCode,
    reason: terminationReason(exitCode, reason),
    ...(reason === undefined ? {} : { message: reason }),
    startedAt: known?.startedAt ?? startOf(source),
    finishedAt: known?.finishedAt ?? wholeSeconds(task.executionStoppedAt ?? task.stoppedAt ?? now),
    containerID: containerId(task, source.container.name),
  };
}

/** The task has stopped, and ECS does not say how the container ended, or whether it ever ran. */
const unknownEnd = ({ task, now }: ContainerSource): ContainerState => ({
  terminated: {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: task.stoppedReason ?? 'The container could not be located when the pod was terminated',
    finishedAt: wholeSeconds(task.stoppedAt ?? now),
  },
});
