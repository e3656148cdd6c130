import { closeSync, fsyncSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeAll } from './file-writing.ts';
import { openNewFile } from './own-file.ts';
import { isTrusted, makeDirectoryOf, realPath } from './trusted-path.ts';

/**
 * Throws when others may write to a file that this user relies upon, or could put another in its place, and says what is
 * to be done. A file that is not there yet is as good as one's own; its directory is made.
 */
export function requireOwnFile(path: string): void {
  makeDirectoryOf(path);
  const found = statSync(realPath(path), { throwIfNoEntry: false });
  if (found === undefined || process.geteuid === undefined) return;
  if (!isTrusted(found.uid)) throw new Error(`${path} belongs to user ${found.uid}: choose another file`);
  if ((found.mode & 0o022) !== 0) {
    throw new Error(`others may write to ${path}: take that away with \`chmod go-w ${path}\`, or choose another file`);
  }
}

/**
 * Writes a file that only its owner can read, whole or not at all. A link is followed, not replaced, unless it belongs to
 * somebody else. The new content is written beside it first, under a name of its own.
 */
export function writePrivateFile(path: string, content: string): void {
  const target = realPath(path);
  const { file, path: temporary } = openNewFile(target);
  try {
    writeAll(file, Buffer.from(content), {});
    // On disk before it has its name: a power failure must not leave an empty file where there was a good one.
    fsyncSync(file);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
