import type { Clock } from '../../kubernetes/clock.ts';
import { countOf, keyItem, number, numberOf } from './attributes.ts';
import { ifAbsent, ifNotNewer } from './conditions.ts';
import { type Entry, isVoid, readEntry, voidItem } from './entry.ts';
import { EntryCache } from './entry-cache.ts';
import {
  bucketOf,
  bucketSize,
  counterKey,
  floorKey,
  graceSeconds,
  type ItemKey,
  logKey,
  retentionSeconds,
  settledKey,
} from './layout.ts';
import type { Table } from './table.ts';
import { forEachAtOnce, wait } from './wait.ts';

/** How long a writer has from its number to its entry, as long as a reader waits for it. */
export const fenceMilliseconds = 2000;

/** How often a reader that waits for a writer looks. */
const settlePollMilliseconds = 20;

/** Partitions of the log that are read at the same time. */
const bucketsAtOnce = 8;

/**
 * The numbered changes. A number is given out first and its entry written later, or never: what is missing is a hole
 * until it is filled, by its writer or, after two seconds, by a reader that fences it with a void entry, so that the
 * writer comes too late and takes another number. What has no hole below it is settled.
 */
export class RevisionLog {
  private readonly table: Table;
  private readonly clock: Clock;
  private readonly cache = new EntryCache();
  /** When each hole was first seen by this process. */
  private readonly sightings = new Map<number, number>();
  /** Nothing is missing up to here. */
  private tip = 0;
  /** What is not settled yet was written after this moment. */
  private comparedAt = Number.NEGATIVE_INFINITY;
  /** What is recorded of it in the table. */
  private recorded = { revision: 0, at: Number.NEGATIVE_INFINITY };
  /** Changes up to here are known to have expired. */
  private floor = 0;

  constructor(table: Table, clock: Clock) {
    this.table = table;
    this.clock = clock;
  }

  /** Takes so many numbers that follow each other, and answers the first. */
  async reserve(count: number): Promise<number> {
    const first = (await this.table.add(counterKey, count)) - count + 1;
    // A new table has lost nothing yet: said by its first writers, since later nobody could know.
    if (first < bucketSize) {
      const begun = { ...keyItem(settledKey), revision: number(0), checkedAt: number(this.clock.now()) };
      await this.table.put(begun, ifAbsent);
    }
    return first;
  }

  /** The largest number that was given out. */
  async reserved(reads: 'consistent' | 'eventual' = 'consistent'): Promise<number> {
    const item = await this.table.get(counterKey, reads);
    return item === undefined ? 0 : numberOf(item, 'revision');
  }

  /** The entries that are there, between two revisions, both included. */
  async load(from: number, to: number): Promise<ReadonlyMap<number, Entry>> {
    const found = new Map<number, Entry>();
    const ranges: { from: number; to: number }[] = [];
    for (let at = from; at <= to; at = (bucketOf(at) + 1) * bucketSize) {
      const range = { from: at, to: Math.min(to, (bucketOf(at) + 1) * bucketSize - 1) };
      while (range.from <= range.to && this.take(range.from, found)) range.from += 1;
      if (range.from <= range.to) ranges.push(range);
    }
    await forEachAtOnce(ranges, bucketsAtOnce, (range) => this.loadRange(range, found));
    return found;
  }

  /** Fences what is missing between two revisions, both included, and was first seen missing by this process two seconds ago. */
  async fence(from: number, to: number): Promise<void> {
    const found = await this.load(from, to);
    const missing = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
    await forEachAtOnce(
      missing.filter((revision) => !found.has(revision)),
      bucketsAtOnce,
      (revision) => this.fenceHole(revision),
    );
  }

  /**
   * The newest settled revision, after everything is settled that was written before the call: waits for slower
   * writers, at most as long as it takes to fence them.
   */
  async settle(): Promise<number> {
    const reserved = await this.reserved();
    let newest: number | undefined;
    for (;;) {
      const highest = await this.advance(reserved);
      newest ??= this.isLongUnchecked() ? reserved : highest;
      if (this.tip >= newest) return this.tip;
      await this.fence(this.tip + 1, newest);
      await wait(this.clock, settlePollMilliseconds);
    }
  }

  /** Moves the settled revision up to the first hole, and records it now and then. Answers the newest revision with an entry. */
  async advance(reserved: number): Promise<number> {
    await this.compare();
    const above = new Map<number, Entry>();
    const windowSize = bucketsAtOnce * bucketSize;
    for (let from = this.tip + 1; from <= reserved; from += windowSize) {
      const found = await this.load(from, Math.min(reserved, from + windowSize - 1));
      for (const entry of found.values()) above.set(entry.revision, entry);
      while (above.delete(this.tip + 1)) this.tip += 1;
    }
    for (const revision of this.sightings.keys()) if (revision <= this.tip) this.sightings.delete(revision);
    if (!this.isLongUnchecked() || this.tip >= reserved) {
      const unsettled = [...above.values()].filter(({ revision }) => revision > this.tip);
      this.comparedAt = Math.min(this.clock.now(), ...unsettled.map(({ writtenAt }) => writtenAt));
    }
    await this.record();
    return Math.max(this.tip, ...above.keys());
  }

  /** The revision after which all changes are kept, if that is not so after this one. */
  async expiry(after: number): Promise<number | undefined> {
    if (after < this.floor) return this.floor;
    const first = (await this.load(after + 1, after + 1)).get(after + 1);
    if (first !== undefined && !this.isOld(first)) return undefined;
    const recorded = countOf((await this.table.get(floorKey)) ?? {}, 'revision');
    this.floor = Math.max(this.floor, recorded);
    if (after < this.floor) return this.floor;
    await this.compare();
    if (first !== undefined || this.isLongUnchecked()) {
      await this.settle();
      if (after < this.floor) return this.floor;
    }
    const isGone = async (revision: number): Promise<boolean> => {
      const entry = (await this.load(revision, revision)).get(revision);
      return entry === undefined || this.isOld(entry);
    };
    // What is not settled yet may be missing because it is yet to come.
    if (after >= this.tip || !(await isGone(after + 1))) return undefined;
    let [gone, kept] = [after + 1, this.tip + 1];
    while (kept - gone > 1) {
      const middle = Math.floor((gone + kept) / 2);
      if (await isGone(middle)) gone = middle;
      else kept = middle;
    }
    await this.raiseFloor(gone);
    return this.floor;
  }

  /** Whether an entry has been kept for as long as it has to be. */
  isOld({ writtenAt }: Entry): boolean {
    return writtenAt + retentionSeconds * 1000 <= this.clock.now();
  }

  private async fenceHole(revision: number): Promise<void> {
    const now = this.clock.now();
    const seenAt = this.sightings.get(revision) ?? now;
    this.sightings.set(revision, seenAt);
    if (now - seenAt < fenceMilliseconds) return;
    // What is missing for so long may have been a change that was removed with its time: who has not seen it lists again.
    if (this.isLongUnchecked()) await this.raiseFloor(revision);
    await this.table.put(voidItem(revision, now), ifAbsent);
  }

  private take(revision: number, found: Map<number, Entry>): boolean {
    const entry = this.cache.get(revision);
    if (entry !== undefined) found.set(revision, entry);
    return entry !== undefined;
  }

  private async loadRange({ from, to }: { from: number; to: number }, found: Map<number, Entry>): Promise<void> {
    const items = await this.table.query(logKey(from).pk, logKey(from).sk, logKey(to).sk);
    const entries = await Promise.all(items.map((item) => readEntry(this.table, item)));
    for (const entry of entries) {
      this.cache.add(entry);
      found.set(entry.revision, entry);
    }
  }

  /** Learns what others have settled: at first, and after a time in which this process may have been frozen. */
  private async compare(): Promise<void> {
    const now = this.clock.now();
    if (now - this.comparedAt < retentionSeconds * 1000) return;
    const item = await this.table.get(settledKey);
    this.comparedAt = Math.max(this.comparedAt, countOf(item ?? {}, 'checkedAt'));
    this.tip = Math.max(this.tip, countOf(item ?? {}, 'revision'));
    this.recorded = { revision: countOf(item ?? {}, 'revision'), at: this.comparedAt };
  }

  /** Entries written since may have been removed with their time. */
  private isLongUnchecked(): boolean {
    return this.clock.now() - this.comparedAt > graceSeconds * 1000;
  }

  private async record(): Promise<void> {
    const isDue =
      this.tip - this.recorded.revision >= bucketSize || this.comparedAt - this.recorded.at >= retentionSeconds * 1000;
    if (!isDue || this.tip === 0) return;
    this.recorded = { revision: this.tip, at: this.comparedAt };
    await this.keepLargest(settledKey, this.tip, this.comparedAt);
  }

  private async raiseFloor(revision: number): Promise<void> {
    this.floor = Math.max(this.floor, revision);
    await this.keepLargest(floorKey, revision, this.clock.now());
  }

  private async keepLargest(key: ItemKey, revision: number, now: number): Promise<void> {
    await this.table.put({ ...keyItem(key), revision: number(revision), checkedAt: number(now) }, ifNotNewer(revision));
  }

  /** What became of a number whose writer does not know: a void entry is put there unless there is one. */
  async fate(revision: number): Promise<'written' | 'void'> {
    if (await this.table.put(voidItem(revision, this.clock.now()), ifAbsent)) return 'void';
    const item = await this.table.get(logKey(revision));
    return item === undefined || isVoid(item) ? 'void' : 'written';
  }
}
