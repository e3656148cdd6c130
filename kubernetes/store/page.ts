import type { LoggedChange } from './change-log.ts';
import { comparePlaces } from './collection.ts';
import { formatContinueToken, invalidContinueToken, parseContinueToken, type Position } from './continue-token.ts';
import type { StoredRecord } from './record.ts';
import type { Expired, ListPage, ListQuery } from './store.ts';

/** The records of a resource (in a namespace), and the way back to how they were. */
export interface PageSource {
  readonly revision: number;
  /** The smallest revision after which all changes are kept. */
  readonly oldest: number;
  /** As they are now, in the order of lists. */
  readonly records: readonly StoredRecord[];
  /** The changes of such records after a revision that is not older than `oldest`. */
  since(revision: number): readonly LoggedChange[];
}

/** One page of a list: of the newest state, or, with a continue token, of the state that the first page showed. */
export function readPage(source: PageSource, query: ListQuery): ListPage | Expired {
  const position: Partial<Position> = query.continue === undefined ? {} : parseContinueToken(query.continue);
  const revision = position.revision ?? source.revision;
  const { after } = position;
  if (revision > source.revision) throw invalidContinueToken();
  if (revision < source.oldest) {
    const fresh = after === undefined ? {} : { continue: formatContinueToken({ after }) };
    return { ok: false, reason: 'Expired', oldest: source.oldest, ...fresh };
  }
  const all = revision < source.revision ? recordsAt(source, revision) : source.records;
  const rest = after === undefined ? all : all.filter(({ key }) => comparePlaces(key, after) > 0);
  return cut(rest, query, revision);
}

/** The records as they were: the current ones with every later change undone. */
function recordsAt(source: PageSource, revision: number): readonly StoredRecord[] {
  const changed = new Map<string, StoredRecord | undefined>();
  for (const { object, previous } of source.since(revision)) {
    const place = `${object.key.namespace}/${object.key.name}`;
    if (!changed.has(place)) changed.set(place, previous);
  }
  const unchanged = source.records.filter(({ key }) => !changed.has(`${key.namespace}/${key.name}`));
  const undone = [...changed.values()].filter((record) => record !== undefined);
  return [...unchanged, ...undone].toSorted((a, b) => comparePlaces(a.key, b.key));
}

function cut(records: readonly StoredRecord[], query: ListQuery, revision: number): ListPage {
  const { where, limit = 0 } = query;
  const fitting = where === undefined ? records : records.filter((record) => where(record));
  const items = limit > 0 ? fitting.slice(0, limit) : fitting;
  const last = items.at(-1);
  if (last === undefined || items.length === fitting.length) return { ok: true, items, revision };
  return {
    ok: true,
    items,
    revision,
    continue: formatContinueToken({ after: last.key, revision }),
    ...(where === undefined ? { remaining: fitting.length - items.length } : {}),
  };
}
