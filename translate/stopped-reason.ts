import type { EcsContainer, EcsTask } from './ecs-state.ts';

/** Kubernetes' short reason, and ECS's own words. */
export interface Reason {
  readonly reason: string;
  readonly message: string;
}

/**
 * What kept a container from starting, by the prefix of ECS's text (ECS developer guide, "Stopped tasks error messages").
 * The right side is what a kubelet says in `state.waiting.reason`.
 */
const startFailures: readonly (readonly [prefix: RegExp, reason: string])[] = [
  [/^CannotPullContainer(Error)?\b.*invalid reference format/is, 'InvalidImageName'],
  [/^(CannotPullContainer(Error)?|CannotPullECRContainerError|CannotPullImageManifestError)\b/, 'ErrImagePull'],
  [/^ResourceInitializationError\b.*(secret|ssm|parameter)/is, 'CreateContainerConfigError'],
  [/^(ResourceInitializationError|ResourceNotFoundException)\b/, 'CreatePodSandboxError'],
  [/^CannotCreateVolumeError\b/, 'CreateContainerError'],
  [/^CannotCreateContainerError\b/, 'CreateContainerError'],
  [/^(ContainerRuntimeTimeoutError|DockerTimeoutError)\b/, 'CreateContainerError'],
  [/^(CannotStartContainerError|ContainerRuntimeError|CannotInspectContainerError)\b/, 'RunContainerError'],
  [/^InternalError\b/, 'CreatePodSandboxError'],
];

const match = (text: string | undefined): Reason | undefined => {
  const found = text === undefined ? undefined : startFailures.find(([prefix]) => prefix.test(text));
  return text === undefined || found === undefined ? undefined : { reason: found[1], message: text };
};

/**
 * Why a container never started, undefined when nothing says so. What ECS says of the container goes before what it says
 * of the task; a second failed pull in a row is called a back-off, as by a kubelet.
 */
export function startFailure(
  task: Pick<EcsTask, 'stopCode' | 'stoppedReason'>,
  container: Pick<EcsContainer, 'reason'> | undefined,
  previousReason?: string,
): Reason | undefined {
  const found = match(container?.reason) ?? match(task.stoppedReason);
  if (found !== undefined) return backedOff(found, previousReason);
  if (task.stopCode !== 'TaskFailedToStart') return undefined;
  return {
    reason: 'CreateContainerError',
    message: container?.reason ?? task.stoppedReason ?? 'the task failed to start',
  };
}

const backedOff = (found: Reason, previous: string | undefined): Reason =>
  found.reason === 'ErrImagePull' && (previous === 'ErrImagePull' || previous === 'ImagePullBackOff')
    ? { reason: 'ImagePullBackOff', message: `Back-off pulling image: ${found.message}` }
    : found;

/** `state.terminated.reason` of a container that ran. */
export function terminationReason(exitCode: number, reason: string | undefined): string {
  if (reason?.startsWith('OutOfMemoryError') === true) return 'OOMKilled';
  return exitCode === 0 ? 'Completed' : 'Error';
}

/** Stop codes with which AWS takes a task away, whatever its containers did, and the pod's `status.reason`. */
const takenAway: Readonly<Record<string, string>> = {
  SpotInterruption: 'Evicted',
  TerminationNotice: 'Evicted',
  InfrastructureHealth: 'NodeLost',
};

/** Why a pod was ended from outside: its `status.reason` and message; undefined when its own containers ended it. */
export function podLoss(task: Pick<EcsTask, 'stopCode' | 'stoppedReason'>): Reason | undefined {
  const reason = takenAway[task.stopCode ?? ''];
  return reason === undefined ? undefined : { reason, message: task.stoppedReason ?? reason };
}

/** Whether the containers' own end stopped the task, or their failure to start: such a pod may be started again. */
export const endedByItself = (task: Pick<EcsTask, 'stopCode'>): boolean =>
  task.stopCode === undefined || task.stopCode === 'EssentialContainerExited' || task.stopCode === 'TaskFailedToStart';
