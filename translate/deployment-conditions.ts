import type { DeploymentObservation, DeploymentStatus } from './deployment-status.ts';
import { rollingNumbers } from './rolling.ts';

export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

export interface ReplicaCounts {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

type Finding = Pick<DeploymentCondition, 'status'> & { readonly reason: string; readonly message: string };

/** Kubernetes' "no deadline" (math.MaxInt32). */
const noDeadline = 2_147_483_647;

/** Conditions in the order in which the deployment controller comes to set them. */
export function deploymentConditions(observation: DeploymentObservation, counts: ReplicaCounts): DeploymentCondition[] {
  const { deployment, now, failure } = observation;
  const previous = deployment.status?.conditions ?? [];
  const found: (readonly [type: string, finding: Finding | undefined])[] = [
    ['Available', availability(observation, counts)],
    ['Progressing', progress(observation, counts)],
    [
      'ReplicaFailure',
      failure === undefined ? undefined : { status: 'True', reason: 'FailedCreate', message: failure },
    ],
  ];
  const set = found.flatMap(([type, finding]) => {
    const before = previous.find((condition) => condition.type === type);
    return finding === undefined ? [] : [dated(type, finding, { before, now, moved: moved(observation, counts) })];
  });
  const ours = new Set(found.map(([type]) => type));
  return [...set, ...previous.filter((condition) => !ours.has(condition.type))];
}

/** Same status and reason: the condition stays as it is, but that progress is dated anew with each step. */
function dated(
  type: string,
  finding: Finding,
  { before, now, moved: stepped }: { before: DeploymentCondition | undefined; now: string; moved: boolean },
): DeploymentCondition {
  const same = before?.status === finding.status && before.reason === finding.reason;
  const sameText = same && before?.message === finding.message;
  if (before !== undefined && sameText && !(finding.reason === 'ReplicaSetUpdated' && stepped)) return before;
  return {
    type,
    status: finding.status,
    lastUpdateTime: now,
    lastTransitionTime: before?.status === finding.status ? (before.lastTransitionTime ?? now) : now,
    reason: finding.reason,
    message: finding.message,
  };
}

function availability({ deployment }: DeploymentObservation, counts: ReplicaCounts): Finding {
  const desired = deployment.spec.replicas ?? 1;
  const strategy = deployment.spec.strategy;
  const unavailable =
    strategy?.type === 'Recreate' || desired === 0 ? 0 : rollingNumbers(desired, strategy?.rollingUpdate).unavailable;
  return counts.available >= desired - unavailable
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

const progressing = (observation: DeploymentObservation): DeploymentCondition | undefined =>
  observation.deployment.status?.conditions?.find((condition) => condition.type === 'Progressing');

/** `ReplicaSet "web-5d4f"`, or the Deployment while it has none. */
function subject({ deployment, newReplicaSet }: DeploymentObservation): string {
  return newReplicaSet === undefined
    ? `Deployment "${deployment.metadata.name ?? ''}"`
    : `ReplicaSet "${newReplicaSet.metadata.name ?? ''}"`;
}

function progress(observation: DeploymentObservation, counts: ReplicaCounts): Finding | undefined {
  const deadline = observation.deployment.spec.progressDeadlineSeconds ?? 600;
  const { rolloutFailure } = observation;
  if (deadline === noDeadline && rolloutFailure === undefined) return undefined;
  const before = progressing(observation);
  const paused = pausing(observation, before);
  if (paused !== undefined) return paused;
  if (rolloutFailure !== undefined) {
    const message = `${subject(observation)} has failed progressing: ${rolloutFailure}`;
    return { status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  const fresh = newRollout(observation, before);
  const settled = before?.reason === 'NewReplicaSetAvailable' && fresh === undefined;
  if (settled && counts.replicas === counts.updated) return findingOf(before);
  if (isComplete(observation, counts)) {
    const message = `${subject(observation)} has successfully progressed.`;
    return { status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  return fresh ?? step(observation, counts, deadline) ?? (before && findingOf(before));
}

/** That a rollout goes on, or that it has not for too long. */
function step(observation: DeploymentObservation, counts: ReplicaCounts, deadline: number): Finding | undefined {
  if (moved(observation, counts)) {
    return { status: 'True', reason: 'ReplicaSetUpdated', message: `${subject(observation)} is progressing.` };
  }
  if (!isTimedOut(progressing(observation), deadline, observation.now)) return undefined;
  const message = `${subject(observation)} has timed out progressing.`;
  return { status: 'False', reason: 'ProgressDeadlineExceeded', message };
}

const findingOf = ({ status, reason = '', message = '' }: DeploymentCondition): Finding => ({
  status,
  reason,
  message,
});

/** What `rollout pause` and `resume` do to the condition; a rollout that has failed stays so. */
function pausing({ deployment }: DeploymentObservation, before: DeploymentCondition | undefined): Finding | undefined {
  if (deployment.spec.paused === true) {
    return before?.reason === 'ProgressDeadlineExceeded'
      ? { status: 'False', reason: before.reason, message: before.message ?? '' }
      : { status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  return before?.reason === 'DeploymentPaused'
    ? { status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' }
    : undefined;
}

/** A rollout that has just begun: there is a ReplicaSet that the condition does not speak of yet. */
function newRollout(observation: DeploymentObservation, before: DeploymentCondition | undefined): Finding | undefined {
  const name = observation.newReplicaSet?.metadata.name;
  if (name === undefined) return undefined;
  const quoted = `"${name}"`;
  // Pausing and resuming put another text in place of the one that names the ReplicaSet.
  const unnamed = before?.reason === 'DeploymentPaused' || before?.reason === 'DeploymentResumed';
  if (before !== undefined && (unnamed || before.message?.includes(quoted) === true)) return undefined;
  const reused = observation.newReplicaSet?.metadata.annotations?.['deployment.kubernetes.io/revision-history'];
  return reused === undefined
    ? { status: 'True', reason: 'NewReplicaSetCreated', message: `Created new replica set ${quoted}` }
    : { status: 'True', reason: 'FoundNewReplicaSet', message: `Found new replica set ${quoted}` };
}

function isComplete({ deployment, newReplicaSet }: DeploymentObservation, counts: ReplicaCounts): boolean {
  const desired = deployment.spec.replicas ?? 1;
  const all = [counts.updated, counts.replicas, counts.available];
  return newReplicaSet !== undefined && all.every((count) => count === desired);
}

/**
 * Whether the counts say that the rollout has made a step since the last status (DeploymentProgressing). Unlike in
 * Kubernetes a pod that cannot start goes and another one comes: only the first ones are a step.
 */
function moved(observation: DeploymentObservation, counts: ReplicaCounts): boolean {
  const {
    replicas = 0,
    updatedReplicas = 0,
    readyReplicas = 0,
    availableReplicas = 0,
  } = observation.deployment.status ?? {};
  const reason = progressing(observation)?.reason;
  const isFirst = reason !== 'ReplicaSetUpdated' && reason !== 'ProgressDeadlineExceeded';
  return (
    (isFirst && counts.updated > updatedReplicas) ||
    counts.replicas - counts.updated < replicas - updatedReplicas ||
    counts.ready > readyReplicas ||
    counts.available > availableReplicas
  );
}

function isTimedOut(before: DeploymentCondition | undefined, deadlineSeconds: number, now: string): boolean {
  if (before === undefined || before.reason === 'NewReplicaSetAvailable') return false;
  if (before.reason === 'ProgressDeadlineExceeded') return true;
  if (before.status !== 'True' && before.reason !== 'DeploymentResumed') return false;
  const since = Date.parse(before.lastUpdateTime ?? before.lastTransitionTime ?? now);
  return Date.parse(now) > since + deadlineSeconds * 1000;
}

/** Seconds until a rollout that makes no step exceeds its deadline: when to look again. Undefined: there is no such moment. */
export function secondsUntilDeadline(
  status: DeploymentStatus | undefined,
  deadlineSeconds: number,
  now: string,
): number | undefined {
  const condition = status?.conditions?.find((each) => each.type === 'Progressing');
  if (condition === undefined || deadlineSeconds === noDeadline || condition.status === 'False') return undefined;
  if (condition.reason === 'NewReplicaSetAvailable' || condition.reason === 'DeploymentPaused') return undefined;
  const since = Date.parse(condition.lastUpdateTime ?? now);
  return Math.max(1, Math.ceil((since + deadlineSeconds * 1000 - Date.parse(now)) / 1000) + 1);
}
