/** Where the state of an emulated service outlives the process, as entries: plain data, to be made JSON at once. */
export interface Persistence<Entry> {
  /** What was kept, oldest first; asked for once, at the start. A later entry of a record takes the place of an earlier. */
  load(): Iterable<Entry>;
  /** Keeps entries, all or none; throws when it cannot. */
  append(entries: readonly Entry[]): void;
  /** Called after each write: the moment to keep the state in place of the entries that led to it. */
  tidy(state: () => Iterable<Entry>): void;
}
