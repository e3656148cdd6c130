import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** The content of a file; undefined when there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a file that only its owner can read, whole or not at all. A link is followed, not replaced. The new content is
 * written beside it first, under a name of its own; where there is but one writer a fixed `suffix` leaves no litter when
 * the process is killed meanwhile.
 */
export function writePrivateFile(path: string, content: string, suffix = randomBytes(6).toString('hex')): void {
  const target = resolveLink(path);
  const temporary = `${target}.${suffix}`;
  try {
    // On disk before it has its name: a power failure must not leave an empty file where there was a good one.
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function resolveLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
