import type { ContainerStatus, PodSpec, PodStatus } from '../kubernetes/kinds/core/pod.ts';
import { wholeSeconds } from './container-state.ts';
import { containerStatuses } from './container-status.ts';
import type { EcsTask } from './ecs-state.ts';
import type { Installation } from './installation.ts';
import { endedByItself, podLoss } from './stopped-reason.ts';

type Condition = NonNullable<PodStatus['conditions']>[number];

export interface PodStatusContext {
  /** RFC 3339 with whole seconds. */
  readonly now: string;
  readonly previous?: PodStatus | undefined;
  /** Where the task was seen before, for when ECS does not tell it any more. */
  readonly address?: string | undefined;
  readonly installation: Installation;
}

/**
 * Status of a pod from what ECS says of its task. Given the same task again it answers the same status: moments that ECS
 * does not tell are kept from the previous one.
 */
export function podStatus(spec: PodSpec, task: EcsTask, context: PodStatusContext): PodStatus {
  const { now, previous } = context;
  const { init, main } = containerStatuses(spec, task, context);
  const phase = phaseOf({ spec, task, init, main });
  const loss = task.lastStatus === 'STOPPED' ? podLoss(task) : undefined;
  const address = task.ipAddress ?? context.address;
  return {
    ...kept(previous),
    phase,
    conditions: conditions({ spec, task, init, main, phase }, { now, previous }),
    ...loss,
    // Every task is a machine of its own on Fargate: the pod's address is the only one there is.
    ...(address === undefined
      ? {}
      : { hostIP: address, hostIPs: [{ ip: address }], podIP: address, podIPs: [{ ip: address }] }),
    startTime: previous?.startTime ?? wholeSeconds(task.createdAt ?? now),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: main,
  };
}

/** What others have put into the status stays: QoS class, nominated node. What this module says is said anew. */
function kept(previous: PodStatus | undefined): Partial<PodStatus> {
  if (previous === undefined) return {};
  const {
    reason: _reason,
    message: _message,
    hostIP: _hostIP,
    hostIPs: _hostIPs,
    podIP: _podIP,
    podIPs: _podIPs,
    ...rest
  } = previous;
  return rest;
}

interface Observed {
  readonly spec: PodSpec;
  readonly task: EcsTask;
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
}

const started = (status: ContainerStatus): boolean =>
  status.state?.running !== undefined ||
  status.state?.terminated !== undefined ||
  status.lastState?.terminated !== undefined;

const exitCode = (status: ContainerStatus): number | undefined => status.state?.terminated?.exitCode;

/** The phase as a kubelet finds it (getPhase), but that a task taken away ends the pod, whatever its restart policy. */
function phaseOf({ spec, task, init, main }: Observed): string {
  if (task.lastStatus === 'STOPPED' && !endedByItself(task)) {
    return main.every((status) => exitCode(status) === 0) ? 'Succeeded' : 'Failed';
  }
  const policy = spec.restartPolicy ?? 'Always';
  if (policy === 'Never' && init.some((status) => (exitCode(status) ?? 0) !== 0)) return 'Failed';
  if (main.some((status) => !started(status))) return 'Pending';
  if (main.some((status) => exitCode(status) === undefined) || policy === 'Always') return 'Running';
  if (main.every((status) => exitCode(status) === 0)) return 'Succeeded';
  return policy === 'OnFailure' ? 'Running' : 'Failed';
}

/** The five conditions, in the order of a kubelet's status. */
function conditions(
  pod: Observed & { readonly phase: string },
  { now, previous }: { readonly now: string; readonly previous: PodStatus | undefined },
): Condition[] {
  const found = [readyToStart(pod.task), initialized(pod), ...readiness(pod), { type: 'PodScheduled', status: 'True' }];
  const ours = new Set(found.map((condition) => condition.type));
  const others = (previous?.conditions ?? []).filter((condition) => !ours.has(condition.type));
  const dated = found.map((condition) => {
    const before = previous?.conditions?.find((each) => each.type === condition.type);
    const same = before !== undefined && before.status === condition.status;
    return { ...condition, lastTransitionTime: same ? (before.lastTransitionTime ?? now) : now };
  });
  return [...dated, ...others];
}

type Finding = Pick<Condition, 'type' | 'status'> & { reason?: string; message?: string };

const readyToStart = (task: EcsTask): Finding => ({
  type: 'PodReadyToStartContainers',
  status: task.ipAddress !== undefined && task.lastStatus !== 'STOPPED' ? 'True' : 'False',
});

const names = (statuses: readonly ContainerStatus[]): string => statuses.map((status) => status.name).join(' ');

function initialized({ spec, init, main, phase }: Observed & { readonly phase: string }): Finding {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((each) => each.restartPolicy === 'Always').map((each) => each.name),
  );
  const open = init.filter((status) => (sidecars.has(status.name) ? status.started !== true : exitCode(status) !== 0));
  // Once a container has started, initialization is over, also when a sidecar goes down later.
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' };
  if (open.length === 0 || main.some(started)) return { type: 'Initialized', status: 'True' };
  return {
    type: 'Initialized',
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names(open)}]`,
  };
}

function readiness({ main, phase }: Observed & { readonly phase: string }): Finding[] {
  const unready = main.filter((status) => !status.ready);
  const both = (rest: Omit<Finding, 'type'>): Finding[] => [
    { type: 'Ready', ...rest },
    { type: 'ContainersReady', ...rest },
  ];
  if (phase === 'Succeeded') return both({ status: 'False', reason: 'PodCompleted' });
  if (phase === 'Failed') return both({ status: 'False', reason: 'PodFailed' });
  if (unready.length === 0) return both({ status: 'True' });
  return both({
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names(unready)}]`,
  });
}
