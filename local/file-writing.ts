import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { openNewFile } from './own-file.ts';

const chunkCharacters = 1024 * 1024;

/** A file's bytes between two places, in pieces that stay as they are. */
export function* readChunks(
  file: number,
  { start, end, chunkBytes }: { readonly start: number; readonly end: number; readonly chunkBytes: number },
): Generator<Buffer> {
  for (let at = start; at < end;) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at));
    const length = readSync(file, chunk, 0, chunk.length, at);
    if (length === 0) return;
    yield chunk.subarray(0, length);
    at += length;
  }
}

/** Writes all bytes, however many the kernel takes at once; at the file's end without a position. */
export function writeAll(
  file: number,
  bytes: Buffer,
  { position, write = writeSync }: { readonly position?: number; readonly write?: typeof writeSync | undefined },
): void {
  for (let done = 0; done < bytes.length;) {
    done += write(file, bytes, done, bytes.length - done, position === undefined ? null : position + done);
  }
}

/** Puts lines in the place of a file, whole or not at all, on disk in any case; the answer is the new file, open. */
export function replaceFile(
  path: string,
  lines: Iterable<string>,
  write?: typeof writeSync,
): { readonly file: number; readonly bytes: number } {
  const { file, path: temporary } = openNewFile(path);
  try {
    const bytes = writeLines(file, lines, write);
    fsyncSync(file);
    renameSync(temporary, path);
    syncDirectory(dirname(path));
    return { file, bytes };
  } catch (error) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeLines(file: number, lines: Iterable<string>, write: typeof writeSync | undefined): number {
  let size = 0;
  let chunk = '';
  const flush = (): void => {
    const bytes = Buffer.from(chunk);
    writeAll(file, bytes, { position: size, write });
    size += bytes.length;
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
