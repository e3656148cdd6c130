import { describeTasks, listTasks } from '../../../aws/ecs/task.ts';
import { isNamed } from '../../../aws/errors.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { formatKey } from '../../../kubernetes/object.ts';
import type { OwnerOf } from '../../../kubernetes/owner.ts';
import { ecsServiceOf, type EcsService, type EcsTask } from '../../../translate/ecs-state.ts';
import { canBeFoundDead, hasReadinessProbe } from '../../../translate/health-check.ts';
import { isPodReady } from '../../../translate/replica-set-status.ts';
import { eachApart } from '../../apart.ts';
import type { Context } from '../../context.ts';
import { unseenFor } from '../../late-reads.ts';
import { isBare, podTask } from '../../pod-task.ts';
import { listControlled } from '../../read-objects.ts';
import { recordTask } from '../../record-task.ts';
import { pollSeconds } from '../reconciler.ts';
import { createPodOfTask, type PodOwner } from './pod-of-task.ts';

export interface WorkloadPods {
  readonly pods: readonly Noted<Pod>[];
  readonly tasks: readonly EcsTask[];
  /** Seconds until another look, while something is under way of which ECS sends no event. */
  readonly again: number | undefined;
}

/** The ECS service that runs a workload, as it was seen a moment ago. */
export type SeenCounts = Pick<EcsService, 'serviceName' | 'runningCount' | 'pendingCount'>;

/**
 * Makes the Pods of a workload what the tasks of its ECS service are: new ones are made, known ones brought up to date,
 * those whose task has gone removed. So whatever event was lost, the next look puts it right.
 */
export async function syncWorkloadPods(
  context: Context,
  workload: { readonly ecsService: SeenCounts; readonly owners: readonly PodOwner[] },
): Promise<WorkloadPods> {
  const { ecsService, owners } = workload;
  const byTask = new Map(
    (
      await podsOf(
        context,
        owners.map(({ kind, object }) => ({ kind, owner: object })),
      )
    ).map((pod) => [podTask(pod).task ?? '', pod]),
  );
  const tasks = await tasksOf(context, ecsService, [...byTask.keys()]);
  const pods: Noted<Pod>[] = [];
  await eachApart(tasks, {
    name: ({ taskArn }) => taskArn,
    work: async (task) => {
      const known = byTask.get(task.taskArn);
      byTask.delete(task.taskArn);
      const pod =
        known === undefined
          ? await makePod(context, owners, task)
          : await recordTask(context, keyOf(podKind, known), task);
      if (pod !== undefined) pods.push(pod);
    },
  });
  pods.push(...(await withoutTask(context, [...byTask.values()])));
  return { pods, tasks, again: pollFor(context, tasks, pods) };
}

/** Before a task is on its way out: the ones that ECS counts as a service's running and pending tasks. */
const countedStatuses = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'];

/**
 * The tasks of the known pods, also those that are stopping, and of the service's others those that are to run: a task
 * that nobody has seen running needs no pod when it stops. The others are listed only where there must be some, since
 * the known ones are fewer (or more) than the service counts.
 */
async function tasksOf(context: Context, ecsService: SeenCounts, known: readonly string[]): Promise<EcsTask[]> {
  const { aws, installation } = context;
  const described = await describeTasks(aws, installation.cluster, known.filter(Boolean));
  const counted = described.filter(
    // Pods that were adopted have tasks of their own.
    (task) => ecsServiceOf(task) === ecsService.serviceName && countedStatuses.includes(task.lastStatus),
  ).length;
  if (counted === ecsService.runningCount + ecsService.pendingCount) return described;
  const listed = await toRun(context, ecsService.serviceName);
  const seen = new Set(described.map(({ taskArn }) => taskArn));
  return [
    ...described,
    ...(await describeTasks(
      aws,
      installation.cluster,
      listed.filter((arn) => !seen.has(arn)),
    )),
  ];
}

/** A service that was made a moment ago may not be known to ListTasks yet. */
async function toRun(context: Context, serviceName: string): Promise<string[]> {
  try {
    return await listTasks(context.aws, context.installation.cluster, { serviceName });
  } catch (error) {
    if (isNamed(error, 'ServiceNotFoundException', 'ServiceNotActiveException')) return [];
    throw error;
  }
}

/** Pods that one of these objects controls. */
export async function podsOf(context: Context, owners: readonly OwnerOf[]): Promise<Noted<Pod>[]> {
  const byUid = new Map(owners.map((each) => [each.owner.metadata.uid, each]));
  return (await Promise.all([...byUid.values()].map((each) => listControlled(context.store, podKind, each)))).flat();
}

/** A task that is being stopped already never becomes a Pod: that one has gone before. */
async function makePod(context: Context, owners: readonly PodOwner[], task: EcsTask): Promise<Noted<Pod> | undefined> {
  if (task.desiredStatus === 'STOPPED' || task.lastStatus === 'STOPPED') return undefined;
  const owner = owners.find(({ taskDefinition }) => taskDefinition === task.taskDefinitionArn);
  return owner === undefined ? undefined : createPodOfTask(context, owner, task);
}

/** Pods whose task ECS does not describe: it has forgotten it, or does not show it yet. Those that remain. */
async function withoutTask(context: Context, pods: readonly Noted<Pod>[]): Promise<Noted<Pod>[]> {
  const left: Noted<Pod>[] = [];
  await eachApart(pods, {
    name: (pod) => formatKey(keyOf(podKind, pod)),
    work: async (pod) => {
      const { task: arn = '', since } = podTask(pod);
      const unseen = unseenFor(since ?? pod.metadata.creationTimestamp, context.clock.now()) > 0;
      const after = unseen ? pod : await recordTask(context, keyOf(podKind, pod), forgottenTask(arn));
      if (after !== undefined) left.push(after);
    },
  });
  return left;
}

/** What is known of a task that ECS does not know any more: that it has ended. */
export const forgottenTask = (taskArn: string): EcsTask => ({
  taskArn,
  clusterArn: undefined,
  taskDefinitionArn: undefined,
  group: undefined,
  startedBy: undefined,
  lastStatus: 'STOPPED',
  desiredStatus: 'STOPPED',
  healthStatus: undefined,
  stopCode: 'InfrastructureHealth',
  stoppedReason: 'ECS does not know the task any more',
  version: Number.MAX_SAFE_INTEGER,
  availabilityZone: undefined,
  ipAddress: undefined,
  createdAt: undefined,
  pullStartedAt: undefined,
  pullStoppedAt: undefined,
  startedAt: undefined,
  stoppingAt: undefined,
  executionStoppedAt: undefined,
  stoppedAt: undefined,
  containers: [],
  tags: {},
});

/** An event may be lost: what should not last is looked at again, if seldom. */
const lostEventSeconds = 10;

/** Events do not tell of health: a running task that is not ready, or may become so, has to be asked for. */
export function pollFor(
  { clock, healthSeconds }: Pick<Context, 'clock' | 'healthSeconds'>,
  tasks: readonly EcsTask[],
  pods: readonly Noted<Pod>[],
): number | undefined {
  const now = clock.now();
  const byTask = new Map(pods.map((pod) => [podTask(pod).task, pod]));
  const seen = new Set(tasks.map((task) => task.taskArn));
  const unseen = pods.some((pod) => !seen.has(podTask(pod).task ?? '')) ? [lostEventSeconds] : [];
  const waits = tasks.flatMap((task) => {
    const seconds = pollSeconds(Date.parse(task.startedAt ?? task.createdAt ?? ''), now) || 1;
    if (task.lastStatus === 'STOPPED') return [];
    if (task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') return [Math.max(lostEventSeconds, seconds)];
    const pod = byTask.get(task.taskArn);
    return pod === undefined ? [] : healthWait(pod, { now, healthSeconds });
  });
  const all = [...waits, ...unseen];
  return all.length === 0 ? undefined : Math.min(...all);
}

/** Soon at first, later and later the longer the pod has been unready; a ready one as often as its probes deserve. */
function healthWait(
  pod: Pod,
  { now, healthSeconds }: { readonly now: number; readonly healthSeconds: number | undefined },
): readonly number[] {
  if (!isPodReady(pod)) {
    const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
    return [pollSeconds(Date.parse(ready?.lastTransitionTime ?? ''), now) || 1];
  }
  if (isLookedAfter(pod)) return [healthSeconds ?? lostEventSeconds];
  return healthSeconds !== undefined && pod.spec.containers.some(hasReadinessProbe) ? [healthSeconds] : [];
}

/** ECS replaces the unhealthy tasks of its services alone. */
const isLookedAfter = (pod: Pod): boolean => isBare(pod) && pod.spec.containers.some(canBeFoundDead);
