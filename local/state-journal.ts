import { checkedLine } from './checked-lines.ts';
import { LineFile, type LineFileOptions } from './line-file.ts';
import type { Persistence } from './persistence.ts';

/** Of what a journal is; another version is another form, which this program does not read. */
export interface StateFormat {
  readonly name: string;
  readonly version: string;
}

export interface StateJournalOptions<Entry> extends LineFileOptions {
  /** Whether entries may be written though the disk is full. */
  frees?(entries: readonly Entry[]): boolean;
}

/**
 * An append-only file with the state of an emulated service; throws an error that names it when it cannot be used. Its
 * lines (checked-lines.ts), by their parts: a header, then one or more entries a line, each as JSON.
 *
 *     skiff-ecs  2
 *     ["services",{…}]  ["tasks",{…}]  …
 */
export function openStateJournal<Entry>(
  path: string,
  format: StateFormat,
  options: StateJournalOptions<Entry>,
): Persistence<Entry> & { close(): void } {
  const header = checkedLine([format.name, format.version]);
  const line = (entries: readonly Entry[]): string => checkedLine(entries.map((entry) => JSON.stringify(entry)));
  function* linesOf(state: Iterable<Entry>): Generator<string> {
    yield header;
    for (const entry of state) yield line([entry]);
  }
  const file = new LineFile(path, { ...options, empty: [header], check: (found) => checkHeader(format, found) });
  const freeing = (entries: readonly Entry[]): string | undefined =>
    options.frees?.(entries) === true ? line(entries) : undefined;
  return {
    load: () => file.read((parts) => parts.map((text): Entry => JSON.parse(text))),
    append: (entries) => file.append(line(entries), () => freeing(entries)),
    tidy: (state) => file.tidy(() => linesOf(state())),
    close: () => file.close(),
  };
}

/** The header vouches for the entries: this program alone writes it. */
function checkHeader(format: StateFormat, [name, version]: readonly string[]): void {
  if (name !== format.name) throw new Error(`it is not a journal of ${format.name}`);
  if (version !== format.version) {
    throw new Error(`it has format ${version}, and this version of Skiff reads format ${format.version}`);
  }
}
