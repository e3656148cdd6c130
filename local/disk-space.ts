import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, renameSync, rmSync, statfsSync, statSync, type writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorMessage } from '../kubernetes/error-message.ts';
import { reserveBytes } from '../kubernetes/limits.ts';
import { storageFull } from '../kubernetes/status-error.ts';
import { writeAll } from './file-writing.ts';
import { openNewFile } from './own-file.ts';

export interface DiskSpaceOptions {
  /** Told once when there is no room any more, and once when there is again. */
  notice(text: string): void;
  /** Writes to the disk; for tests of a full one. */
  readonly write?: typeof writeSync | undefined;
}

/** A write to one of the files of a directory. */
export interface SpaceWrite {
  readonly line: string;
  /** What is to be written in its place from the room that is held back: something that frees room. Undefined: nothing. */
  instead(): string | undefined;
  /** Writes all of a text or nothing. */
  write(text: string): void;
}

/**
 * Knows whether there is room on the disk of a directory. Some is held back in a file: on a full disk nothing is written
 * any more but deletions, and those from what was held back, as an etcd without space takes nothing but them.
 */
export class DiskSpace {
  private readonly path: string;
  private readonly options: DiskSpaceOptions;
  private why: string | undefined;
  private spent = false;

  constructor(directory: string, options: DiskSpaceOptions) {
    this.path = join(directory, 'reserve');
    this.options = options;
    if (statSync(this.path, { throwIfNoEntry: false })?.size === reserveBytes) return;
    this.spent = true;
    try {
      this.hold(reserveBytes);
    } catch (error) {
      this.noteFull(error);
    }
  }

  /** The room that was held back is given up: to make files smaller is worth a try. */
  get exhausted(): boolean {
    return this.spent;
  }

  /** Why nothing new can be kept; looks whether that is still so. Undefined: it can be. */
  trouble(): string | undefined {
    if (this.why !== undefined) this.recover();
    return this.why;
  }

  /** Writes, from what is held back when there is no other room and it may be; throws when it cannot. */
  write(asked: SpaceWrite): void {
    if (this.spent && !this.recover()) return this.writeFromReserve(asked);
    try {
      asked.write(asked.line);
    } catch (error) {
      if (!isFull(error)) throw error;
      this.noteFull(error);
      this.writeFromReserve(asked);
    }
  }

  private writeFromReserve(asked: SpaceWrite): void {
    const text = asked.instead();
    if (text === undefined) throw storageFull(this.why ?? '');
    if (!this.spent) rmSync(this.path, { force: true });
    this.spent = true;
    try {
      asked.write(text);
    } catch (error) {
      throw isFull(error) ? storageFull(errorMessage(error)) : error;
    }
  }

  private noteFull(error: unknown): void {
    const isNew = this.why === undefined;
    this.why = errorMessage(error);
    if (isNew) this.options.notice(`${this.why}: until there is room, nothing can be changed but by deletions`);
  }

  /** Whether there is room again: for what is held back and as much besides, so that it does not end at once. */
  private recover(): boolean {
    // Anybody may ask often whether there is room: most times that is seen without writing.
    if (!this.mayHave(2 * reserveBytes)) return false;
    try {
      this.hold(2 * reserveBytes);
    } catch {
      return false;
    }
    this.why = undefined;
    this.options.notice('there is room on the disk again');
    return true;
  }

  private mayHave(bytes: number): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.path));
    return bavail * bsize >= bytes;
  }

  /** Takes so much room, by bytes that no file system can make smaller, and keeps of it what is held back. */
  private hold(bytes: number): void {
    const { file, path } = openNewFile(this.path);
    try {
      writeAll(file, randomBytes(bytes), { position: 0, write: this.options.write });
      fsyncSync(file);
      ftruncateSync(file, reserveBytes);
      renameSync(path, this.path);
      this.spent = false;
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  }
}

const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** Whether it is for want of room, or of a quota, that something could not be written. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && fullCodes.includes(error.code)) || isFull(error.cause);
}
