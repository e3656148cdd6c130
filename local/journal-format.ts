import { formatKey, parseKey } from '../kubernetes/object.ts';
import type { JournalChange, JournalContents, Snapshot } from '../kubernetes/store/journal.ts';
import { StoredRecord } from '../kubernetes/store/record.ts';
import { type CheckedLines, checkedLine, damagedAt } from './checked-lines.ts';

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

/** Understands the lines of a journal; throws when they are of something else, of another format, or too few. */
export function readJournal({ lines, wholeBytes }: CheckedLines): JournalContents {
  const [header, ...rest] = lines;
  const [name, version, revision, count] = header ?? [];
  if (name !== format) throw new Error('it is not a journal of Skiff');
  if (version !== String(formatVersion)) {
    throw new Error(`it has format ${version}, and this version of Skiff reads format ${formatVersion}`);
  }
  const records: StoredRecord[] = [];
  const changes: JournalChange[] = [];
  for (const parts of rest) {
    for (const [type, record] of entries(parts)) {
      if (type === 'OBJECT') records.push(record);
      else changes.push({ type, record });
    }
  }
  if (records.length !== Number(count)) throw damagedAt(wholeBytes);
  return { revision: Number(revision), records, changes };
}

function* entries(parts: readonly string[]): Generator<['OBJECT' | JournalChange['type'], StoredRecord]> {
  for (let index = 0; index < parts.length; index += 3) {
    const [type = '', key = '', text = ''] = parts.slice(index, index + 3);
    if (type !== 'OBJECT' && type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') {
      throw new Error(`it holds an entry of type ${type}`);
    }
    yield [type, StoredRecord.fromKept(parseKey(JSON.parse(key)), text)];
  }
}
