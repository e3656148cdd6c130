import { pod as podKind } from '../../kubernetes/kinds/core/pod.ts';
import { formatKey, type ObjectKey } from '../../kubernetes/object.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import { ecsServiceOf, parseEcsTask, taskId, type EcsTask } from '../../translate/ecs-state.ts';
import { parseEcsServiceName, podNameSuffix, parseTaskDefinitionFamily } from '../../translate/names.ts';
import type { Context } from '../context.ts';
import { podTask } from '../pod-task.ts';
import { keyFor, listRecords } from '../read-objects.ts';
import { recordTask } from '../record-task.ts';
import type { AwsEvent } from './event.ts';
import { isOwnCluster } from './own-cluster.ts';
import { workloadOfService } from './workload-of-service.ts';

/**
 * "ECS Task State Change": the task's Pod is brought up to date. A task without one is left to its workload's reconcile,
 * which sees the present state: an event may be late, and must not bring back a Pod that has gone.
 */
export async function taskStateChange(context: Context, event: AwsEvent): Promise<void> {
  const task = parseEcsTask(event.detail);
  if (task === undefined || !isOwnCluster(context, task.taskArn)) return;
  const serviceName = ecsServiceOf(task);
  const key = serviceName === undefined ? await barePod(context, task) : await workloadPod(context, serviceName, task);
  if (key !== undefined) await recordTask(context, key, task);
  else if (serviceName !== undefined) await askWorkload(context, serviceName);
}

async function askWorkload(context: Context, serviceName: string): Promise<void> {
  const workload = await workloadOfService(context, serviceName);
  if (workload !== undefined) await context.queue.enqueue(formatKey(workload.key));
}

/** The group of a task of RunTask is `family:<family>`, and who started it the pod's uid. */
async function barePod(context: Context, { group, startedBy, taskArn }: EcsTask): Promise<ObjectKey | undefined> {
  if (startedBy === undefined) return undefined;
  const named = parseTaskDefinitionFamily(group?.replace(/^family:/, '') ?? '');
  const record =
    named === undefined
      ? (await listRecords(context.store, 'pods', { where: ({ uid }) => uid === startedBy }))[0]
      : await context.store.get(keyFor(podKind, named.namespace, named.name));
  if (record === undefined || record.uid !== startedBy) return undefined;
  // Started by a call whose answer is still to be written down, or by an attempt before: only the pod's reconcile knows.
  if (podTask(record).task !== taskArn) await context.queue.enqueue(formatKey(record.key));
  return record.key;
}

/** A workload's pod is found by its name and the task that it remembers, also when the workload has gone before it. */
async function workloadPod(context: Context, serviceName: string, task: EcsTask): Promise<ObjectKey | undefined> {
  const namespace = parseEcsServiceName(serviceName)?.namespace;
  const suffix = podNameSuffix(taskId(task));
  const isIt = (record: StoredObject): boolean =>
    record.key.name.endsWith(suffix) && podTask(record).task === task.taskArn;
  const found = await listRecords(context.store, 'pods', {
    ...(namespace === undefined ? {} : { namespace }),
    where: isIt,
  });
  return found[0]?.key;
}
