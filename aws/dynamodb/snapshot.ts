import type { ObjectKey } from '../../kubernetes/object.ts';
import { concerns, type LoggedChange } from '../../kubernetes/store/change-log.ts';
import { comparePlaces } from '../../kubernetes/store/collection.ts';
import { parseContinueToken, type Position } from '../../kubernetes/store/continue-token.ts';
import { readPage } from '../../kubernetes/store/page.ts';
import type { StoredRecord } from '../../kubernetes/store/record.ts';
import type { Expired, ListPage, ListQuery } from '../../kubernetes/store/store.ts';
import type { Changes } from './changes.ts';
import type { Entry } from './entry.ts';
import { objectPartition, placeRange, shardCount } from './layout.ts';
import { keyOfItem, readRecord } from './place.ts';
import type { RevisionLog } from './revision-log.ts';
import type { Table } from './table.ts';
import { forEachAtOnce } from './wait.ts';

/** Large objects that are put together at the same time. */
const recordsAtOnce = 16;

export interface SnapshotSource {
  readonly table: Table;
  readonly log: RevisionLog;
  readonly changes: Changes;
}

/**
 * A page of a list. The objects are read while others write, each as it is at some moment; the changes of that time are
 * then done again, so that all are as they were at one revision, and, for a later page, undone back to its first page's.
 */
export async function listPage(source: SnapshotSource, query: ListQuery): Promise<ListPage | Expired> {
  const position: Partial<Position> = query.continue === undefined ? {} : parseContinueToken(query.continue);
  const before = await source.log.settle();
  const read = await readRecords(source.table, query, position.after);
  const revision = await source.log.settle();
  const meanwhile = await source.changes.between(before, revision);
  // So slow that what happened meanwhile is no longer kept: a process that was frozen.
  if (!isKept(meanwhile)) return listPage(source, query);
  const records = redo(read, changesOf(query, meanwhile));
  const from = Math.min(position.revision ?? revision, revision);
  const past = await source.changes.between(from, revision);
  return readPage(
    {
      revision,
      oldest: isKept(past) ? from : past.oldest,
      records,
      since: (after) => (isKept(past) ? changesOf({ ...query, after }, past) : []),
    },
    query,
  );
}

const isKept = (entries: readonly Entry[] | Expired): entries is readonly Entry[] => Array.isArray(entries);

const changesOf = (query: ListQuery & { after?: number }, entries: readonly Entry[]): LoggedChange[] =>
  entries.flatMap(({ change }) =>
    change !== undefined && concerns({ ...query, after: query.after ?? 0 }, change) ? [change] : [],
  );

/** All partitions at the same time. */
async function readRecords(
  table: Table,
  query: ListQuery,
  after: Position['after'] | undefined,
): Promise<StoredRecord[]> {
  const { from, to } = placeRange(query.namespace, after);
  const shards = Array.from({ length: shardCount }, (_, shard) => objectPartition(query.resource, shard));
  const items = (await Promise.all(shards.map((shard) => table.query(shard, from, to)))).flat();
  const records = await forEachAtOnce(items, recordsAtOnce, (item) =>
    readRecord(table, keyOfItem(query.resource, item), item),
  );
  return records.filter((record) => record !== undefined);
}

/** The records with what has changed since they were read, in the order of lists. */
function redo(records: readonly StoredRecord[], changes: readonly LoggedChange[]): StoredRecord[] {
  const name = ({ namespace, name: own }: ObjectKey): string => `${namespace}/${own}`;
  const current = new Map(records.map((record) => [name(record.key), record]));
  for (const { type, object } of changes) {
    if (type === 'DELETED') current.delete(name(object.key));
    else current.set(name(object.key), object);
  }
  return [...current.values()].toSorted((a, b) => comparePlaces(a.key, b.key));
}
