import { formatKey, parseKey } from '../kubernetes/object.ts';
import type { JournalChange, JournalEntry, Snapshot } from '../kubernetes/store/journal.ts';
import { StoredRecord } from '../kubernetes/store/record.ts';
import { checkedLine } from './checked-lines.ts';

/**
 * The lines of a store's journal (checked-lines.ts), by their parts:
 *
 *     skiff-journal  2  <revision>  <count>     the state at a revision: so many objects follow
 *     OBJECT   "key"  {object}                    with its notes, when it has some
 *     ADDED    "key"  {object}  DELETED  "key"  {object}  …     the changes of one write
 *
 * The state is written whole before the file gets its name; writes are added at the end.
 */
const format = 'skiff-journal';
const formatVersion = 2;

const entry = (type: string, record: StoredRecord): string[] => [
  type,
  JSON.stringify(formatKey(record.key)),
  record.kept,
];

/** The lines of a state. */
export function* snapshotLines({ revision, records }: Snapshot): Generator<string> {
  yield checkedLine([format, String(formatVersion), String(revision), String(records.length)]);
  for (const record of records) yield checkedLine(entry('OBJECT', record));
}

/** The line of one write. */
export const changesLine = (changes: readonly JournalChange[]): string =>
  checkedLine(changes.flatMap(({ type, record }) => entry(type, record)));

/**
 * The line of one write for a disk that is full; undefined when it frees nothing. What is deleted is named there, without
 * what it held: who watches from before gets no more of it after a restart.
 */
export function freeingLine(changes: readonly JournalChange[]): string | undefined {
  const frees = ({ type, record }: JournalChange): boolean =>
    type === 'DELETED' || record.parse().metadata.deletionTimestamp !== undefined;
  if (!changes.some(frees)) return undefined;
  return changesLine(
    changes.map((change) => (change.type === 'DELETED' ? { ...change, record: named(change.record) } : change)),
  );
}

function named(record: StoredRecord): StoredRecord {
  const { apiVersion, kind, metadata } = record.parse();
  const { name, namespace, uid, labels } = metadata;
  const kept = { name, namespace, uid, labels };
  const object = { apiVersion, kind, metadata: kept };
  return StoredRecord.of({ type: 'create', key: record.key, object }, record.revision);
}

/** Throws when a file that begins with this line is of something else, or of another format. */
export function checkHeader([name, version]: readonly string[]): void {
  if (name !== format) throw new Error('it is not a journal of Skiff');
  if (version !== String(formatVersion)) {
    throw new Error(`it has format ${version}, and this version of Skiff reads format ${formatVersion}`);
  }
}

/** The revision of the state, and how many objects follow. */
export const stateIn = ([, , revision, count]: readonly string[]): { revision: number; count: number } => ({
  revision: Number(revision),
  count: Number(count),
});

/** What a line after the first holds; throws when it cannot be read. */
export function* readEntries(parts: readonly string[]): Generator<JournalEntry> {
  for (let index = 0; index < parts.length; index += 3) {
    const [type = '', key = '', text = ''] = parts.slice(index, index + 3);
    if (type !== 'OBJECT' && type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') {
      throw new Error(`it holds an entry of type ${type}`);
    }
    yield { type, record: StoredRecord.fromKept(parseKey(JSON.parse(key)), text) };
  }
}
