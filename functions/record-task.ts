import { formatTime } from '../kubernetes/clock.ts';
import { pod as podKind, type Pod } from '../kubernetes/kinds/core/pod.ts';
import { type Noted, parseNoted } from '../kubernetes/notes.ts';
import { controllerOf } from '../kubernetes/owner.ts';
import type { ObjectKey } from '../kubernetes/object.ts';
import { StatusError } from '../kubernetes/status-error.ts';
import { sameValue } from '../kubernetes/write/canonical.ts';
import { deleteObject } from '../kubernetes/write/delete.ts';
import type { EcsTask } from '../translate/ecs-state.ts';
import { podStatus } from '../translate/pod-status.ts';
import { endedByItself } from '../translate/stopped-reason.ts';
import { ownerOfTags } from '../translate/tags.ts';
import type { Context } from './context.ts';
import { podEvents, podLossOf } from './pod-events.ts';
import { isBare, podTask, setPodTask } from './pod-task.ts';
import { recordEvent } from './record-event.ts';
import { writeNoted } from './write-noted.ts';

/**
 * Brings a Pod up to date with what ECS says of its task, in one write, and tells about it. What is older than what is
 * known, or about another task than the Pod's, changes nothing. A workload's Pod goes with its task, since ECS starts
 * another one; a bare Pod stays and says how it ended. Answers the Pod as it is then, undefined when there is none.
 */
export async function recordTask(context: Context, key: ObjectKey, task: EcsTask): Promise<Noted<Pod> | undefined> {
  for (;;) {
    const record = await context.store.get(key);
    if (record === undefined) return undefined;
    const before = parseNoted<Pod>(record);
    const known = podTask(before);
    if (known.task !== task.taskArn || known.version > task.version) return before;
    const after = podWithTask(context, parseNoted<Pod>(record), task);
    if (!sameValue(before, after)) {
      for (const event of podEvents({ before, after, task })) await recordEvent(context, after, event);
      const written = await writeNoted(context, { key, noted: after, revision: record.revision });
      if (written === undefined) continue;
    }
    return isBare(after) ? after : follow(context, key, { pod: after, task });
  }
}

/** The Pod with what a task says of it. The Pod belongs to the function. */
export function podWithTask(context: Context, pod: Noted<Pod>, task: EcsTask): Noted<Pod> {
  const node = task.availabilityZone === undefined ? undefined : context.installation.nodes[task.availabilityZone];
  if (node !== undefined) pod.spec = { ...pod.spec, nodeName: node };
  const known = podTask(pod);
  const same = known.task === task.taskArn;
  const address = task.ipAddress ?? (same ? known.address : undefined);
  pod.status = podStatus(pod.spec, stateFor(pod, task), {
    now: formatTime(context.clock.now()),
    previous: pod.status,
    address,
    installation: context.installation,
  });
  setPodTask(pod, {
    task: task.taskArn,
    ...(same ? {} : { previousTask: known.task, owner: ownerOfTags(task.tags)?.uid }),
    address,
    since: same ? known.since : formatTime(context.clock.now()),
    version: same ? Math.max(task.version, known.version) : task.version,
    stopped: task.lastStatus === 'STOPPED',
  });
  return pod;
}

/**
 * A bare Pod that may be started again has not ended when its task is lost, whoever took that away: Kubernetes would
 * never lose it in the first place, and phases that end a Pod are for good.
 */
function stateFor(pod: Pod, task: EcsTask): EcsTask {
  const replaced = isBare(pod) && pod.metadata.deletionTimestamp === undefined && pod.spec.restartPolicy !== 'Never';
  return replaced && !endedByItself(task) ? { ...task, stopCode: undefined } : task;
}

/** A workload's Pod is Terminating while its task stops, and gone after. */
async function follow(
  context: Context,
  key: ObjectKey,
  { pod, task }: { readonly pod: Noted<Pod>; readonly task: EcsTask },
): Promise<Noted<Pod> | undefined> {
  const stopped = task.lastStatus === 'STOPPED';
  const stopping = stopped || task.desiredStatus === 'STOPPED';
  if (!stopping || (pod.metadata.deletionTimestamp !== undefined && !stopped)) return pod;
  if (pod.metadata.deletionTimestamp === undefined) await tellOwner(context, pod, task);
  try {
    const { object, outcome } = await deleteObject(context, podKind, {
      key,
      ...(stopped ? { gracePeriodSeconds: 0 } : {}),
      preconditions: { uid: pod.metadata.uid },
    });
    return outcome === 'removed' ? undefined : parseNoted<Pod>(object);
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return undefined;
    throw error;
  }
}

/** What a ReplicaSet controller says when it takes a pod away, and why ECS did when it was not for the count. */
async function tellOwner(context: Context, pod: Pod, task: EcsTask): Promise<void> {
  const owner = controllerOf(pod);
  if (owner === undefined) return;
  const { namespace = '' } = pod.metadata;
  const involved = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    metadata: { namespace, name: owner.name, uid: owner.uid },
  };
  const component = `${owner.kind === 'ReplicationController' ? 'replication' : owner.kind.toLowerCase()}-controller`;
  const failure = podLossOf(pod, task);
  const draft = failure ?? {
    type: 'Normal' as const,
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${pod.metadata.name ?? ''}`,
  };
  await recordEvent(context, involved, { ...draft, component, occurrence: task.taskArn });
}
