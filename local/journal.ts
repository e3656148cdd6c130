import type { Journal, JournalChange, JournalContents, Snapshot } from '../kubernetes/store/journal.ts';
import { changesLine, readJournal, snapshotLines } from './journal-format.ts';
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
    const { file, contents } = LineFile.open(path, { ...options, empty, understand: readJournal });
    this.file = file;
    this.contents = contents;
  }

  append(changes: readonly JournalChange[]): void {
    this.file.append(changesLine(changes));
  }

  tidy(state: () => Snapshot): void {
    this.file.tidy(() => snapshotLines(state()));
  }

  close(): void {
    this.file.close();
  }
}
