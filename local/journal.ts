import type { Journal, JournalChange, JournalContents, JournalEntry, Snapshot } from '../kubernetes/store/journal.ts';
import { changesLine, checkHeader, freeingLine, readEntries, snapshotLines, stateIn } from './journal-format.ts';
import { LineFile, type LineFileOptions } from './line-file.ts';

export interface JournalOptions extends LineFileOptions {
  /** Where a new store starts to count. */
  readonly firstRevision: number;
}

/** An append-only file with the changes of a store; journal-format.ts says what is in it. */
export class FileJournal implements Journal {
  readonly contents: JournalContents;
  private readonly file: LineFile;

  /** Opens the file or makes it; throws an error that names the file when it cannot be used. Only one may have it open. */
  constructor(path: string, options: JournalOptions) {
    const empty = snapshotLines({ revision: options.firstRevision, records: [] });
    this.file = new LineFile(path, { ...options, empty, check: checkHeader });
    const { revision, count } = stateIn(this.file.header);
    const objects = options.skipDamaged === true ? undefined : count;
    this.contents = { revision, entries: complete(this.file.read(readEntries), { path, objects }) };
  }

  append(changes: readonly JournalChange[]): void {
    this.file.append(changesLine(changes), () => freeingLine(changes));
  }

  tidy(state: () => Snapshot): void {
    this.file.tidy(() => snapshotLines(state()));
  }

  close(): void {
    this.file.close();
  }
}

/** Entries of a journal whose state is whole; throws when it has fewer or more objects. Without a number any will do. */
function* complete(
  entries: Iterable<JournalEntry>,
  { path, objects }: { readonly path: string; readonly objects: number | undefined },
): Generator<JournalEntry> {
  let found = 0;
  for (const entry of entries) {
    if (entry.type === 'OBJECT') found += 1;
    yield entry;
  }
  if (objects === undefined || found === objects) return;
  throw new Error(`${path} cannot be used: it is damaged: of its state's ${objects} objects it holds ${found}`);
}
