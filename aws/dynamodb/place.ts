import type { ObjectKey } from '../../kubernetes/object.ts';
import { StoredRecord } from '../../kubernetes/store/record.ts';
import { bytes, bytesOf, countOf, type Item, keyItem, number, numberOf, text, textOf } from './attributes.ts';
import { type Body, readParts, unpack } from './body.ts';
import { expiryOf, objectKey } from './layout.ts';
import type { Table } from './table.ts';

/** What is at a key. */
export interface Place {
  readonly key: ObjectKey;
  /** Of the object, or of the deletion of the last one; undefined when there is no trace of any. */
  readonly revision: number | undefined;
  readonly record: StoredRecord | undefined;
  /** How many items of its own the object's text takes. */
  readonly parts: number;
}

export async function readPlace(table: Table, key: ObjectKey): Promise<Place> {
  const item = await table.get(objectKey(key));
  if (item === undefined) return { key, revision: undefined, record: undefined, parts: 0 };
  const record = await readRecord(table, key, item);
  return {
    key,
    revision: numberOf(item, 'revision'),
    record,
    parts: record === undefined ? 0 : countOf(item, 'parts'),
  };
}

/** The object in an item; undefined when it says that the object was deleted. */
export async function readRecord(table: Table, key: ObjectKey, item: Item): Promise<StoredRecord | undefined> {
  if (item['deleted'] !== undefined) return undefined;
  const parts = countOf(item, 'parts');
  const content =
    parts === 0
      ? unpack(bytesOf(item, 'payload'))
      : await readParts(table, key, { revision: numberOf(item, 'revision'), parts });
  return StoredRecord.fromKept(key, content);
}

/** The key of the object in an item of a resource's partition. */
export function keyOfItem(resource: string, item: Item): ObjectKey {
  const place = textOf(item, 'sk');
  const end = place.indexOf('!');
  return { resource, namespace: place.slice(0, end), name: place.slice(end + 1) };
}

export const objectItem = (record: StoredRecord, body: Body): Item => ({
  ...keyItem(objectKey(record.key)),
  revision: number(record.revision),
  ...(body.inline === undefined ? { parts: number(body.parts.length) } : { payload: bytes(body.inline) }),
});

/**
 * What a deleted object leaves behind for a while: a writer that found its place empty before it was made must not
 * succeed after it was deleted, under a revision from before.
 */
export const deletedItem = (key: ObjectKey, revision: number, now: number): Item => ({
  ...keyItem(objectKey(key)),
  revision: number(revision),
  deleted: text('yes'),
  expires: number(expiryOf(now)),
});
