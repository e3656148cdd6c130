import { type ObjectKey, parseKey } from '../../kubernetes/object.ts';
import type { LoggedChange } from '../../kubernetes/store/change-log.ts';
import { keyItem, number, textOf } from './attributes.ts';
import { ifNotNewer, ifOlder } from './conditions.ts';
import { ownerKey, ownerPartition } from './layout.ts';
import type { Table } from './table.ts';
import { forEachAtOnce } from './wait.ts';

const writesAtOnce = 16;

/**
 * Which objects may name an owner. A hint is written before the object that needs it and removed after the change that
 * ends it, outside of its transaction, which has no room for it: so there may be one too many, never one too few, and
 * who reads hints looks at the objects.
 */
export async function addHints(table: Table, changes: readonly LoggedChange[]): Promise<void> {
  const hints = changes.flatMap(({ type, object, previous }) =>
    type === 'DELETED' ? [] : hintsOf(object.key, object.revision, missing(object.owners, previous?.owners)),
  );
  await forEachAtOnce(hints, writesAtOnce, ({ key, revision }) =>
    table.put({ ...keyItem(key), revision: number(revision) }, ifNotNewer(revision)),
  );
}

/** A hint under a larger revision belongs to a later change. */
export async function removeHints(table: Table, changes: readonly LoggedChange[]): Promise<void> {
  const hints = changes.flatMap(({ type, object, previous }) =>
    hintsOf(object.key, object.revision, missing(previous?.owners, type === 'DELETED' ? [] : object.owners)),
  );
  await forEachAtOnce(hints, writesAtOnce, ({ key, revision }) => table.delete(key, ifOlder(revision)));
}

/** Keys of the objects that may name an owner. */
export async function readHints(table: Table, uid: string): Promise<ObjectKey[]> {
  const items = await table.query(ownerPartition(uid), '!', '~');
  return items.map((item) => parseKey(textOf(item, 'sk')));
}

const hintsOf = (key: ObjectKey, revision: number, owners: readonly string[]) =>
  owners.map((uid) => ({ key: ownerKey(uid, key), revision }));

const missing = (some: readonly string[] = [], others: readonly string[] = []): readonly string[] =>
  some.filter((uid) => !others.includes(uid));
