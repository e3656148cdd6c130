import type { StoredRecord } from './record.ts';
import type { Change, ChangeBatch, ChangesQuery, Expired } from './store.ts';

/** A change with the store's own records. */
export interface LoggedChange extends Change {
  readonly object: StoredRecord;
  readonly previous?: StoredRecord;
}

export interface LogLimits {
  readonly changes: number;
  /** Characters of the objects in the log: large objects make for a shorter one. */
  readonly characters: number;
}

/** The newest changes, at most as many as the limits allow. Revisions follow each other without holes. */
export class ChangeLog {
  private entries: LoggedChange[] = [];
  /** How many entries at the front have been given up. */
  private dropped = 0;
  private characters = 0;
  private readonly limits: LogLimits;
  /** The newest revision. */
  revision: number;

  constructor(revision: number, limits: LogLimits) {
    this.revision = revision;
    this.limits = limits;
  }

  /** The smallest revision after which all changes are kept. */
  get oldest(): number {
    return this.revision - (this.entries.length - this.dropped);
  }

  add(change: LoggedChange): void {
    // A change is missing that could not be read: whoever waits for it has to list again.
    if (change.object.revision !== this.revision + 1) this.entries = [];
    if (this.entries.length === 0) [this.dropped, this.characters] = [0, 0];
    this.entries.push(change);
    this.characters += change.object.text.length;
    this.revision = change.object.revision;
    while (this.entries.length - this.dropped > this.limits.changes || this.characters > this.limits.characters) {
      this.characters -= this.entries[this.dropped]?.object.text.length ?? 0;
      this.dropped += 1;
    }
    // Entries are given up one by one, but moved only when an eighth of them are: constant work a change.
    if (this.dropped * 8 > this.entries.length) {
      this.entries = this.entries.slice(this.dropped);
      this.dropped = 0;
    }
  }

  /** All changes after a revision that is not older than `oldest`. */
  since(revision: number): readonly LoggedChange[] {
    return this.entries.slice(this.dropped + Math.max(0, revision - this.oldest));
  }

  read(query: ChangesQuery): ChangeBatch | Expired {
    if (query.after < this.oldest) return { ok: false, reason: 'Expired', oldest: this.oldest };
    const changes: Change[] = [];
    for (let index = this.dropped + query.after - this.oldest; index < this.entries.length; index += 1) {
      const change = this.entries[index];
      if (change === undefined || !concerns(query, change)) continue;
      changes.push(change);
      if (changes.length === query.limit) return { ok: true, changes, revision: change.object.revision };
    }
    // A reader may be ahead of a store that lost its last moments: it waits until the revisions have caught up.
    return { ok: true, changes, revision: Math.max(this.revision, query.after) };
  }
}

/** Whether a query asks for a change. */
export const concerns = (query: ChangesQuery, { object: { key, revision } }: Pick<Change, 'object'>): boolean =>
  revision > query.after &&
  (query.resource === undefined || query.resource === key.resource) &&
  (query.namespace === undefined || query.namespace === key.namespace);
