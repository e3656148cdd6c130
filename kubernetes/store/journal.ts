import type { StoredRecord } from './record.ts';

export interface JournalChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly record: StoredRecord;
}

/** The state at a revision. */
export interface Snapshot {
  readonly revision: number;
  readonly records: readonly StoredRecord[];
}

/** What a journal holds: the objects of a state, and the changes after it, in order. */
export interface JournalContents {
  /** Of the state. */
  readonly revision: number;
  /** Read one after the other, and once: what is not alive at the end takes no memory. Throws when one cannot be read. */
  readonly entries: Iterable<JournalEntry>;
}

export type JournalEntry = JournalChange | { readonly type: 'OBJECT'; readonly record: StoredRecord };

/** Where the memory store keeps its changes, so that they are there again after a restart. */
export interface Journal {
  /** What was kept, read once at the start. */
  readonly contents: JournalContents;
  /** Keeps the changes of one write, all or none; throws when it cannot. They are kept when it returns. */
  append(changes: readonly JournalChange[]): void;
  /** Called after each write: the moment to keep the state in place of the changes that led to it. */
  tidy(state: () => Snapshot): void;
}
