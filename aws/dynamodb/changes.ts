import type { Clock } from '../../kubernetes/clock.ts';
import { concerns } from '../../kubernetes/store/change-log.ts';
import type { Change, ChangeBatch, ChangesQuery, Expired } from '../../kubernetes/store/store.ts';
import type { Entry } from './entry.ts';
import { bucketSize } from './layout.ts';
import type { RevisionLog } from './revision-log.ts';
import { wait } from './wait.ts';

/** How often a watch asks whether there is anything new: half a read unit each time, shared by all watches of a process. */
export const watchPollMilliseconds = 200;

/** Entries that are read at once. */
const windowSize = 4 * bucketSize;

/** The log as watchers see it: up to the first hole. */
export class Changes {
  private readonly log: RevisionLog;
  private readonly clock: Clock;
  private latest: { readonly at: number; readonly reserved: Promise<number> } | undefined;

  constructor(log: RevisionLog, clock: Clock) {
    this.log = log;
    this.clock = clock;
  }

  async read(query: ChangesQuery): Promise<ChangeBatch | Expired> {
    const reserved = await this.log.reserved();
    if (query.after >= reserved) return { ok: true, changes: [], revision: query.after };
    const oldest = await this.log.expiry(query.after);
    if (oldest !== undefined) return { ok: false, reason: 'Expired', oldest };
    const changes: Change[] = [];
    let revision = query.after;
    while (revision < reserved) {
      const end = Math.min(reserved, revision + windowSize);
      const found = await this.log.load(revision + 1, end);
      for (; found.has(revision + 1); revision += 1) {
        if (changes.length === query.limit) return { ok: true, changes, revision };
        const change = found.get(revision + 1)?.change;
        if (change !== undefined && concerns(query, change)) changes.push(change);
      }
      if (revision < end) break;
    }
    return { ok: true, changes, revision };
  }

  /** All changes of the settled revisions between two, the first not included. */
  async between(after: number, to: number): Promise<readonly Entry[] | Expired> {
    if (after >= to) return [];
    const oldest = await this.log.expiry(after);
    if (oldest !== undefined) return { ok: false, reason: 'Expired', oldest };
    const found = await this.log.load(after + 1, to);
    return [...found.values()].toSorted((a, b) => a.revision - b.revision);
  }

  /** Ends when `read` has something to say, or when the signal aborts. */
  async wait(after: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const reserved = await this.poll();
      if (reserved > after && (await this.hasNews(after, reserved))) return;
      await wait(this.clock, watchPollMilliseconds, signal);
    }
  }

  private async hasNews(after: number, reserved: number): Promise<boolean> {
    const next = after + 1;
    if ((await this.log.load(next, next)).has(next)) return true;
    if ((await this.log.expiry(after)) !== undefined) return true;
    await this.log.fence(next, Math.min(reserved, after + bucketSize));
    return false;
  }

  private poll(): Promise<number> {
    const now = this.clock.now();
    if (this.latest === undefined || now - this.latest.at >= watchPollMilliseconds / 2) {
      this.latest = { at: now, reserved: this.log.reserved('eventual') };
    }
    return this.latest.reserved;
  }
}
