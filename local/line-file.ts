import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '../kubernetes/error-message.ts';
import { type CheckedLines, readCheckedLines } from './checked-lines.ts';

export interface LineFileOptions {
  /**
   * `kernel`: a line is kept once the kernel has it, and outlives the process however that ends; a power failure may take
   * the last seconds. `disk`: each line waits for the disk, and outlives that too.
   */
  readonly durability: 'kernel' | 'disk';
  /** Told when old lines could not be given up; nothing is lost by that. */
  report(error: unknown): void;
  /** The file is rewritten when it has grown by so much, and to twice its size, since the last time. */
  readonly growthBytes?: number;
  /** Writes to the file; for tests of a full disk. */
  readonly write?: typeof writeSync;
}

export interface Opening<Contents> extends LineFileOptions {
  /** The lines of a new file. */
  readonly empty: Iterable<string>;
  /** Reads what the file holds; throws when it cannot. */
  understand(lines: CheckedLines): Contents;
}

const defaultGrowthBytes = 4 * 1024 * 1024;
const chunkCharacters = 1024 * 1024;

/** A file of checked lines to which lines are added, each kept whole or not at all, until all of it is rewritten. */
export class LineFile {
  private readonly path: string;
  private readonly options: LineFileOptions;
  private file: number;
  private bytes: number;
  private rewriteAt: number;
  private broken = false;

  private constructor(path: string, options: LineFileOptions, bytes: number) {
    this.path = path;
    this.options = options;
    this.file = openSync(path, 'r+');
    // The torn end goes before anything is written after it.
    ftruncateSync(this.file, bytes);
    this.bytes = bytes;
    this.rewriteAt = this.nextRewrite();
  }

  /** Opens the file or makes it; throws an error that names the file when it cannot be used. Only one may have it open. */
  static open<Contents>(
    path: string,
    options: Opening<Contents>,
  ): { readonly file: LineFile; readonly contents: Contents } {
    if (!existsSync(path)) closeSync(replaceFile(path, options.empty).file);
    try {
      const read = readCheckedLines(readFileSync(path));
      const contents = options.understand(read);
      return { file: new LineFile(path, options, read.wholeBytes), contents };
    } catch (cause) {
      throw new Error(`${path} cannot be used: ${errorMessage(cause)}`, { cause });
    }
  }

  /** Adds a line; throws when it cannot, and then nothing of it is there. It is kept when this returns. */
  append(line: string): void {
    if (this.broken) throw new Error(`${this.path} cannot be written to any more`);
    try {
      const length = this.write(Buffer.from(line));
      if (this.options.durability === 'disk') fdatasyncSync(this.file);
      this.bytes += length;
    } catch (cause) {
      this.undo();
      throw new Error(`writing to ${this.path}: ${errorMessage(cause)}`, { cause });
    }
  }

  /** Puts other lines in the place of all that there are, when those have become many. */
  tidy(lines: () => Iterable<string>): void {
    if (this.bytes < this.rewriteAt) return;
    try {
      const { file, bytes } = replaceFile(this.path, lines());
      closeSync(this.file);
      this.file = file;
      this.bytes = bytes;
    } catch (cause) {
      this.options.report(new Error(`rewriting ${this.path}: ${errorMessage(cause)}`, { cause }));
    }
    this.rewriteAt = this.nextRewrite();
  }

  close(): void {
    this.broken = true;
    closeSync(this.file);
  }

  private nextRewrite(): number {
    return this.bytes + Math.max(this.bytes, this.options.growthBytes ?? defaultGrowthBytes);
  }

  private write(line: Buffer): number {
    const write = this.options.write ?? writeSync;
    for (let done = 0; done < line.length;) {
      done += write(this.file, line, done, line.length - done, this.bytes + done);
    }
    return line.length;
  }

  /** Takes back what has been written of a line, so that the next one does not stand behind it. */
  private undo(): void {
    try {
      ftruncateSync(this.file, this.bytes);
    } catch {
      this.broken = true;
    }
  }
}

/** Puts lines in the place of a file, whole or not at all, on disk in any case; the answer is the new file, open. */
function replaceFile(path: string, lines: Iterable<string>): { readonly file: number; readonly bytes: number } {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    const bytes = writeLines(file, lines);
    fsyncSync(file);
    renameSync(temporary, path);
    syncDirectory(dirname(path));
    return { file, bytes };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function writeLines(file: number, lines: Iterable<string>): number {
  let size = 0;
  let chunk = '';
  const flush = (): void => {
    for (let rest = Buffer.from(chunk); rest.length > 0;) {
      const written = writeSync(file, rest);
      size += written;
      rest = rest.subarray(written);
    }
    chunk = '';
  };
  for (const line of lines) {
    chunk += line;
    if (chunk.length > chunkCharacters) flush();
  }
  flush();
  return size;
}

/** A rename is on disk once its directory is. Not every system can do this, and the file is whole without it. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r');
    fsyncSync(directory);
    closeSync(directory);
  } catch {
    return;
  }
}
