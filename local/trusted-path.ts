import { lstatSync, mkdirSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { errorMessage } from '../kubernetes/error-message.ts';

const groupOrOthersMayWrite = 0o022;
const othersMayWrite = 0o002;
/** In such a directory only the owner of a file may rename or remove it, as in /tmp. */
const sticky = 0o1000;

/** Whether a user's files can be relied upon: this user's, and root's. Where there are no such numbers (Windows), all can. */
export const isTrusted = (uid: number): boolean =>
  process.geteuid === undefined || uid === 0 || uid === process.geteuid();

/** The path without links, its end need not be there. Throws at a link that belongs to somebody else. */
export function realPath(path: string): string {
  const full = resolve(path);
  let at = parse(full).root;
  for (const name of full.slice(at.length).split(sep).filter(Boolean)) {
    const next = join(at, name);
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true) {
      at = next;
    } else {
      if (!isTrusted(found.uid))
        throw new Error(`${next} is a link that belongs to user ${found.uid}: choose another path`);
      at = realPath(resolve(at, readlinkSync(next)));
    }
  }
  return at;
}

/** Makes a directory that is this user's alone unless it is there. Throws when others may write to it, or replace it. */
export function makeOwnDirectory(path: string): void {
  makeDirectory(path);
  const real = realPath(path);
  const { uid, mode } = statSync(real);
  if (!isTrusted(uid)) throw new Error(`${real} belongs to user ${uid}: choose another directory`);
  if (process.geteuid !== undefined && (mode & groupOrOthersMayWrite) !== 0) {
    throw new Error(
      `others may write to ${real}: take that away with \`chmod go-w ${real}\`, or choose another directory`,
    );
  }
  requireSafe(dirname(real));
}

/** Makes the directory of a file unless it is there. Throws when somebody else could put another file in the file's place. */
export function makeDirectoryOf(path: string): void {
  makeDirectory(dirname(resolve(path)));
  const real = dirname(realPath(path));
  const { uid } = statSync(real);
  if (!isTrusted(uid)) throw new Error(`${real} belongs to user ${uid}: choose another directory for ${path}`);
  requireSafe(real);
}

function makeDirectory(path: string): void {
  // Nothing is made behind the link of somebody else.
  makeLevels(realPath(path));
}

/** One level after the other: where a file system lets nothing be made, Node's `recursive` tries for ever. */
function makeLevels(path: string): void {
  if (isDirectory(path)) return;
  makeLevels(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isDirectory(path)) throw new Error(`${path} cannot be made: ${errorMessage(error)}`, { cause: error });
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whoever may write to a directory above can put another one in the place of what is in it. */
function requireSafe(directory: string): void {
  if (process.geteuid === undefined) return;
  for (let at = directory; ; at = dirname(at)) {
    const { mode } = statSync(at);
    if ((mode & othersMayWrite) !== 0 && (mode & sticky) === 0) {
      throw new Error(
        `everybody may write to ${at}: take that away with \`chmod o-w ${at}\`, or choose another directory`,
      );
    }
    if (at === dirname(at)) return;
  }
}
