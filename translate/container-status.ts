import { repositoryOf } from '../kubernetes/image-reference.ts';
import type { ContainerStatus, PodSpec, PodStatus } from '../kubernetes/kinds/core/pod.ts';
import { containerId, observedState, sameRun, type ContainerSource, type ContainerState } from './container-state.ts';
import type { EcsContainer, EcsTask } from './ecs-state.ts';
import { hasReadinessProbe, hasStartupProbe, isGated } from './health-check.ts';
import type { Container } from './pod-parts.ts';
import { endedByItself } from './stopped-reason.ts';
import { readinessContainer } from './toolbox/own-parts.ts';

/** Status of one container from what ECS says of it; restart counts go on from the previous status. */
export function containerStatus(source: ContainerSource): ContainerStatus {
  const { container, task, previous } = source;
  const ecsContainer = task.containers.find((each) => each.name === container.name);
  const observed = observedState(source, ecsContainer);
  const began = observed.running !== undefined || observed.terminated !== undefined;
  const { state, lastState } = withRestarts(source, observed);
  const running = observed.running !== undefined;
  const id = began ? containerId(task, container.name) : previous?.containerID;
  return {
    name: container.name,
    state,
    ...(lastState === undefined ? {} : { lastState }),
    ready: running && isReady(source, ecsContainer),
    restartCount: restartCount(source, began),
    image: container.image ?? '',
    imageID: imageId(source, ecsContainer),
    ...(id === undefined ? {} : { containerID: id }),
    started: running && isStarted(source, ecsContainer),
  };
}

/** One more when another container of this name has run before. */
function restartCount(source: ContainerSource, began: boolean): number {
  const { containerID, restartCount: before = 0 } = source.previous ?? {};
  return began && containerID !== undefined && sameRun(source) === undefined ? before + 1 : before;
}

const imageId = ({ container, previous }: ContainerSource, ecsContainer: EcsContainer | undefined): string =>
  ecsContainer?.imageDigest === undefined
    ? (previous?.imageID ?? '')
    : `${repositoryOf(container.image ?? '')}@${ecsContainer.imageDigest}`;

interface States {
  readonly state: ContainerState;
  readonly lastState: ContainerState | undefined;
}

/** A container that is to be started again waits for it, and its end is the last state. */
function withRestarts(source: ContainerSource, observed: ContainerState): States {
  const { terminated } = observed;
  if (terminated === undefined || !startsAgain(source, terminated.exitCode)) {
    return { state: observed, lastState: lastRun(source) };
  }
  const message = `back-off restarting failed container ${source.container.name}`;
  return { state: { waiting: { reason: 'CrashLoopBackOff', message } }, lastState: { terminated } };
}

function startsAgain({ task, restartPolicy }: ContainerSource, exitCode: number): boolean {
  if (task.lastStatus !== 'STOPPED' || !endedByItself(task)) return false;
  return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
}

/** How the run before this one ended. */
function lastRun(source: ContainerSource): ContainerState | undefined {
  const { previous } = source;
  if (previous === undefined || sameRun(source) !== undefined) return previous?.lastState;
  const terminated = previous.state?.terminated;
  return terminated === undefined ? (previous.lastState ?? lost(previous)) : { terminated };
}

/** A container that was running when its task vanished. */
function lost({ state, containerID }: ContainerStatus): ContainerState | undefined {
  const startedAt = state?.running?.startedAt;
  if (startedAt === undefined || containerID === undefined) return undefined;
  return { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', startedAt, containerID } };
}

/** Events do not tell health: what was known of the same container stays. */
function health(source: ContainerSource, ecsContainer: EcsContainer | undefined): 'passed' | 'failed' | 'open' {
  const status = ecsContainer?.healthStatus;
  if (status === 'HEALTHY') return 'passed';
  if (status === 'UNHEALTHY') return 'failed';
  return status === undefined && sameRun(source)?.ready === true ? 'passed' : 'open';
}

/**
 * Its own check says when it is ready for the first time; without one, or with one that only tells liveness, it is so from
 * the start and until that fails. Later the readiness container tells, of all that have a readiness probe at once; when it
 * has ended, what it has last told is no news any more.
 */
function isReady(source: ContainerSource, ecsContainer: EcsContainer | undefined): boolean {
  const { container, task } = source;
  const state = health(source, ecsContainer);
  if (isGated(container) ? state !== 'passed' : state === 'failed') return false;
  const teller = task.containers.find(({ name }) => name === readinessContainer);
  const toldUnready = teller?.healthStatus === 'UNHEALTHY' && teller.lastStatus !== 'STOPPED';
  return !(hasReadinessProbe(container) && toldUnready);
}

function isStarted(source: ContainerSource, ecsContainer: EcsContainer | undefined): boolean {
  if (sameRun(source)?.started === true) return true;
  return !hasStartupProbe(source.container) || health(source, ecsContainer) === 'passed';
}

/** Statuses of the init containers and of the containers of a pod. */
export function containerStatuses(
  spec: PodSpec,
  task: EcsTask,
  context: { readonly now: string; readonly previous?: PodStatus | undefined },
): { readonly init: ContainerStatus[]; readonly main: ContainerStatus[] } {
  const { now, previous } = context;
  const restartPolicy = spec.restartPolicy ?? 'Always';
  const init = (spec.initContainers ?? []).map((container) => {
    const status = containerStatus({
      container,
      task,
      now,
      waitingReason: 'PodInitializing',
      previous: previous?.initContainerStatuses?.find((each) => each.name === container.name),
      // An init container that succeeds is done; one that fails is run again unless the pod never restarts.
      restartPolicy: container.restartPolicy ?? (restartPolicy === 'Never' ? 'Never' : 'OnFailure'),
    });
    return container.restartPolicy === 'Always' ? status : { ...status, ready: hasSucceeded(status) };
  });
  const waitingReason = init.length === 0 ? 'ContainerCreating' : 'PodInitializing';
  const main = spec.containers.map((container: Container) =>
    containerStatus({
      container,
      task,
      now,
      restartPolicy,
      waitingReason,
      previous: previous?.containerStatuses?.find((each) => each.name === container.name),
    }),
  );
  return { init, main };
}

const hasSucceeded = (status: ContainerStatus): boolean => status.state?.terminated?.exitCode === 0;
