import { timestamp } from '../clock.ts';
import { equalJson } from '../json-value.ts';
import type { Kind } from '../kind.ts';
import type { Notes } from '../notes.ts';
import type { KubernetesObject, ObjectKey } from '../object.ts';
import { prepareUpdate } from '../prepare.ts';
import { conflict, invalidObject, objectNotFound } from '../status-error.ts';
import type { Refusal, Store, StoredObject, TransactionResult } from '../store/store.ts';
import {
  allocated,
  allocationProblems,
  claims,
  heldBeside,
  heldBy,
  releases,
  takenError,
  takenValue,
  type Allocated,
} from './allocation.ts';
import { admit } from './admit.ts';
import { canonical } from './canonical.ts';
import type { WriteDependencies, Written } from './dependencies.ts';
import { maximumAttempts, refusalError, type Refused } from './refusal.ts';
import { firstOf, mayGo, removeRecord } from './removal.ts';
import { requireSize } from './size.ts';
import { tracked } from './tracked.ts';
import { unstored } from './unstored.ts';

export interface Update<T> {
  readonly key: ObjectKey;
  /**
   * The object as it shall be, from a copy of the object as it is, which may be changed and given back. undefined leaves
   * it and its notes as they are. Asked again when somebody else wrote in between.
   */
  change(current: T, notes: Notes): T | undefined | Promise<T | undefined>;
  /** Absent: the object itself, whose status stays as it is; `status`: the status alone. */
  readonly subresource?: 'status' | 'finalize' | undefined;
  /** The notes as they shall be, of those there are. Absent: they stay. Clients' writes never have it. */
  readonly notes?: ((current: Notes) => Notes) | undefined;
  /** The change is written as it is, but validated: for what a kind lets nobody but a controller change. */
  readonly verbatim?: boolean;
  /** Only if the object still has this revision; absent: whatever it is. */
  readonly revision?: number | undefined;
  readonly dryRun?: boolean;
  /** To whom the changed fields are attributed in the managedFields. Absent: these are left as `change` gives them. */
  readonly manager?: string | undefined;
  /** What the managedFields name as the subresource, when it is another than `subresource`: `scale`. */
  readonly trackedSubresource?: string | undefined;
}

/**
 * Changes an object. What changes nothing is not written, so the object keeps its revision. A deleted object whose last
 * finalizer goes with the change is removed by it. Throws StatusError 404, 409 when it is not the revision asked for (or
 * others keep writing), 413 when it becomes too large, 422 with everything wrong with the new state.
 */
export async function updateObject<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  update: Update<T>,
): Promise<Written> {
  for (let attempt = 1; ; attempt += 1) {
    const record = await dependencies.store.get(update.key);
    if (record === undefined) throw objectNotFound(kind, update.key.name);
    if (update.revision !== undefined && update.revision !== record.revision) throw conflict(kind, update.key.name);
    const written = await attemptUpdate(dependencies, kind, { ...update, record });
    if (!('refusal' in written)) return written;
    if (attempt === maximumAttempts || !written.again || written.refusal.reason === 'NotFound') {
      throw refusalError(kind, update.key.name, written);
    }
  }
}

interface UpdateOf<T> extends Update<T> {
  readonly record: StoredObject;
}

/** The answer, or what stood in the way and whether another attempt may fare better. */
type Attempt = Written | (Refused & { readonly again: boolean });

async function attemptUpdate<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  update: UpdateOf<T>,
): Promise<Attempt> {
  const { record } = update;
  const changed = await update.change(record.parse<T>(), record.notes);
  if (changed === undefined) return { object: record, outcome: 'unchanged', warnings: [] };
  const previous = record.parse<T>();
  const notes = changedNotes(update);
  // A controller that finds all as it should be, as most do: nobody reads warnings, and there is nothing to check.
  if (update.manager === undefined && notes === undefined && equalJson(changed, previous)) {
    return { object: record, outcome: 'unchanged', warnings: [] };
  }
  const { warnings, ...next } = prepare(dependencies, kind, { ...update, changed, previous });
  if (notes === undefined && equalJson(next.object, previous))
    return { object: record, outcome: 'unchanged', warnings };
  requireSize(next.object);
  const leaves = previous.metadata.deletionTimestamp !== undefined && mayGo(kind, next.object);
  if (update.dryRun) {
    return { object: unstored(update.key, next.object), outcome: leaves ? 'removed' : 'updated', warnings };
  }
  if (leaves) {
    const result = await removeRecord(dependencies.store, kind, { record, last: next.object });
    if (!result.ok) return { refusal: result, again: update.revision === undefined };
    return { object: unstored(update.key, next.object), outcome: 'removed', warnings };
  }
  const result = await replace(dependencies.store, kind, { record, previous, next, notes });
  if (result.ok) return { object: firstOf(result.objects), outcome: 'updated', warnings };
  return refused(kind, update, { next, refusal: result });
}

/** Throws StatusError 422 when a value that the object asks for is another's. */
function refused<T extends KubernetesObject>(
  kind: Kind<T>,
  update: UpdateOf<T>,
  { next, refusal }: { readonly next: Allocated<T>; readonly refusal: Refusal },
): Attempt {
  const taken = takenValue(next.held, refusal);
  if (taken !== undefined && next.asked.includes(taken)) {
    throw invalidObject(kind, update.key.name, [takenError(taken)]);
  }
  return { refusal, taken, again: taken !== undefined || update.revision === undefined };
}

/** The notes to be written; undefined when they stay. */
function changedNotes<T>({ notes, record }: UpdateOf<T>): Notes | undefined {
  const next = notes?.(record.notes);
  return equalJson(next, record.notes) ? undefined : next;
}

interface ChangeOf<T> extends UpdateOf<T> {
  readonly changed: T;
  readonly previous: T;
}

function prepare<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  change: ChangeOf<T>,
): Allocated<T> & { readonly warnings: readonly string[] } {
  const { previous, subresource, manager } = change;
  const now = timestamp(dependencies.clock);
  const prepared = change.verbatim
    ? { object: change.changed, errors: kind.validate(change.changed), warnings: [] }
    : prepareUpdate(
        kind,
        { object: change.changed, previous, ...(subresource === undefined ? {} : { subresource }) },
        { now, newId: dependencies.newId, random: dependencies.random },
      );
  if (prepared.errors.length > 0) throw invalidObject(kind, change.key.name, prepared.errors);
  const warnings = [...prepared.warnings, ...admit(dependencies, kind, { object: prepared.object, previous })];
  const complete = tracked(kind, {
    object: prepared.object,
    previous,
    manager,
    subresource: change.trackedSubresource ?? subresource,
    now,
  });
  const object = canonical(complete);
  object.metadata = { ...object.metadata, resourceVersion: previous.metadata.resourceVersion };
  const allocation = allocated(kind, object, dependencies.random);
  const problems = allocationProblems(allocation.held, heldBy(kind, previous));
  if (problems.length > 0) throw invalidObject(kind, change.key.name, problems);
  return { ...allocation, warnings };
}

interface Replacement<T> {
  readonly record: StoredObject;
  readonly previous: T;
  readonly next: Allocated<T>;
  readonly notes: Notes | undefined;
}

/** Writes the new state; values that come and go with it are taken and given back in the same transaction. */
async function replace<T extends KubernetesObject>(
  store: Store,
  kind: Kind<T>,
  { record, previous, next, notes }: Replacement<T>,
): Promise<TransactionResult> {
  const before = heldBy(kind, previous);
  const taken = claims(heldBeside(next.held, before));
  const released = await releases(store, heldBeside(before, next.held));
  const { key, revision } = record;
  if (taken.length === 0 && released.length === 0 && notes === undefined) {
    const result = await store.update(key, next.object, revision);
    return result.ok ? { ok: true, objects: [result.object] } : result;
  }
  return store.transact([
    { type: 'update', key, object: next.object, revision, ...(notes === undefined ? {} : { notes }) },
    ...taken,
    ...released,
  ]);
}
