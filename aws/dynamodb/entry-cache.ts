import type { Entry } from './entry.ts';

const maximumEntries = 5000;
const maximumCharacters = 16 * 1024 * 1024;

const sizeOf = ({ change }: Entry): number => (change?.object.text.length ?? 0) + (change?.previous?.text.length ?? 0);

/** Entries of the log that were read already. They never change, so that it does not matter which are kept. */
export class EntryCache {
  private readonly entries = new Map<number, Entry>();
  private characters = 0;

  get(revision: number): Entry | undefined {
    return this.entries.get(revision);
  }

  add(entry: Entry): void {
    if (this.entries.has(entry.revision)) return;
    this.entries.set(entry.revision, entry);
    this.characters += sizeOf(entry);
    for (const [revision, oldest] of this.entries) {
      if (this.entries.size <= maximumEntries && this.characters <= maximumCharacters) return;
      this.entries.delete(revision);
      this.characters -= sizeOf(oldest);
    }
  }
}
