import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reserveBytes } from '../../kubernetes/limits.ts';
import { type DataDirectory, openDataDirectory } from '../../local/data-directory.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const kilobytes = (name: string, size: number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: 'x'.repeat(size * 1024) },
});

interface Full {
  readonly disk: SmallDisk;
  readonly harness: Harness;
  readonly notices: string[];
  /** Another process with the same directory, after the end of the first. */
  readonly restart: () => Promise<Harness>;
}

/** Skiff on a disk with room for 3 MB besides what is held back. */
async function onSmallDisk(): Promise<Full> {
  const path = join(await temporaryDirectory(), 'data');
  mkdirSync(path, { mode: 0o700 });
  const disk = new SmallDisk(path, reserveBytes + 3 * 1024 * 1024);
  const clock = new ManualClock();
  const notices: string[] = [];
  const open = (): Promise<DataDirectory> =>
    openDataDirectory(path, {
      nowMilliseconds: clock.now(),
      durability: 'kernel',
      report: (error) => {
        throw error;
      },
      notice: (text) => notices.push(text),
      write: disk.write,
    });
  const data = await open();
  const harness = await startHarness({ clock, data });
  const restart = async (): Promise<Harness> => {
    await harness.stop();
    data.close();
    return startHarness({ clock, data: await open() });
  };
  return { disk, harness, notices, restart };
}

/** Makes ConfigMaps until one is refused; answers the refusal and how many there are. */
async function fill({ call }: Harness, size = 400) {
  for (let made = 0; ; made += 1) {
    const answer = await call('POST', configMaps, { body: kilobytes(`full-${made}`, size) });
    if (answer.status !== 201) return { made, answer };
  }
}

const health = async ({ call }: Harness): Promise<readonly number[]> =>
  Promise.all(['/healthz', '/readyz', '/livez'].map(async (path) => (await call('GET', path)).status));

describe('a full disk', () => {
  test('is said by each refusal, by the health of the server, and once in the log', async () => {
    const { harness, notices } = await onSmallDisk();
    expect(await health(harness)).toEqual([200, 200, 200]);
    const { answer } = await fill(harness);
    expect(answer.status).toBe(500);
    expect(answer.body()).toMatchObject({
      kind: 'Status',
      message: expect.stringMatching(/^etcdserver: mvcc: database space exceeded: .*ENOSPC: no space left on device/),
    });
    await fill(harness, 900);
    expect(await health(harness)).toEqual([500, 500, 200]);
    const told = await harness.app.request('/readyz');
    expect(await told.text()).toMatch(/\[-\]store failed: .*no space left on device.*\nreadyz check failed\n/);
    expect(notices).toEqual([expect.stringContaining('ENOSPC: no space left on device')]);
    expect(harness.reported).toEqual([]);
  });

  test('takes deletions, all of them, and then is as before', async () => {
    const { harness, notices, restart } = await onSmallDisk();
    const { made } = await fill(harness);
    for (let index = 0; index < made; index += 1) {
      expect((await harness.call('DELETE', `${configMaps}/full-${index}`)).status, `full-${index}`).toBe(200);
    }
    expect(await health(harness)).toEqual([200, 200, 200]);
    expect((await harness.call('POST', configMaps, { body: kilobytes('a', 400) })).status).toBe(201);
    expect(notices.at(-1)).toBe('there is room on the disk again');
    expect(notices).toHaveLength(2);

    const next = await restart();
    const { items } = (await next.call('GET', configMaps)).body<{ items: { metadata: { name: string } }[] }>();
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'kube-root-ca.crt'].slice(0, items.length));
  });

  test('takes nothing new from what is held back for deletions', async () => {
    const { disk, harness } = await onSmallDisk();
    await fill(harness);
    disk.capacity = disk.used();
    expect((await harness.call('DELETE', `${configMaps}/full-0`)).status).toBe(200);
    expect((await harness.call('POST', configMaps, { body: kilobytes('small', 1) })).status).toBe(500);
    expect((await harness.call('DELETE', `${configMaps}/full-1`)).status).toBe(200);
  });

  test('is as before when there is room again, and Skiff starts on it', async () => {
    const { disk, harness, restart } = await onSmallDisk();
    await fill(harness);
    disk.capacity = disk.used();
    await harness.call('DELETE', `${configMaps}/full-0`);
    const next = await restart();
    disk.capacity = disk.used() + 64 * 1024;
    expect((await next.call('POST', configMaps, { body: kilobytes('b', 400) })).status).toBe(500);
    expect((await next.call('DELETE', `${configMaps}/full-1`)).status).toBe(200);
    disk.capacity *= 3;
    expect(await health(next)).toEqual([200, 200, 200]);
    expect((await next.call('POST', configMaps, { body: kilobytes('b', 400) })).status).toBe(201);
  });
});
