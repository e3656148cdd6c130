import { latestServiceDeployment } from '../../../aws/ecs/service-deployments.ts';
import { observeStoppedTasks } from '../../../aws/ecs/stopped-tasks.ts';
import { timestamp } from '../../../kubernetes/clock.ts';
import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { primaryOf, type EcsService, type EcsTask } from '../../../translate/ecs-state.ts';
import {
  exitsAfterRunning,
  exitThreshold,
  hasStartedEachOnce,
  rolloutOutcome,
  type RolloutOutcome,
} from '../../../translate/rollout-failure.ts';
import type { Context } from '../../context.ts';
import { unseenFor } from '../../late-reads.ts';
import { taskFailure } from '../../pod-events.ts';
import { recordEvent } from '../../record-event.ts';
import { recordedDefinition } from '../workload/recorded-definition.ts';
import { revisionOf, rollbackAnnotation } from './revision-annotations.ts';
import { recordRollout, rolloutRecord, type RolloutRecord } from './rollout-record.ts';

export interface RolloutSource {
  readonly deployment: Deployment;
  readonly replicaSets: readonly Noted<ReplicaSet>[];
  readonly newest: Noted<ReplicaSet> | undefined;
}

export interface JudgedRollout extends RolloutSource {
  /** Why the rollout of the newest ReplicaSet was given up: kept until the template changes. */
  readonly failure: string | undefined;
  /** ECS may not show yet what it was told: nothing is to be concluded, or told it, now. */
  readonly unseen: boolean;
  /** Where a rollout that fails goes back to; undefined when there is nothing, or it is not to. */
  readonly lastGood: Noted<ReplicaSet> | undefined;
}

/**
 * Finds out how the rollout of the newest ReplicaSet goes, and keeps that with the ReplicaSets: ECS forgets it. Besides
 * what ECS counts as failures, Skiff counts containers that exit after they have been running.
 */
export async function judgeRollout(
  context: Context,
  source: RolloutSource,
  observed: EcsService | undefined,
): Promise<JudgedRollout> {
  const replicaSets: Noted<ReplicaSet>[] = [];
  for (const replicaSet of source.replicaSets) {
    replicaSets.push(await noteCompleted(context, source.deployment, { replicaSet, observed }));
  }
  const found = replicaSets.find((each) => each.metadata.uid === source.newest?.metadata.uid);
  const judged = { ...source, replicaSets, newest: found, lastGood: lastGoodOf({ ...source, replicaSets }) };
  const wanted = found === undefined ? undefined : recordedDefinition(found);
  if (found === undefined || wanted === undefined) return { ...judged, failure: undefined, unseen: false };
  const before = rolloutRecord(found);
  const outcome = await outcomeOf(context, { ...judged, before, wanted }, observed);
  const newest = await recordRollout(context, found, after(before, outcome, timestamp(context.clock)));
  return {
    ...judged,
    replicaSets: replicaSets.map((each) => (each === found ? newest : each)),
    newest,
    failure: rolloutRecord(newest).failure,
    unseen: outcome.state === 'unseen',
  };
}

function after(before: RolloutRecord, outcome: RolloutOutcome, now: string): RolloutRecord {
  switch (outcome.state) {
    case 'not-begun':
    case 'unseen':
      return before;
    case 'under-way':
      return { ...before, begun: before.begun ?? now };
    case 'completed':
      return { ...before, begun: before.begun ?? now, failure: undefined };
    case 'failed':
      return { ...before, begun: before.begun ?? now, failure: before.failure ?? outcome.why };
  }
}

/** Whether all tasks are healthy. Without any, whatever it is counts as completed: no proof that it is good. */
const isProven = (observed: EcsService | undefined): boolean =>
  observed !== undefined &&
  observed.desiredCount > 0 &&
  observed.runningCount === observed.desiredCount &&
  /steady state|deployment completed/.test(observed.events[0]?.message ?? '');

/** Takes note that a revision was rolled out to the end, and says so: ECS can go back to it from now on. */
async function noteCompleted(
  context: Context,
  deployment: Deployment,
  { replicaSet, observed }: { readonly replicaSet: Noted<ReplicaSet>; readonly observed: EcsService | undefined },
): Promise<Noted<ReplicaSet>> {
  const definition = recordedDefinition(replicaSet);
  const isCompleted = observed?.deployments.some(
    (each) => each.taskDefinition === definition && each.rolloutState === 'COMPLETED',
  );
  if (definition === undefined || isCompleted !== true || !isProven(observed)) return replicaSet;
  const record = rolloutRecord(replicaSet);
  const completed = revisionOf(replicaSet);
  if (record.completed === completed) return replicaSet;
  await recordEvent(context, deployment, {
    type: 'Normal',
    reason: 'RolloutCompleted',
    message: `Revision ${completed} (${replicaSet.metadata.name ?? ''}) is rolled out: a rollout that fails goes back to it`,
    component: 'deployment-controller',
    occurrence: `${replicaSet.metadata.uid ?? ''}/${completed}`,
  });
  return recordRollout(context, replicaSet, { ...record, completed });
}

function lastGoodOf({ deployment, replicaSets, newest }: RolloutSource): Noted<ReplicaSet> | undefined {
  if (deployment.metadata.annotations?.[rollbackAnnotation] === 'false') return undefined;
  return replicaSets
    .filter((each) => each.metadata.uid !== newest?.metadata.uid && rolloutRecord(each).completed > 0)
    .toSorted((a, b) => rolloutRecord(b).completed - rolloutRecord(a).completed)[0];
}

interface Case extends RolloutSource {
  readonly lastGood: Noted<ReplicaSet> | undefined;
  readonly before: RolloutRecord;
  readonly wanted: string;
}

async function outcomeOf(context: Context, one: Case, observed: EcsService | undefined): Promise<RolloutOutcome> {
  const { wanted, before } = one;
  const certain = unseenFor(before.begun, context.clock.now()) === 0;
  const outcome = rolloutOutcome({ wanted, begun: before.begun !== undefined, certain, ecsService: observed });
  if (observed === undefined || outcome.state === 'completed' || outcome.state === 'not-begun') return outcome;
  // What has failed stays so, whatever ECS is at; the first words about it are the best.
  if (before.failure !== undefined) return { state: 'failed', why: before.failure };
  if (outcome.state === 'unseen') return fromHistory(context, observed);
  const stopped =
    outcome.state === 'failed' || (one.lastGood !== undefined && !hasStartedEachOnce(observed))
      ? await observeStoppedTasks(context.aws, context.installation.cluster, observed.serviceName)
      : [];
  if (outcome.state === 'failed')
    return { state: 'failed', why: withCause(outcome.why, ofDefinition(stopped, wanted)) };
  return exits(one, stopped, observed) ?? outcome;
}

/** The service shows another revision than it was given: whether the last attempt has ended badly. */
async function fromHistory(context: Context, { serviceName }: EcsService): Promise<RolloutOutcome> {
  const { cluster } = context.installation;
  const latest = await latestServiceDeployment(context.aws, { cluster, service: serviceName });
  return latest?.status.startsWith('ROLLBACK') === true || latest?.status === 'STOPPED'
    ? { state: 'failed', why: latest.statusReason ?? 'ECS has given it up' }
    : { state: 'unseen' };
}

/** Too many containers have exited after they were running. Only where there is something to go back to: else they are tried again for ever. */
function exits(
  { lastGood, deployment }: Case,
  stopped: readonly EcsTask[],
  observed: EcsService,
): RolloutOutcome | undefined {
  const primary = primaryOf(observed);
  if (lastGood === undefined || primary === undefined) return undefined;
  const ended = exitsAfterRunning(stopped, primary.id);
  if (ended.length < exitThreshold(deployment.spec.replicas ?? 1)) return undefined;
  return { state: 'failed', why: withCause(`${ended.length} tasks have exited soon after they were running`, ended) };
}

const ofDefinition = (tasks: readonly EcsTask[], definition: string): readonly EcsTask[] =>
  tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn === definition);

/** The words about a failure, and the cause of the last task's that failed. */
function withCause(why: string, tasks: readonly EcsTask[]): string {
  const [last] = tasks
    .filter((task) => taskFailure(task) !== undefined || task.stopCode === 'EssentialContainerExited')
    .toSorted((a, b) => Date.parse(b.stoppingAt ?? '') - Date.parse(a.stoppingAt ?? ''));
  const cause = last === undefined ? undefined : (taskFailure(last)?.message ?? last.stoppedReason);
  return cause === undefined ? why : `${why.replace(/\.$/, '')}; the last task: ${cause}`;
}
