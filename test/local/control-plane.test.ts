import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DataDirectory, openDataDirectory } from '../../local/data-directory.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

interface ObjectBody {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
}

const create = async ({ call }: Harness, name: string): Promise<ObjectBody> => {
  const answer = await call('POST', configMaps, { body: configMap(name) });
  expect(answer.status).toBe(201);
  return answer.body<ObjectBody>();
};

const openData = (path: string, clock: ManualClock): Promise<DataDirectory> =>
  openDataDirectory(path, {
    nowMilliseconds: clock.now(),
    durability: 'kernel',
    report: (error) => {
      throw error;
    },
  });

/** The first line of a watch. */
async function firstEvent({ app }: Harness, query: string): Promise<unknown> {
  const response = await app.request(`${configMaps}?watch=true&${query}`, {
    headers: { authorization: 'Bearer token-of-the-harness' },
  });
  const reader = response.body?.getReader();
  let text = '';
  while (!text.includes('\n')) text += new TextDecoder().decode((await reader?.read())?.value);
  await reader?.cancel();
  return JSON.parse(text.slice(0, text.indexOf('\n')));
}

describe('control plane', () => {
  test('has what every cluster has, and stays quiet by itself', async () => {
    const harness = await startHarness();
    await harness.pass(60);
    const names = async (path: string): Promise<string[]> => {
      const { items } = (await harness.call('GET', path)).body<{ items: ObjectBody[] }>();
      return items.map(({ metadata }) => metadata.name);
    };
    expect(await names('/api/v1/namespaces')).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    expect(await names('/api/v1/nodes')).toEqual(['fargate-us-east-1a', 'fargate-us-east-1b', 'fargate-us-east-1c']);
    expect(await names('/api/v1/namespaces/default/services')).toEqual(['kubernetes']);
    const revision = await harness.store.revision();
    await harness.pass(3600);
    expect(await harness.store.revision()).toBe(revision);
    expect(harness.reported).toEqual([]);
  });

  test('starts though an object is in the way of what every cluster has, and makes that when it has gone', async () => {
    const clock = new ManualClock();
    const path = join(await temporaryDirectory(), 'data');
    const first = await openData(path, clock);
    const before = await startHarness({ clock, data: first });
    const services = '/api/v1/namespaces/default/services';
    expect((await before.call('DELETE', `${services}/kubernetes`)).status).toBe(200);
    const spec = { clusterIP: '10.96.0.1', ports: [{ port: 80 }] };
    const squatter = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'squatter' }, spec };
    expect((await before.call('POST', services, { body: squatter })).status).toBe(201);
    await before.stop();
    first.close();

    const data = await openData(path, clock);
    const after = await startHarness({ clock, data });
    expect(String(after.reported[0])).toContain('preparing the installation');
    expect((await after.call('DELETE', `${services}/squatter`)).status).toBe(200);
    await after.pass(30);
    expect((await after.call('GET', `${services}/kubernetes`)).status).toBe(200);
    await after.stop();
    data.close();
  });

  test('answers nobody without the token', async () => {
    const { app } = await startHarness();
    for (const headers of [{}, { authorization: 'Bearer other' }]) {
      expect((await app.request(configMaps, { headers })).status).toBe(401);
    }
    expect((await app.request('/readyz')).status).toBe(200);
  });

  test('a watch from a revision of an earlier process is told to list again', async () => {
    const first = await startHarness();
    const { metadata } = await create(first, 'a');
    const second = await startHarness({ clock: new ManualClock(first.clock.now() + 60_000) });
    expect(await firstEvent(second, `resourceVersion=${metadata.resourceVersion}`)).toMatchObject({
      type: 'ERROR',
      object: { code: 410, reason: 'Expired' },
    });
  });

  test('with data, objects and their history are there again, and nothing else has changed', async () => {
    const path = join(await temporaryDirectory(), 'data');
    const clock = new ManualClock();
    const data = await openData(path, clock);
    const first = await startHarness({ clock, data });
    const a = await create(first, 'a');
    const b = await create(first, 'b');
    await first.pass(60);
    const all = async ({ call }: Harness): Promise<unknown> => {
      const paths = [configMaps, '/api/v1/namespaces', '/api/v1/nodes', '/api/v1/services', '/api/v1/endpoints'];
      return Promise.all(paths.map(async (each) => (await call('GET', each)).body<{ items: unknown }>().items));
    };
    const before = await all(first);
    await first.stop();
    data.close();

    const again = await openData(path, clock);
    const second = await startHarness({ clock, data: again });
    await second.pass(60);
    expect(await all(second)).toEqual(before);
    expect(await firstEvent(second, `resourceVersion=${a.metadata.resourceVersion}`)).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'b', uid: b.metadata.uid, resourceVersion: b.metadata.resourceVersion } },
    });
    expect(second.reported).toEqual([]);
    await second.stop();
    again.close();
  });

  test('stopped, it does nothing any more', async () => {
    const harness = await startHarness();
    await create(harness, 'a');
    await harness.pass(1);
    await harness.stop();
    const revision = await harness.store.revision();
    await harness.clock.advance(7_200_000);
    expect(await harness.store.revision()).toBe(revision);
    expect(harness.reported).toEqual([]);
  });
});
