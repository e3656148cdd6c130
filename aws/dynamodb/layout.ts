import { formatKey, type ObjectKey } from '../../kubernetes/object.ts';
import { byteLength } from '../../kubernetes/object-meta-validation.ts';

/** The key of an item: `pk` says which partition, `sk` orders the items in it. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB's limits, in bytes. */
const maximumPartitionKeyBytes = 2048;
const maximumSortKeyBytes = 1024;

/** Whether there can be an item with this key. DynamoDB takes no request for one that is too long. */
export const isPossible = ({ pk, sk }: ItemKey): boolean =>
  isWithin(pk, maximumPartitionKeyBytes) && isWithin(sk, maximumSortKeyBytes);

/** A character has three bytes at most. */
const isWithin = (text: string, bytes: number): boolean => text.length * 3 <= bytes || byteLength(text) <= bytes;

/**
 * How many revisions share a partition of the log. Few, so that a burst of writes soon moves on to another partition;
 * many, so that a reader needs few queries.
 */
export const bucketSize = 64;

/** Partitions that the objects of one resource are spread over. Cannot be changed while a table has objects. */
export const shardCount = 4;

/** How long a change can be read. Clients that were away for longer list again. */
export const retentionSeconds = 3600;

/**
 * How much longer an item that is no longer needed stays. What is missing from the log is either on its way or expired;
 * it cannot be the latter within this time of a moment at which nothing was missing.
 */
export const graceSeconds = 24 * 3600;

/** When DynamoDB may remove something that is of use until its retention is over; seconds since the epoch, as its TTL wants it. */
export const expiryOf = (now: number): number => Math.ceil(now / 1000) + retentionSeconds + graceSeconds;

/** The largest number that was given out. */
export const counterKey: ItemKey = { pk: 'counter', sk: '-' };
/** A revision up to which nothing is missing from the log. */
export const settledKey: ItemKey = { pk: 'settled', sk: '-' };
/** The smallest revision after which all changes are kept, when that was last looked for. */
export const floorKey: ItemKey = { pk: 'floor', sk: '-' };

/** Of one width, so that text is ordered as the numbers are. */
const padded = (revision: number): string => String(revision).padStart(16, '0');

export const bucketOf = (revision: number): number => Math.floor(revision / bucketSize);
export const logKey = (revision: number): ItemKey => ({ pk: `log/${bucketOf(revision)}`, sk: padded(revision) });

export const objectKey = (key: ObjectKey): ItemKey => ({
  pk: objectPartition(key.resource, shardOf(key)),
  sk: place(key.namespace, key.name),
});

export const objectPartition = (resource: string, shard: number): string => `object/${resource}/${shard}`;

/** `!` comes before all that namespaces are made of, so that `a` and all in it come before `a-b`. */
const place = (namespace: string, name: string): string => `${namespace}!${name}`;

/** The places of a namespace, or of all of them, from one on. */
export const placeRange = (
  namespace: string | undefined,
  after: Pick<ObjectKey, 'namespace' | 'name'> | undefined,
): { from: string; to: string } => ({
  from: after === undefined ? place(namespace ?? '', '') : place(after.namespace, after.name),
  to: namespace === undefined ? '~' : `${namespace}"`,
});

/** The parts of a large object, one revision of it or all. */
export const partKey = (key: ObjectKey, revision: number, part: number): ItemKey => ({
  pk: `body/${formatKey(key)}`,
  sk: `${padded(revision)}/${part}`,
});

/** Says that an object may name this owner. */
export const ownerKey = (uid: string, key: ObjectKey): ItemKey => ({ pk: ownerPartition(uid), sk: formatKey(key) });
export const ownerPartition = (uid: string): string => `owner/${uid}`;

/** FNV-1a. */
function shardOf({ namespace, name }: ObjectKey): number {
  let hash = 0x811c9dc5;
  for (const character of `${namespace}/${name}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash % shardCount;
}
