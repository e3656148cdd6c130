import { timestamp } from '../../../kubernetes/clock.ts';
import { pod as podKind, type Pod, type PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import type { KindNames } from '../../../kubernetes/kind.ts';
import { type Noted, noNotes, parseNoted } from '../../../kubernetes/notes.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { controllerReference } from '../../../kubernetes/owner.ts';
import { prepareCreate } from '../../../kubernetes/prepare.ts';
import { invalidObject } from '../../../kubernetes/status-error.ts';
import { tombstoneKey } from '../../../kubernetes/tombstone.ts';
import { requireNamespace } from '../../../kubernetes/write/namespace.ts';
import { taskId, type EcsTask } from '../../../translate/ecs-state.ts';
import { podName } from '../../../translate/names.ts';
import type { Context } from '../../context.ts';
import { podEvents } from '../../pod-events.ts';
import { keyFor, listRecords, readObject } from '../../read-objects.ts';
import { recordEvent } from '../../record-event.ts';
import { podWithTask } from '../../record-task.ts';
import { writeNoted } from '../../write-noted.ts';

/** Whose pods ECS tasks become: a ReplicaSet or a ReplicationController. */
export interface PodOwner {
  readonly kind: KindNames;
  readonly object: KubernetesObject;
  readonly template: PodTemplateSpec;
  /** Its tasks are those with this task definition; undefined: none yet. */
  readonly taskDefinition: string | undefined;
  /** `replicaset-controller` */
  readonly component: string;
}

/**
 * Makes the Pod of a task that has none yet, its status filled in, and tells about it. Undefined when it was deleted by
 * force while the task goes on stopping.
 */
export async function createPodOfTask(
  context: Context,
  owner: PodOwner,
  task: EcsTask,
): Promise<Noted<Pod> | undefined> {
  const { namespace = '' } = owner.object.metadata;
  const key = keyFor(podKind, namespace, podName(owner.object.metadata.name ?? '', taskId(task)));
  if (await wasDeleted(context, key)) return undefined;
  await requireNamespace(context.store, podKind, key);
  const prepared = prepareCreate(podKind, newPod(owner, key.name), {
    now: timestamp(context.clock),
    newId: () => context.newId(),
    random: () => context.random(),
  });
  if (prepared.errors.length > 0) throw invalidObject(podKind, key.name, prepared.errors);
  const pod = podWithTask(context, { ...prepared.object, notes: noNotes }, task);
  const created = await writeNoted(context, { key, noted: pod });
  if (created === undefined) return readObject(context.store, podKind, key);
  await recordEvent(context, owner.object, {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created pod: ${key.name}`,
    component: owner.component,
    occurrence: task.taskArn,
  });
  for (const event of podEvents({ before: undefined, after: pod, task })) await recordEvent(context, pod, event);
  return parseNoted<Pod>(created);
}

/** The name of a workload's pod is its task's for good: whatever had it was of the same task. */
async function wasDeleted(context: Context, key: ReturnType<typeof keyFor>): Promise<boolean> {
  const { resource, namespace, name } = tombstoneKey(key, '');
  const found = await listRecords(context.store, resource, {
    namespace,
    where: (record) => record.key.name.startsWith(name),
  });
  return found.length > 0;
}

function newPod({ kind, object, template }: PodOwner, name: string): Pod {
  const { metadata, spec } = structuredClone(template);
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      generateName: `${object.metadata.name ?? ''}-`,
      namespace: object.metadata.namespace,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata?.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(kind, object)],
    },
    spec: spec ?? { containers: [] },
  };
}
