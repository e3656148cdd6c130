import { keyOf, type Kind } from '../kind.ts';
import type { KubernetesObject } from '../object.ts';
import type { Store, StoredObject, TransactionResult, Write } from '../store/store.ts';
import { tombstoneWrite } from '../tombstone.ts';
import { heldBy, releases } from './allocation.ts';

/** Whether nobody has to do anything any more before a deleted object may go: no finalizer, and no time to stop. */
export const mayGo = <T extends KubernetesObject>(kind: Kind<T>, object: T): boolean =>
  (object.metadata.finalizers ?? []).length === 0 &&
  (object.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
  !(kind.heldBack?.(object) ?? false);

/** The object of a transaction's first write. */
export function firstOf(objects: readonly StoredObject[]): StoredObject {
  const [first] = objects;
  if (first === undefined) throw new Error('the store wrote a transaction and answered no objects');
  return first;
}

/**
 * Removes an object if it still has the record's revision, and in the same transaction leaves its tombstone and gives
 * its values back. `last` is its last state, for the tombstone; the first object of the answer is the removed one.
 */
export async function removeRecord<T extends KubernetesObject>(
  store: Store,
  kind: Kind<T>,
  { record, last }: { readonly record: StoredObject; readonly last: T },
): Promise<TransactionResult> {
  const removal: Write = { type: 'delete', key: record.key, revision: record.revision };
  const tombstone = kind.leavesTombstone ? [tombstoneWrite(keyOf(kind, last), { ...last, notes: record.notes })] : [];
  const released = await releases(store, heldBy(kind, record.parse<T>()));
  if (tombstone.length === 0 && released.length === 0) {
    const result = await store.delete(record.key, record.revision);
    return result.ok ? { ok: true, objects: [result.object] } : result;
  }
  return store.transact([removal, ...tombstone, ...released]);
}
