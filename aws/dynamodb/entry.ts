import { formatKey, parseKey } from '../../kubernetes/object.ts';
import type { LoggedChange } from '../../kubernetes/store/change-log.ts';
import { StoredRecord } from '../../kubernetes/store/record.ts';
import { bytes, bytesOf, countOf, type Item, keyItem, number, numberOf, text, textOf } from './attributes.ts';
import { pack, readParts, unpack } from './body.ts';
import { expiryOf, logKey } from './layout.ts';
import type { Table } from './table.ts';

/** What the log says of a revision. */
export interface Entry {
  readonly revision: number;
  /** Milliseconds since the epoch, by the writer's clock. */
  readonly writtenAt: number;
  /** Absent when nothing came of the revision. */
  readonly change?: LoggedChange;
}

/** How many items of their own the object and the one before it take; 0: their text is in the entry. */
export interface PartCounts {
  readonly object: number;
  readonly previous: number;
}

/** Stands between the records of an entry. JSON has no line break of its own. */
const separator = '\n';

/** An entry of the log. An object and the one before it are nearly alike: packed together they take little more than one. */
export function entryItem(change: LoggedChange, parts: PartCounts, now: number): Item {
  const { type, object, previous } = change;
  const texts: string[] = [];
  // A deleted object is the one before it under another revision.
  if (type !== 'DELETED' && parts.object === 0) texts.push(object.kept);
  if (previous !== undefined && parts.previous === 0) texts.push(previous.kept);
  return {
    ...keyItem(logKey(object.revision)),
    change: text(type),
    object: text(formatKey(object.key)),
    ...stamps(object.revision, now),
    payload: bytes(pack(texts.join(separator))),
    ...(parts.object === 0 ? {} : { objectParts: number(parts.object) }),
    ...(parts.previous === 0 ? {} : { previousParts: number(parts.previous) }),
    ...(previous === undefined ? {} : { previousRevision: number(previous.revision) }),
  };
}

/** An entry that says that nothing came of a revision. */
export const voidItem = (revision: number, now: number): Item => ({
  ...keyItem(logKey(revision)),
  ...stamps(revision, now),
});

const stamps = (revision: number, now: number): Item => ({
  revision: number(revision),
  writtenAt: number(now),
  expires: number(expiryOf(now)),
});

export const isVoid = (item: Item): boolean => item['change'] === undefined;

export async function readEntry(table: Table, item: Item): Promise<Entry> {
  const stamp = { revision: numberOf(item, 'revision'), writtenAt: numberOf(item, 'writtenAt') };
  return isVoid(item) ? stamp : { ...stamp, change: await readChange(table, item) };
}

async function readChange(table: Table, item: Item): Promise<LoggedChange> {
  const type = textOf(item, 'change');
  const key = parseKey(textOf(item, 'object'));
  const revision = numberOf(item, 'revision');
  const texts = unpack(bytesOf(item, 'payload')).split(separator);
  const read = async (at: { revision: number; parts: number }): Promise<StoredRecord> =>
    StoredRecord.fromKept(key, at.parts === 0 ? (texts.shift() ?? '') : await readParts(table, key, at));
  const readPrevious = (): Promise<StoredRecord> =>
    read({ revision: numberOf(item, 'previousRevision'), parts: countOf(item, 'previousParts') });
  if (type === 'DELETED') {
    const previous = await readPrevious();
    return { type, object: previous.at(revision), previous };
  }
  const object = await read({ revision, parts: countOf(item, 'objectParts') });
  return type === 'ADDED' ? { type, object } : { type: 'MODIFIED', object, previous: await readPrevious() };
}
