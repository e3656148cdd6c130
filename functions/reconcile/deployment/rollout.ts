import { applyService, lookAtService } from '../../../aws/ecs/service.ts';
import { redeployService, rollBackService } from '../../../aws/ecs/service-deployments.ts';
import { observeTasks } from '../../../aws/ecs/task.ts';
import { replicaSet as replicaSetKind } from '../../../kubernetes/kinds/apps/replica-set.ts';
import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { primaryOf, type EcsService } from '../../../translate/ecs-state.ts';
import { translateEcsService, type ServiceWorkload } from '../../../translate/ecs-service.ts';
import { ecsServiceName } from '../../../translate/names.ts';
import type { Context } from '../../context.ts';
import { madeFor } from '../../ownership.ts';
import { keepCostlyPods } from '../workload/deletion-cost.ts';
import { recordedDefinition } from '../workload/recorded-definition.ts';
import { ownerOfDeployment } from './definition.ts';
import { judgeRollout, type JudgedRollout, type RolloutSource } from './judge-rollout.ts';

export interface Rollout extends JudgedRollout {
  /** Undefined while there is nothing to run yet. */
  readonly ecsService: EcsService | undefined;
  /** Seconds until another look, when a step has to wait. */
  readonly again: number | undefined;
}

const waitSeconds = 2;
/** ECS tells by an event when a rollout ends, but an event may be lost. */
const rolloutSeconds = 10;
const startAgainSeconds = 60;

/** Makes the Deployment's ECS service what its spec says, as far as the next step goes. */
export async function applyRollout(context: Context, source: RolloutSource): Promise<Rollout> {
  const { deployment } = source;
  const { namespace = '', name = '', uid = '' } = deployment.metadata;
  const serviceName = ecsServiceName(namespace, name, uid);
  const { cluster } = context.installation;
  const seen = await lookAtService(context.aws, { cluster, serviceName, ownership: madeFor(context, deployment) });
  const observed = seen.service;
  const judged = await judgeRollout(context, source, observed);
  if (judged.unseen) return { ...judged, ecsService: observed, again: waitSeconds };
  await goBack(context, judged, observed);
  const step = await nextStep(context, judged, observed);
  if (step === undefined) return { ...judged, ecsService: observed, again: undefined };
  const { replicas, taskDefinition } = step;
  if (observed !== undefined && observed.desiredCount > replicas) {
    await keepCostlyPods(context, {
      owners: judged.replicaSets.map((owner) => ({ kind: replicaSetKind, owner })),
      replicas,
    });
  }
  const hold = holds(judged, observed) && observed?.taskDefinition === taskDefinition;
  const plan = translateEcsService(
    {
      owner: ownerOfDeployment(deployment),
      replicas,
      taskDefinitionArn: taskDefinition,
      ...(deployment.spec.strategy === undefined ? {} : { strategy: deployment.spec.strategy }),
      onFailure: onFailure(judged),
      hold,
    },
    context.installation,
  );
  const { service } = await applyService(context.aws, plan, seen);
  const retry = await startAgain(context, service);
  return { ...judged, ecsService: service, again: retry ?? (hold ? undefined : nextLook(service, step)) };
}

interface Step {
  readonly taskDefinition: string;
  readonly replicas: number;
  /** There is another step after this one. */
  readonly waits: boolean;
}

function nextLook(service: EcsService, step: Step): number | undefined {
  if (step.waits || service.status === 'DRAINING') return waitSeconds;
  return service.deployments.some((each) => each.rolloutState === 'IN_PROGRESS') ? rolloutSeconds : undefined;
}

async function nextStep(
  context: Context,
  judged: JudgedRollout,
  observed: EcsService | undefined,
): Promise<Step | undefined> {
  const present = observed?.taskDefinition;
  const wanted = targetOf(judged, observed);
  if (wanted === undefined) return undefined;
  const replicas = wantedReplicas(judged.deployment);
  const toWanted = { taskDefinition: wanted, replicas, waits: false };
  if (observed === undefined || present === undefined || present === wanted) return toWanted;
  const waits = recreates(judged) && (await hasTasks(context, observed));
  return waits ? { taskDefinition: present, replicas: 0, waits } : toWanted;
}

const recreates = ({ deployment }: RolloutSource): boolean => deployment.spec.strategy?.type === 'Recreate';

/**
 * The task definition to run: the newest revision's, or after its failure the last good one's. ECS goes back to that by
 * itself; where it has not, and with Recreate, where it would start old tasks beside new ones, Skiff does.
 */
function targetOf({ newest, failure, lastGood, deployment }: JudgedRollout, observed: EcsService | undefined) {
  const present = observed?.taskDefinition;
  const wanted = (newest === undefined ? undefined : recordedDefinition(newest)) ?? present;
  if (failure === undefined) return wanted;
  if (lastGood === undefined) return present === undefined || deploymentGivenUp(observed) ? wanted : present;
  const byItself = deployment.spec.strategy?.type !== 'Recreate' && !deploymentGivenUp(observed);
  return byItself ? present : recordedDefinition(lastGood);
}

const deploymentGivenUp = (observed: EcsService | undefined): boolean => primaryOf(observed)?.rolloutState === 'FAILED';

/**
 * A deployment that ECS has given up starts nothing any more. Where it is what has to run all the same, since there is
 * nothing better, it is begun anew after a while. Answers the seconds until that.
 */
async function startAgain(context: Context, service: EcsService): Promise<number | undefined> {
  const primary = primaryOf(service);
  if (primary?.rolloutState !== 'FAILED' || service.desiredCount === 0) return undefined;
  const since = Date.parse(primary.updatedAt ?? '') || context.clock.now();
  const left = Math.ceil((since + startAgainSeconds * 1000 - context.clock.now()) / 1000);
  if (left > 0) return left;
  const { cluster } = context.installation;
  await redeployService(context.aws, { cluster, service: service.serviceName });
  return rolloutSeconds;
}

/** Asks ECS to go back, where Skiff has found that a rollout fails and ECS has not. */
async function goBack(context: Context, judged: JudgedRollout, observed: EcsService | undefined): Promise<void> {
  const { failure, lastGood, newest } = judged;
  if (failure === undefined || lastGood === undefined || newest === undefined || recreates(judged)) return;
  const primary = primaryOf(observed);
  if (observed === undefined || primary?.taskDefinition !== recordedDefinition(newest)) return;
  if (primary?.rolloutState !== 'IN_PROGRESS') return;
  await rollBackService(context.aws, { cluster: context.installation.cluster, service: observed.serviceName });
}

/** Whoever deletes it in the foreground waits for its pods to go. */
function wantedReplicas({ metadata, spec }: Deployment): number {
  const ends = metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes('foregroundDeletion') === true;
  return ends ? 0 : (spec.replicas ?? 1);
}

/** Whether a task of the service has not stopped yet. */
async function hasTasks(context: Context, { serviceName, runningCount, pendingCount }: EcsService): Promise<boolean> {
  // Those that are stopping are counted as neither.
  if (runningCount + pendingCount > 0) return true;
  const tasks = await observeTasks(context.aws, context.installation.cluster, { serviceName });
  return tasks.some((task) => task.lastStatus !== 'STOPPED');
}

/**
 * The circuit breaker is of use when there is something to go back to. Before that ECS tries again and again, slower and
 * slower, as Kubernetes would. With Recreate it may only stop.
 */
function onFailure(judged: JudgedRollout): NonNullable<ServiceWorkload['onFailure']> {
  // Once a revision was given up, what runs is the last good one: it stays able to go back to itself.
  if (judged.lastGood === undefined) return 'retry';
  return recreates(judged) ? 'stop' : 'rollback';
}

/** A Deployment that is paused halfway stays there: its rollout gets no room to go on. */
const holds = ({ deployment }: JudgedRollout, observed: EcsService | undefined): boolean =>
  deployment.spec.paused === true && (observed?.deployments.length ?? 0) > 1;
