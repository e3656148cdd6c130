import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../kubernetes/store/memory.ts';
import { type DataDirectory, openDataDirectory } from '../../local/data-directory.ts';
import { lockDirectory } from '../../local/directory-lock.ts';
import { create, key } from '../conformance/store-fixture.ts';
import { bundleProgram } from '../support/bundle-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const open = (path: string, nowMilliseconds = now): Promise<DataDirectory> =>
  openDataDirectory(path, {
    nowMilliseconds,
    durability: 'kernel',
    report: (error) => {
      throw error;
    },
  });

describe('data directory', () => {
  test('objects, authority and token are there again', async () => {
    const path = join(await temporaryDirectory(), 'deep', 'data');
    const first = await open(path);
    const authority = await first.authority();
    const token = first.token(undefined);
    const made = await create(new MemoryStore({ journal: first.journal }), key('a'));
    first.close();

    const second = await open(path);
    expect(await second.authority()).toEqual(authority);
    expect(second.token(undefined)).toBe(token);
    expect(await new MemoryStore({ journal: second.journal }).get(key('a'))).toEqual(made);
    second.close();
  });

  test('a given token takes the place of the one that was kept', async () => {
    const path = await temporaryDirectory();
    const first = await open(path);
    first.token(undefined);
    expect(first.token('mine')).toBe('mine');
    first.close();
    const second = await open(path);
    expect(second.token(undefined)).toBe('mine');
    second.close();
  });

  test('everything in it is for its owner only', async () => {
    const path = join(await temporaryDirectory(), 'data');
    const directory = await open(path);
    await directory.authority();
    directory.token(undefined);
    directory.close();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(path).toSorted()).toEqual([
      'authority.pem',
      'ecs.journal',
      'objects.journal',
      'reserve',
      'secrets.journal',
      'token',
    ]);
    for (const name of readdirSync(path)) expect(statSync(join(path, name)).mode & 0o777, `${name}`).toBe(0o600);
  });

  test('an authority that is about to end, or is torn, is replaced', async () => {
    const path = await temporaryDirectory();
    const first = await open(path);
    const old = await first.authority();
    first.close();
    const later = await open(path, now + 3500 * 86_400_000);
    const fresh = await later.authority();
    expect(fresh.certificate).not.toBe(old.certificate);
    writeFileSync(join(path, 'authority.pem'), fresh.certificate);
    const third = await later.authority();
    expect(readFileSync(join(path, 'authority.pem'), 'utf8')).toBe(third.certificate + third.key);
    later.close();
  });

  test('refuses a directory that is in use, until it is free', async () => {
    const path = await temporaryDirectory();
    const first = await open(path);
    await expect(open(path)).rejects.toThrow(`${path} is in use by another skiff`);
    await expect(open(join(path, '..', path.split('/').at(-1) ?? ''))).rejects.toThrow('in use');
    first.close();
    (await open(path)).close();
  });

  test('a process that was killed leaves no lock behind', async () => {
    const program = await bundleProgram('test/local/programs/directory-holder.ts');
    const path = await temporaryDirectory();
    const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    await expect(open(path)).rejects.toThrow('in use');
    child.kill('SIGKILL');
    await closed;
    (await open(path)).close();
  });

  test('leaves no lock behind, also none of a process that was killed', async () => {
    const path = await temporaryDirectory();
    const handle = createServer().listen(join(path, 'lock.0123456789ab'));
    await once(handle, 'listening');
    await expect(open(path)).rejects.toThrow('in use');
    // What Node does not remove is there as after a kill.
    renameSync(join(path, 'lock.0123456789ab'), join(path, 'lock.ba9876543210'));
    handle.close();
    (await open(path)).close();
    expect(readdirSync(path).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  test('of many that come at once at most one gets it', async () => {
    const path = await temporaryDirectory();
    const locks = await Promise.all(Array.from({ length: 20 }, () => lockDirectory(path)));
    expect(locks.filter((unlock) => unlock !== undefined).length).toBeLessThanOrEqual(1);
    for (const unlock of locks) unlock?.();
    const last = await lockDirectory(path);
    expect(last).toBeDefined();
    last?.();
  });

  test.runIf(process.platform === 'linux')('is not held by a name that every user may take', async () => {
    const path = await temporaryDirectory();
    const { dev, ino } = statSync(path, { bigint: true });
    const stranger = createServer().listen(`\0skiff-${dev}-${ino}`);
    await once(stranger, 'listening');
    const unlock = await lockDirectory(path);
    expect(unlock).toBeDefined();
    unlock?.();
    stranger.close();
  });

  test('may be as deep as paths can be', async () => {
    const path = join(await temporaryDirectory(), ...Array.from({ length: 10 }, () => 'x'.repeat(100)));
    const first = await open(path);
    await expect(open(path)).rejects.toThrow('in use');
    first.close();
  });

  test('refuses a journal that is none, and gives the directory free', async () => {
    const path = await temporaryDirectory();
    writeFileSync(join(path, 'objects.journal'), 'hello');
    await expect(open(path)).rejects.toThrow('it is not a journal of Skiff');
    await expect(open(path)).rejects.toThrow('it is not a journal of Skiff');
  });

  test('refuses a file in the place of the directory', async () => {
    const path = join(await temporaryDirectory(), 'file');
    writeFileSync(path, '');
    await expect(open(path)).rejects.toThrow(path);
    mkdirSync(`${path}-2`);
    (await open(`${path}-2`)).close();
  });
});
