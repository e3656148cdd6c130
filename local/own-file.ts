import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isTrusted, realPath } from './trusted-path.ts';

const ownerOnly = 0o600;

/**
 * Opens a file that has to belong to this user, and takes it from everybody else. Throws when it belongs to somebody else,
 * is reached by somebody else's link, or is no file.
 */
export function openOwnFile(path: string, flags: number = constants.O_RDWR): number {
  const file = openSync(realPath(path), flags | (constants.O_NOFOLLOW ?? 0));
  try {
    const found = fstatSync(file);
    const { uid, mode } = found;
    if (!found.isFile()) throw new Error(`${path} is not a file`);
    if (!isTrusted(uid)) throw new Error(`${path} belongs to user ${uid}: move it away, or choose another directory`);
    if ((mode & 0o777) !== ownerOnly && uid === process.geteuid?.()) fchmodSync(file, ownerOnly);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The content of such a file; undefined when there is none. */
export function readOwnFile(path: string): string | undefined {
  let file: number;
  try {
    file = openOwnFile(path, constants.O_RDONLY);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Names of files that are being written; what has such a name when nobody writes is left over from a process that died. */
export const unfinished = /\.[0-9a-f]{12}\.new$/;

/** Makes a file beside another, under a name that nobody can foresee, for its owner alone. */
export function openNewFile(path: string, ending = 'new'): { readonly file: number; readonly path: string } {
  const made = `${path}.${randomBytes(6).toString('hex')}.${ending}`;
  return { file: openSync(made, 'wx', ownerOnly), path: made };
}
