/**
 * What the soak saw of a store, and what must be true of it. Nothing here knows how the store works, only what it
 * promises (kubernetes/store/store.ts).
 */
export interface History {
  readonly writes: readonly WriteRecord[];
  readonly watches: readonly WatchRecord[];
  readonly lists: readonly ListRecord[];
}

/** A write by its writer's account. `begun` and `ended` number the moments of the whole history. */
export interface WriteRecord {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  /** Told apart from those of all other writes; of a deletion: of what was deleted. */
  readonly value: string;
  readonly begun: number;
  /** Absent: its writer never knew whether it happened. */
  readonly ended?: number;
  readonly revision?: number;
}

export interface SeenChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  readonly value: string;
  readonly revision: number;
  /** The value before; absent for ADDED. */
  readonly previous?: string;
}

/** What a watcher saw after a revision, up to another. */
export interface WatchRecord {
  readonly name: string;
  readonly after: number;
  readonly until: number;
  readonly changes: readonly SeenChange[];
}

export interface ListRecord {
  readonly begun: number;
  readonly revision: number;
  readonly items: Readonly<Record<string, string>>;
}

/** Everything that is wrong with a history, one sentence each; none: the store kept its promises. */
export function findFaults(history: History): string[] {
  const changes = allChanges(history);
  return [
    ...history.watches.flatMap((watch) => watchFaults(watch, changes)),
    ...chainFaults(changes),
    ...writeFaults(history.writes, changes),
    ...orderFaults(history.writes),
    ...listFaults(history, changes),
  ];
}

const describe = ({ type, key, value, revision }: SeenChange): string => `${type} ${key}=${value} at ${revision}`;

/** Every change that anybody saw, in the order of revisions. */
function allChanges({ watches }: History): readonly SeenChange[] {
  const seen = new Map<number, SeenChange>();
  for (const change of watches.flatMap(({ changes }) => changes)) {
    if (!seen.has(change.revision)) seen.set(change.revision, change);
  }
  return [...seen.values()].toSorted((a, b) => a.revision - b.revision);
}

/** Each watcher sees each change of its range once, in order, as all others see it. */
function watchFaults({ name, after, until, changes }: WatchRecord, all: readonly SeenChange[]): string[] {
  const faults: string[] = [];
  const seen = new Map<number, SeenChange>();
  let last = after;
  for (const change of changes) {
    if (seen.has(change.revision)) faults.push(`${name} saw ${describe(change)} twice`);
    else if (change.revision <= last) faults.push(`${name} saw ${describe(change)} after ${last}`);
    seen.set(change.revision, change);
    last = Math.max(last, change.revision);
  }
  for (const change of all) {
    if (change.revision <= after || change.revision > until) continue;
    const own = seen.get(change.revision);
    if (own === undefined) faults.push(`${name} never saw ${describe(change)}`);
    else if (describe(own) !== describe(change))
      faults.push(`${name} saw ${describe(own)}, others ${describe(change)}`);
  }
  return faults;
}

/** The changes of a key follow from each other. */
function chainFaults(changes: readonly SeenChange[]): string[] {
  const current = new Map<string, string>();
  const faults: string[] = [];
  for (const change of changes) {
    const before = current.get(change.key);
    const fits = change.type === 'ADDED' ? before === undefined : before !== undefined && before === change.previous;
    if (!fits) {
      faults.push(`${describe(change)}, which was ${before ?? 'absent'}, came from ${change.previous ?? 'nothing'}`);
    }
    if (change.type === 'DELETED') current.delete(change.key);
    else current.set(change.key, change.value);
  }
  return faults;
}

/** What was confirmed is seen under its revision; what is seen was written; what was written is seen once. */
function writeFaults(writes: readonly WriteRecord[], changes: readonly SeenChange[]): string[] {
  const byRevision = new Map(changes.map((change) => [change.revision, change]));
  const identity = ({ type, key, value }: Pick<SeenChange, 'type' | 'key' | 'value'>): string =>
    `${type} ${key}=${value}`;
  const faults = writes.flatMap((write) => {
    if (write.revision === undefined) return [];
    const change = byRevision.get(write.revision);
    if (change !== undefined && identity(change) === identity(write)) return [];
    return [`${identity(write)} was confirmed at ${write.revision} and is lost`];
  });
  const written = new Set(writes.map(identity));
  const counts = new Map<string, number>();
  for (const change of changes) {
    if (!written.has(identity(change))) faults.push(`nobody wrote ${describe(change)}`);
    const count = (counts.get(identity(change)) ?? 0) + 1;
    counts.set(identity(change), count);
    if (count === 2) faults.push(`${identity(change)} happened twice, again at ${change.revision}`);
  }
  return faults;
}

/** Of two writes of which one ended before the other began, the later has the larger revision. */
function orderFaults(writes: readonly WriteRecord[]): string[] {
  const ended = writes
    .flatMap((write) =>
      write.ended === undefined || write.revision === undefined
        ? []
        : [{ begun: write.begun, ended: write.ended, revision: write.revision }],
    )
    .toSorted((a, b) => a.begun - b.begun);
  const byEnd = ended.toSorted((a, b) => a.ended - b.ended);
  const faults: string[] = [];
  let next = 0;
  let largest = 0;
  for (const write of ended) {
    for (; (byEnd[next]?.ended ?? Number.POSITIVE_INFINITY) < write.begun; next += 1) {
      largest = Math.max(largest, byEnd[next]?.revision ?? 0);
    }
    if (write.revision < largest) faults.push(`${write.revision} was begun after ${largest} had ended`);
  }
  return faults;
}

/** A list shows the state at its revision, and nothing is missing that was confirmed before it began. */
function listFaults({ lists, writes }: History, changes: readonly SeenChange[]): string[] {
  const faults: string[] = [];
  const state = new Map<string, string>();
  let next = 0;
  for (const list of lists.toSorted((a, b) => a.revision - b.revision)) {
    for (let change = changes[next]; change !== undefined && change.revision <= list.revision; change = changes[next]) {
      next += 1;
      if (change.type === 'DELETED') state.delete(change.key);
      else state.set(change.key, change.value);
    }
    const shown = textOf(new Map(Object.entries(list.items)));
    if (shown !== textOf(state)) faults.push(`a list at ${list.revision} shows ${shown} instead of ${textOf(state)}`);
    const missed = writes.find(
      ({ ended, revision }) => (ended ?? list.begun) < list.begun && (revision ?? 0) > list.revision,
    );
    if (missed !== undefined) faults.push(`a list at ${list.revision} began after ${missed.revision} was confirmed`);
  }
  return faults;
}

const textOf = (state: ReadonlyMap<string, string>): string =>
  [...state]
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(' ');
