import { timestamp } from '../../../kubernetes/clock.ts';
import { withoutKeys } from '../../../kubernetes/annotations.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { type Noted, type Notes, parseNoted } from '../../../kubernetes/notes.ts';
import type { KubernetesObject, ObjectKey } from '../../../kubernetes/object.ts';
import { done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import type { LabelSelector } from '../../../kubernetes/selector.ts';
import { sameValue } from '../../../kubernetes/write/canonical.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import {
  replicaSetStatus,
  secondsUntilAvailable,
  type ReplicaSetStatus,
} from '../../../translate/replica-set-status.ts';
import type { Context } from '../../context.ts';
import { soonest } from '../reconciler.ts';
import type { Refused } from '../task-definition.ts';
import { adoptPods } from './adopted-pods.ts';
import { applyOwnService, dropFormer, ownDefinition, syncOwnPods, type OwnService } from './own-service.ts';
import { recordedDefinition } from './recorded-definition.ts';
import { inPlaceAnnotation } from './rolling-update/annotations.ts';
import { tellBeyondQuota } from './task-quota.ts';
import type { WorkloadPods } from './workload-pods.ts';

/** What ReplicaSets and ReplicationControllers have in common. */
export interface ReplicatedObject extends KubernetesObject {
  spec: {
    replicas?: number | undefined;
    minReadySeconds?: number | undefined;
    template?: PodTemplateSpec | undefined;
  };
  status?: ReplicaSetStatus | undefined;
}

export interface OwnServiceSource<T extends ReplicatedObject> {
  readonly key: ObjectKey;
  readonly object: Noted<T>;
  /** Who tells: `replication-controller`. */
  readonly component: string;
  readonly selector: LabelSelector;
}

const noPods: WorkloadPods = { pods: [], tasks: [], again: undefined };

/** Makes the ECS service and the pods of a workload that has a service of its own, and tells its status. */
export async function reconcileOwnService<T extends ReplicatedObject>(
  context: Context,
  kind: Kind<T>,
  { key, object: found, component, selector }: OwnServiceSource<T>,
): Promise<Outcome> {
  const { template } = found.spec;
  if (template === undefined) return done;
  const wanted = wantedReplicas(found);
  const adopted = await adoptPods(context, { kind, object: found, selector, replicas: wanted });
  const workload = (object: Noted<T>): OwnService => ({
    kind,
    object,
    template,
    component,
    replicas: wanted - adopted,
    readyReplicas: found.status?.readyReplicas ?? 0,
  });
  const { arn, refused, notes, written } = await define(context, workload(found));
  const before = { ...found, metadata: written.metadata, notes: written.notes };
  const object = await note(context, kind, { key, object: before, notes });
  const applied = arn === undefined ? undefined : await applyOwnService(context, workload(object), arn);
  const pods =
    arn === undefined || applied === undefined
      ? noPods
      : await syncOwnPods(context, workload(object), { arn, ecsService: applied.ecsService });
  const left = await dropFormer(context, object, pods);
  await note(context, kind, { key, object, notes: left, endsInPlace: applied?.inPlace === 'done' });
  const quota = await tellBeyondQuota(context, object, { replicas: wanted - adopted, component });
  await tellStatus(context, kind, { key, object, pods, failure: refused?.refused ?? quota });
  const now = timestamp(context.clock);
  const minReadySeconds = object.spec.minReadySeconds ?? 0;
  const available = secondsUntilAvailable({ pods: pods.pods, minReadySeconds, now });
  return soonest(applied?.again, pods.again, refused?.again, available);
}

interface Defined {
  /** Of the present template, or of the one before when that is refused. */
  readonly arn: string | undefined;
  readonly notes: Notes;
  readonly written: Noted;
  readonly refused: Refused | undefined;
}

/** One that is being deleted gets no other task definition. */
async function define(context: Context, workload: OwnService): Promise<Defined> {
  const { object } = workload;
  const none = { arn: recordedDefinition(object), notes: object.notes, written: object, refused: undefined };
  if (object.metadata.deletionTimestamp !== undefined) return none;
  const definition = await ownDefinition(context, workload);
  return 'refused' in definition ? { ...none, refused: definition } : { ...definition, refused: undefined };
}

/** Whoever deletes it in the foreground waits for its pods to go. */
function wantedReplicas({ metadata, spec }: ReplicatedObject): number {
  const ends = metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes('foregroundDeletion') === true;
  return ends ? 0 : (spec.replicas ?? 1);
}

interface NotesOf<T extends ReplicatedObject> {
  readonly key: ObjectKey;
  readonly object: Noted<T>;
  readonly notes: Notes;
  /** The wish to have its pods replaced is fulfilled. */
  readonly endsInPlace?: boolean;
}

/** Only on the object that was looked at: another template may have another task definition. */
async function note<T extends ReplicatedObject>(
  context: Context,
  kind: Kind<T>,
  { key, object, notes, endsInPlace = false }: NotesOf<T>,
): Promise<Noted<T>> {
  if (sameValue(notes, object.notes) && !endsInPlace) return object;
  const written = await updateObject(context, kind, {
    key,
    revision: Number(object.metadata.resourceVersion),
    change: (current) => {
      if (endsInPlace) current.metadata.annotations = withoutKeys(current.metadata.annotations, [inPlaceAnnotation]);
      return current;
    },
    notes: () => notes,
  });
  return parseNoted<T>(written.object);
}

interface Seen<T> {
  readonly key: ObjectKey;
  readonly object: T;
  readonly pods: WorkloadPods;
  /** Why pods cannot be made. */
  readonly failure: string | undefined;
}

async function tellStatus<T extends ReplicatedObject>(
  context: Context,
  kind: Kind<T>,
  { key, object, pods, failure }: Seen<T>,
): Promise<void> {
  const now = timestamp(context.clock);
  await updateObject(context, kind, {
    key,
    subresource: 'status',
    change: (current) => {
      const { conditions: before = [], ...counts } = replicaSetStatus({
        generation: object.metadata.generation ?? 0,
        templateLabels: object.spec.template?.metadata?.labels ?? {},
        minReadySeconds: object.spec.minReadySeconds ?? 0,
        pods: pods.pods,
        now,
        previous: current.status,
      });
      const conditions = withFailure(before, failure, now);
      return { ...current, status: conditions.length === 0 ? counts : { ...counts, conditions } };
    },
  });
}

type Conditions = NonNullable<ReplicaSetStatus['conditions']>;

/** The condition ReplicaFailure, while pods cannot be made. */
function withFailure(before: Conditions, message: string | undefined, now: string): Conditions {
  const type = 'ReplicaFailure';
  const others = before.filter((condition) => condition.type !== type);
  if (message === undefined) return others;
  const same = before.find((condition) => condition.type === type && condition.message === message);
  return [...others, same ?? { type, status: 'True', lastTransitionTime: now, reason: 'FailedCreate', message }];
}
