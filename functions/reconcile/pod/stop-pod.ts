import { deregisterOwnedTaskDefinitions } from '../../../aws/ecs/owned-task-definitions.ts';
import { describeTasks, observeTasks, stopTask } from '../../../aws/ecs/task.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { again, done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import type { Tombstone } from '../../../kubernetes/tombstone.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import type { EcsTask } from '../../../translate/ecs-state.ts';
import { taskDefinitionFamily } from '../../../translate/names.ts';
import { isMadeFor } from '../../../translate/ownership.ts';
import type { Context } from '../../context.ts';
import { taskOwnership } from '../../own-task.ts';
import { madeFor } from '../../ownership.ts';
import { killingEvents } from '../../pod-events.ts';
import { hasOwnTask, isBare, podTask } from '../../pod-task.ts';
import { recordEvent } from '../../record-event.ts';
import { recordTask } from '../../record-task.ts';
import { releaseSecrets } from '../release-secrets.ts';

/** ECS tells by an event when a task has stopped, but an event may be lost. */
const stoppingSeconds = 5;

/** The task family of a bare pod: the only one that its tasks are of. */
export const podFamily = ({ metadata }: Pick<Pod, 'metadata'>): string =>
  taskDefinitionFamily(metadata.namespace ?? '', metadata.name ?? '');

/**
 * All tasks of a pod that ECS knows. Those of a bare pod are looked for by its uid as well: one may have been started by
 * a process that died before it could write that down.
 */
export async function tasksOfPod(context: Context, pod: Noted<Pod>): Promise<EcsTask[]> {
  const { cluster } = context.installation;
  const { task } = podTask(pod);
  const known = task === undefined ? [] : [task];
  const tasks = ranByUs(pod)
    ? await observeTasks(context.aws, cluster, { startedBy: pod.metadata.uid ?? '', family: podFamily(pod), known })
    : await describeTasks(context.aws, cluster, known);
  return tasks.filter(({ tags }) => isMadeFor(tags, taskOwnership(context, pod)));
}

/** Whether its tasks are its own, not those of an ECS service. */
const ranByUs = (pod: Noted<Pod>): boolean => isBare(pod) || hasOwnTask(pod);

/** A deleted pod's task is stopped, and when it has stopped the pod goes. */
export async function stopPod(context: Context, pod: Noted<Pod>): Promise<Outcome> {
  const key = keyOf(podKind, pod);
  const tasks = podTask(pod).stopped ? [] : await tasksOfPod(context, pod);
  const alive = tasks.filter((task) => task.lastStatus !== 'STOPPED');
  for (const task of alive.filter(({ desiredStatus }) => desiredStatus !== 'STOPPED')) {
    for (const event of killingEvents(pod, task.taskArn)) await recordEvent(context, pod, event);
    await stop(context, pod, task);
  }
  for (const task of tasks) await recordTask(context, key, task);
  if (alive.length > 0) return again(stoppingSeconds);
  if ((await context.store.get(key))?.uid !== pod.metadata.uid) return done;
  await deleteObject(context, podKind, { key, gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
  return done;
}

const stop = (context: Context, pod: Noted<Pod>, task: EcsTask): Promise<unknown> =>
  stopTask(context.aws, {
    cluster: context.installation.cluster,
    task,
    ownership: taskOwnership(context, pod),
    reason: `pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} was deleted`,
  });

interface PodTombstone extends KubernetesObject {
  readonly object: Noted<Pod>;
}

/** What a pod leaves behind: a task, when it was deleted by force, and the task definitions of a bare pod. */
export async function removePod(context: Context, tombstone: Tombstone): Promise<Outcome> {
  const pod = tombstone.record.parse<PodTombstone>().object;
  if (!podTask(pod).stopped || ranByUs(pod)) {
    const alive = (await tasksOfPod(context, pod)).filter((task) => task.lastStatus !== 'STOPPED');
    for (const task of alive.filter(({ desiredStatus }) => desiredStatus !== 'STOPPED')) await stop(context, pod, task);
    if (alive.length > 0) return again(stoppingSeconds);
  }
  if (ranByUs(pod)) {
    await deregisterOwnedTaskDefinitions(context.aws, { family: podFamily(pod), ownership: madeFor(context, pod) });
    await releaseSecrets(context, pod);
  }
  return done;
}
