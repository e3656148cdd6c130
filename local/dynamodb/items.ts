import type { Clock } from '../../kubernetes/clock.ts';
import type { Item, Key } from './item.ts';

interface Version {
  readonly at: number;
  readonly item: Item | undefined;
}

interface Partition {
  /** The versions of each item by sort key, oldest first. */
  readonly versions: Map<string, Version[]>;
  /** Sort keys in the order of their bytes; undefined when it has to be made anew. */
  order: string[] | undefined;
}

/** The items of a table, with as much of their past as eventually consistent reads may show. */
export class Items {
  private readonly partitions = new Map<string, Partition>();
  private readonly clock: Pick<Clock, 'now'>;
  private readonly staleMilliseconds: number;

  constructor(clock: Pick<Clock, 'now'>, staleMilliseconds: number) {
    this.clock = clock;
    this.staleMilliseconds = staleMilliseconds;
  }

  get({ pk, sk }: Key, consistent: boolean): Item | undefined {
    const versions = this.partitions.get(pk)?.versions.get(sk) ?? [];
    if (consistent) return versions.at(-1)?.item;
    return versions.findLast(({ at }) => at <= this.clock.now() - this.staleMilliseconds)?.item;
  }

  set({ pk, sk }: Key, item: Item | undefined): void {
    const partition = this.partitions.get(pk) ?? { versions: new Map<string, Version[]>(), order: undefined };
    this.partitions.set(pk, partition);
    if (!partition.versions.has(sk)) partition.order = undefined;
    const now = this.clock.now();
    const known = partition.versions.get(sk) ?? [];
    const shown = known.findLastIndex(({ at }) => at <= now - this.staleMilliseconds);
    partition.versions.set(sk, [...known.slice(Math.max(0, shown)), { at: now, item }]);
  }

  /** The items of a partition between two sort keys, both included, in the order of the keys' bytes. */
  *between(pk: string, from: string, to: string): Iterable<Key> {
    const partition = this.partitions.get(pk);
    if (partition === undefined) return;
    const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
    partition.order ??= [...partition.versions.keys()].toSorted(byBytes);
    for (const sk of partition.order) if (byBytes(sk, from) >= 0 && byBytes(sk, to) <= 0) yield { pk, sk };
  }

  /** Every item as it is now. */
  *all(): Iterable<{ readonly key: Key; readonly item: Item }> {
    for (const [pk, { versions }] of this.partitions) {
      for (const [sk, known] of versions) {
        const item = known.at(-1)?.item;
        if (item !== undefined) yield { key: { pk, sk }, item };
      }
    }
  }
}
