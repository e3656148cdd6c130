import { formatTime } from '../clock.ts';
import { equalJson } from '../json-value.ts';
import type { Kind } from '../kind.ts';
import type { KubernetesObject, ObjectKey } from '../object.ts';
import { cut } from '../shown-value.ts';
import { conflict, objectNotFound } from '../status-error.ts';
import type { StoredObject } from '../store/store.ts';
import { canonical } from './canonical.ts';
import type { WriteDependencies, Written } from './dependencies.ts';
import { maximumAttempts, refusalError, type Refused } from './refusal.ts';
import { firstOf, mayGo, removeRecord } from './removal.ts';
import { unstored } from './unstored.ts';

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export interface Deletion {
  readonly key: ObjectKey;
  /** The time that whoever runs the object has to stop it; absent: the object's own. 0 removes it at once. */
  readonly gracePeriodSeconds?: number | undefined;
  /** What becomes of the objects that it owns. Absent: Background, unless the object's finalizers say otherwise. */
  readonly propagationPolicy?: PropagationPolicy | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  readonly dryRun?: boolean;
}

/**
 * Deletes an object, or marks it when somebody has to finish that first: a finalizer, or who runs it. The outcome is
 * `removed`, `updated` (marked) or `unchanged` (it was marked already). Throws StatusError 404, and 409 for preconditions.
 */
export async function deleteObject<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  deletion: Deletion,
): Promise<Written> {
  for (let attempt = 1; ; attempt += 1) {
    const record = await dependencies.store.get(deletion.key);
    if (record === undefined) throw objectNotFound(kind, deletion.key.name);
    requirePreconditions(kind, deletion, record);
    const written = await attemptDelete(dependencies, kind, { ...deletion, record });
    if (!('refusal' in written)) return { ...written, warnings: [] };
    if (attempt === maximumAttempts || written.refusal.reason === 'NotFound') {
      throw refusalError(kind, deletion.key.name, written);
    }
  }
}

interface DeletionOf extends Deletion {
  readonly record: StoredObject;
}

type Attempt = Omit<Written, 'warnings'> | Refused;

async function attemptDelete<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  deletion: DeletionOf,
): Promise<Attempt> {
  const { record, key } = deletion;
  const previous = record.parse<T>();
  const object = marked(kind, record.parse<T>(), { ...deletion, now: dependencies.clock.now() });
  if (mayGo(kind, object)) {
    if (deletion.dryRun) return { object: record, outcome: 'removed' };
    const result = await removeRecord(dependencies.store, kind, { record, last: previous });
    return result.ok ? { object: firstOf(result.objects), outcome: 'removed' } : { refusal: result };
  }
  if (equalJson(object, previous)) return { object: record, outcome: 'unchanged' };
  if (deletion.dryRun) return { object: unstored(key, object), outcome: 'updated' };
  const result = await dependencies.store.update(key, canonical(object), record.revision);
  return result.ok ? { object: result.object, outcome: 'updated' } : { refusal: result };
}

/** The object as a deletion leaves it, if it stays at all. A second deletion can only shorten the time that is left. */
function marked<T extends KubernetesObject>(
  kind: Kind<T>,
  object: T,
  deletion: Deletion & { readonly now: number },
): T {
  const { metadata } = object;
  const asked = kind.gracePeriodSeconds?.(object, deletion.gracePeriodSeconds) ?? 0;
  const seconds =
    metadata.deletionTimestamp === undefined ? asked : Math.min(asked, metadata.deletionGracePeriodSeconds ?? 0);
  metadata.finalizers = finalizersFor(metadata.finalizers ?? [], deletion.propagationPolicy);
  if (metadata.finalizers.length === 0) delete metadata.finalizers;
  if (metadata.deletionTimestamp === undefined) {
    if (metadata.generation !== undefined) metadata.generation += 1;
    kind.prepareDelete?.(object);
  }
  if (metadata.deletionTimestamp === undefined || seconds !== metadata.deletionGracePeriodSeconds) {
    metadata.deletionTimestamp = formatTime(deletion.now + seconds * 1000);
    metadata.deletionGracePeriodSeconds = seconds;
  }
  return object;
}

/** The finalizers by which the garbage collector knows what to do with the dependents before the object goes. */
function finalizersFor(current: readonly string[], policy: PropagationPolicy | undefined): string[] {
  if (policy === undefined) return [...current];
  const wanted = { Background: undefined, Foreground: 'foregroundDeletion', Orphan: 'orphan' }[policy];
  const others = current.filter((each) => each === wanted || (each !== 'foregroundDeletion' && each !== 'orphan'));
  return wanted === undefined || others.includes(wanted) ? others : [...others, wanted];
}

function requirePreconditions(kind: Kind, deletion: Deletion, record: StoredObject): void {
  const { uid, resourceVersion } = deletion.preconditions ?? {};
  const named = { group: kind.group, plural: kind.kind, kind: kind.kind };
  if (uid !== undefined && uid !== record.uid) {
    const detail = `the UID in the precondition (${cut(uid)}) does not match the UID in record (${record.uid}). The object might have been deleted and then recreated`;
    throw conflict(named, record.key.name, detail);
  }
  if (resourceVersion !== undefined && resourceVersion !== String(record.revision)) {
    const detail = `the ResourceVersion in the precondition (${cut(resourceVersion)}) does not match the ResourceVersion in record (${record.revision}). The object might have been modified`;
    throw conflict(named, record.key.name, detail);
  }
}
