import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, type writeSync } from 'node:fs';
import { errorMessage } from '../kubernetes/error-message.ts';
import { type Flaw, flawsIn, type Place, placeText, readLines } from './checked-lines.ts';
import { type DiskSpace, isFull } from './disk-space.ts';
import { readChunks, replaceFile, writeAll } from './file-writing.ts';
import { openOwnFile } from './own-file.ts';
import { Aside } from './set-aside.ts';

export interface LineFileOptions {
  /**
   * `kernel`: a line is kept once the kernel has it, and outlives the process however that ends; a power failure may take
   * the last seconds. `disk`: each line waits for the disk, and outlives that too.
   */
  readonly durability: 'kernel' | 'disk';
  /** Told when old lines could not be given up; nothing is lost by that. */
  report(error: unknown): void;
  /** Told what people should know of what was found at the start. */
  notice?(text: string): void;
  /** Lines that cannot be read are set aside, in a file beside this one; without it they keep the file from being opened. */
  readonly skipDamaged?: boolean;
  /** Who knows of the room on the disk; absent: nobody. */
  readonly space?: DiskSpace;
  /** The file is rewritten when it has grown by so much, and to twice its size, since the last time. */
  readonly growthBytes?: number;
  /** Writes to the file; for tests of a full disk. */
  readonly write?: typeof writeSync;
  /** So much of the file is read at once. */
  readonly chunkBytes?: number;
}

export interface Opening extends LineFileOptions {
  /** The lines of a new file. */
  readonly empty: Iterable<string>;
  /** Throws when this is not the first line of such a file. */
  check(header: readonly string[]): void;
}

const defaultGrowthBytes = 4 * 1024 * 1024;
const defaultChunkBytes = 1024 * 1024;

/** A file of checked lines to which lines are added, each kept whole or not at all, until all of it is rewritten. */
export class LineFile {
  /** The parts of the first line. */
  readonly header: readonly string[];
  private readonly path: string;
  private readonly options: LineFileOptions;
  private file: number;
  private bytes = 0;
  private rewriteAt: number;
  private readonly aside: Aside;
  private torn = false;
  private broken = false;

  /** Opens the file or makes it; throws an error that names the file when it cannot be used. Only one may have it open. */
  constructor(path: string, options: Opening) {
    this.path = path;
    this.options = options;
    if (!existsSync(path)) closeSync(replaceFile(path, options.empty, options.write).file);
    this.file = openOwnFile(path);
    this.aside = new Aside(path, (text) => this.notice(text));
    try {
      this.bytes = this.judge();
      const [first] = this.lines();
      this.header = first?.start === 0 ? first.parts : [];
      options.check(this.header);
    } catch (cause) {
      this.close();
      throw new Error(`${path} cannot be used: ${errorMessage(cause)}`, { cause });
    }
    this.rewriteAt = this.nextRewrite();
  }

  /** What the lines after the first are understood as, one after the other; throws when one cannot be. */
  *read<Entry>(understand: (parts: readonly string[]) => Iterable<Entry>): Generator<Entry> {
    for (const line of this.lines()) {
      if (line.start === 0) continue;
      yield* this.understood(line, () => [...understand(line.parts)]);
    }
  }

  private understood<Entry>(place: Place, understand: () => Entry[]): Entry[] {
    try {
      return understand();
    } catch (cause) {
      if (this.options.skipDamaged !== true) throw this.damaged(place, errorMessage(cause));
      this.setAside(place);
      return [];
    }
  }

  /**
   * Adds a line; throws when it cannot, and then nothing of it is there. It is kept when this returns. `instead` is what
   * may be written in its place, if anything, from the room that is held back for a full disk.
   */
  append(line: string, instead: () => string | undefined = () => undefined): void {
    if (this.broken) throw new Error(`${this.path} cannot be written to any more`);
    const { space } = this.options;
    if (space === undefined) this.write(line);
    else space.write({ line, instead, write: (text) => this.write(text) });
  }

  /** Puts other lines in the place of all that there are, when those have become many, or the disk is full. */
  tidy(lines: () => Iterable<string>): void {
    const { space } = this.options;
    const needed = space?.exhausted === true;
    // What was set aside must not be found again by the next start.
    if (this.bytes < this.rewriteAt && !needed && !this.aside.any) return;
    try {
      const { file, bytes } = replaceFile(this.path, lines(), this.options.write);
      closeSync(this.file);
      this.file = file;
      this.bytes = bytes;
      this.torn = false;
      this.aside.close();
    } catch (cause) {
      // Of a full disk people are told by the next line that finds no room.
      if (!isFull(cause)) this.options.report(new Error(`rewriting ${this.path}: ${errorMessage(cause)}`, { cause }));
    }
    this.rewriteAt = this.nextRewrite();
  }

  close(): void {
    this.broken = true;
    this.aside.close();
    closeSync(this.file);
  }

  private lines(): ReturnType<typeof readLines> {
    return readLines(this.chunks(0, this.bytes), !this.aside.any);
  }

  private chunks(start: number, end: number): Iterable<Buffer> {
    return readChunks(this.file, { start, end, chunkBytes: this.options.chunkBytes ?? defaultChunkBytes });
  }

  /** Looks at every line; answers how many bytes are lines, whatever they hold. */
  private judge(): number {
    const { size } = fstatSync(this.file);
    for (const flaw of flawsIn(this.chunks(0, size))) {
      if (flaw.verdict === 'torn') return this.leaveOut(flaw);
      if (flaw.line === 1) throw new Error('it is not a journal of Skiff, or its first line is damaged');
      if (this.options.skipDamaged !== true) throw new Error(damageText(flaw));
      this.setAside(flaw);
    }
    return size;
  }

  /** The torn end of a write that never was: it goes before anything is written after it. */
  private leaveOut(line: Flaw): number {
    this.torn = true;
    const length = line.end - line.start;
    if (line.line > 1) {
      this.notice(`${this.path}: ${length} bytes ${placeText(line)} are of a write that was cut off, and are left out`);
    }
    return line.start;
  }

  private damaged(place: Place, reason: string): Error {
    return new Error(`${this.path} cannot be used: ${damageText(place)}: ${reason}`);
  }

  private setAside(place: Place): void {
    this.aside.add(place, this.chunks(place.start, place.end));
  }

  private notice(text: string): void {
    this.options.notice?.(text);
  }

  private nextRewrite(): number {
    return this.bytes + Math.max(this.bytes, this.options.growthBytes ?? defaultGrowthBytes);
  }

  private write(line: string): void {
    try {
      if (this.torn) ftruncateSync(this.file, this.bytes);
      this.torn = false;
      const bytes = Buffer.from(line);
      writeAll(this.file, bytes, { position: this.bytes, write: this.options.write });
      if (this.options.durability === 'disk') fdatasyncSync(this.file);
      this.bytes += bytes.length;
    } catch (cause) {
      this.undo();
      throw new Error(`writing to ${this.path}: ${errorMessage(cause)}`, { cause });
    }
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

const damageText = (place: Place): string =>
  `it is damaged ${placeText(place)}; \`skiff up --skip-damaged\` sets aside what cannot be read and goes on without it`;
