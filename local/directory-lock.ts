import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';

/** Gives the directory free again. */
export type Unlock = () => void;

/**
 * Holds a directory against other processes; undefined when another one holds it. The kernel keeps the lock and drops it
 * when the process ends in whatever way, so none is ever left behind. Only who may write to the directory can hold it.
 */
export async function lockDirectory(directory: string): Promise<Unlock | undefined> {
  if (process.platform === 'linux') return lockBySocket(directory);
  if (process.platform === 'win32') return lockByName(directory, '\\\\.\\pipe\\skiff');
  return openExclusively(join(directory, 'lock'));
}

const socketName = /^lock\.[0-9a-f]{12}$/;
/** What file systems answer that have no sockets, as some that are shared with a virtual machine. */
const noSockets: readonly unknown[] = ['EOPNOTSUPP', 'ENOTSUP', 'EPERM', 'EINVAL', 'ENOSYS'];

/**
 * Listens on a socket of its own in the directory and then asks all others there. Who listens before it asks cannot miss
 * another one who does the same: of two that come at the same moment at most one holds the directory, perhaps none.
 */
async function lockBySocket(directory: string): Promise<Unlock | undefined> {
  // The path of a socket has at most 107 bytes: this one is short wherever the directory is.
  const handle = openSync(directory, 'r');
  const at = (name: string): string => `/proc/self/fd/${handle}/${name}`;
  const own = `lock.${randomBytes(6).toString('hex')}`;
  let release: Unlock | undefined;
  const unlock = (): void => {
    release?.();
    rmSync(at(own), { force: true });
    closeSync(handle);
  };
  try {
    release = await listen(at(own));
    const others = readdirSync(directory).filter((name) => socketName.test(name) && name !== own);
    for (const name of others) {
      if (await answers(at(name))) {
        unlock();
        return undefined;
      }
      rmSync(at(name), { force: true });
    }
    // Somebody who came at the same moment has found it before it listened.
    if (existsSync(at(own))) return unlock;
    unlock();
    return undefined;
  } catch (error) {
    unlock();
    if (!noSockets.includes(codeOf(error))) throw error;
    return lockByName(directory, '\0skiff');
  }
}

/** Whether somebody listens there; one who is too busy to answer does. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(String(codeOf(error)))));
  });
}

/** A name of the whole machine, of which there is only one: Linux's abstract sockets and Windows' pipes have no files. */
async function lockByName(directory: string, prefix: string): Promise<Unlock | undefined> {
  const { dev, ino } = statSync(directory, { bigint: true });
  try {
    return await listen(`${prefix}-${dev}-${ino}`);
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
}

function listen(name: string): Promise<Unlock> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
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
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
