import { closeSync, openSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Gives the directory free again. */
export type Unlock = () => void;

/**
 * Holds a directory against other processes; undefined when another one holds it. The kernel keeps the lock and drops it
 * when the process ends in whatever way, so none is ever left behind. On Linux two containers with network namespaces of
 * their own do not see each other's.
 */
export async function lockDirectory(directory: string): Promise<Unlock | undefined> {
  const { dev, ino } = statSync(directory, { bigint: true });
  if (process.platform === 'linux') return listen(`\0skiff-${dev}-${ino}`);
  if (process.platform === 'win32') return listen(`\\\\.\\pipe\\skiff-${dev}-${ino}`);
  return openExclusively(join(directory, 'lock'));
}

/** A name to listen on, of which there is only one: Linux's abstract sockets and Windows' pipes have no files. */
function listen(name: string): Promise<Unlock | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => {
      server.unref();
      resolve(() => void server.close());
    });
  });
}

/** open(2) of the BSDs and macOS locks the file that it opens; Node does not name these flags. */
function openExclusively(path: string): Unlock | undefined {
  const readWrite = 0x2;
  const nonBlocking = 0x4;
  const exclusiveLock = 0x20;
  const create = 0x200;
  try {
    const file = openSync(path, readWrite | nonBlocking | exclusiveLock | create, 0o600);
    return () => closeSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}
