import { deepStrictEqual } from 'node:assert';
import { type Kept, restore } from '../../local/ecs/snapshot.ts';
import type { Persistence } from '../../local/persistence.ts';

/** Keeps the entries of a service's state as JSON. */
export class KeptEntries<Entry> implements Persistence<Entry> {
  readonly entries: string[] = [];
  /** How often something was kept. */
  appends = 0;

  load(): Entry[] {
    return this.entries.map((text) => JSON.parse(text));
  }

  append(entries: readonly Entry[]): void {
    this.entries.push(...entries.map((entry) => JSON.stringify(entry)));
    this.appends += 1;
  }

  tidy(_state: () => Iterable<Entry>): void {}
}

/** Those of ECS: sees with each of them that no change of the state has been forgotten. */
export class KeptEcsEntries extends KeptEntries<Kept> {
  override tidy(state: () => Iterable<Kept>): void {
    const now: Kept[] = JSON.parse(JSON.stringify([...state()]));
    deepStrictEqual(restore(this.load()), restore(now));
  }
}
