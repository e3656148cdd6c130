import { memoryUsage } from 'node:process';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { heldListMilliseconds, pieceBytes } from '../../../kubernetes/limits.ts';
import { settle } from '../../support/manual-clock.ts';
import { apiFixture, configMap, configMaps, type ApiFixture, type Json } from './fixture.ts';

const merge = 'application/merge-patch+json';

/** Opens a watch; `events` gives what has come since it was asked last, `ended` whether that was all. */
async function open({ request }: ApiFixture, query: string, accept?: string) {
  const response = await request('GET', `${configMaps}?${query}`, accept === undefined ? {} : { accept });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let ended = false;
  const pump = async (): Promise<void> => {
    for (;;) {
      const read = await reader?.read();
      if (read?.value) text += decoder.decode(read.value, { stream: true });
      if (!read || read.done) break;
    }
    ended = true;
  };
  const pumping = pump();
  return {
    response,
    ended: () => ended,
    close: async () => {
      await reader?.cancel();
      await pumping;
    },
    events: async (): Promise<Json[]> => {
      await settle();
      const lines = text.split('\n').filter((line) => line !== '');
      text = '';
      return lines.map((line): Json => JSON.parse(line));
    },
  };
}

const short = (events: readonly Json[]) =>
  events.map(
    ({ type, object }) => `${type} ${object?.['metadata']?.['name']} ${object?.['metadata']?.['resourceVersion']}`,
  );

describe('a watch', () => {
  test('begins with what there is, and goes on with what happens', async () => {
    const fixture = await apiFixture();
    await fixture.send('POST', configMaps, { body: configMap('a') });
    const watch = await open(fixture, 'watch=true');
    expect(watch.response.headers.get('content-type')).toBe('application/json');
    expect(short(await watch.events())).toEqual(['ADDED a 2']);
    await fixture.send('POST', configMaps, { body: configMap('b') });
    await fixture.send('PATCH', `${configMaps}/b`, { body: { data: { c: '1' } }, type: merge });
    await fixture.send('DELETE', `${configMaps}/a`);
    expect(short(await watch.events())).toEqual(['ADDED b 3', 'MODIFIED b 4', 'DELETED a 5']);
    await watch.close();
  });

  test('answers before anything has happened', async () => {
    const fixture = await apiFixture();
    const watch = await open(fixture, 'watch=1&resourceVersion=1');
    expect(watch.response.status).toBe(200);
    await watch.close();
  });

  test('misses and doubles nothing that happens while it begins', async () => {
    const fixture = await apiFixture();
    for (const name of ['a', 'b']) await fixture.send('POST', configMaps, { body: configMap(name) });
    const seen: string[][] = [];
    const watches = [];
    for (let index = 0; index < 6; index += 1) {
      const write = fixture.send('POST', configMaps, { body: configMap(`n${index}`) });
      watches.push(await open(fixture, index % 2 === 0 ? 'watch=true' : 'watch=true&resourceVersion=2'));
      await write;
    }
    for (const watch of watches) seen.push(short(await watch.events()));
    const all = ['ADDED a 2', 'ADDED b 3', ...[0, 1, 2, 3, 4, 5].map((index) => `ADDED n${index} ${4 + index}`)];
    for (const [index, events] of seen.entries()) {
      expect(events.toSorted()).toEqual(index % 2 === 0 ? all : all.slice(1));
    }
    for (const watch of watches) await watch.close();
  });

  test('of one resource and namespace tells of no other', async () => {
    const fixture = await apiFixture();
    const watch = await open(fixture, 'watch=true');
    for (const namespace of ['shop', 'elsewhere']) {
      await fixture.store.create(
        { resource: 'secrets', namespace, name: 's' },
        { kind: 'Secret', apiVersion: 'v1', metadata: { name: 's' } },
      );
    }
    await fixture.store.create(
      { resource: 'configmaps', namespace: 'elsewhere', name: 'c' },
      { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c', namespace: 'elsewhere' } },
    );
    await fixture.send('POST', configMaps, { body: configMap('mine') });
    expect(short(await watch.events())).toEqual(['ADDED mine 5']);
    await watch.close();
  });

  test('turns the comings and goings of a selection into additions and deletions', async () => {
    const fixture = await apiFixture();
    const watch = await open(fixture, 'watch=true&labelSelector=g%3Dx');
    const label = (value: string | null) =>
      fixture.send('PATCH', `${configMaps}/a`, { body: { metadata: { labels: { g: value } } }, type: merge });
    await fixture.send('POST', configMaps, { body: configMap('a') });
    await label('x');
    await fixture.send('PATCH', `${configMaps}/a`, { body: { data: { b: '1' } }, type: merge });
    await label('y');
    await label('x');
    await fixture.send('DELETE', `${configMaps}/a`);
    const events = await watch.events();
    expect(short(events)).toEqual(['ADDED a 3', 'MODIFIED a 4', 'DELETED a 5', 'ADDED a 6', 'DELETED a 7']);
    expect(events[2]?.['object']?.['metadata']?.['labels']).toEqual({ g: 'y' });
    await watch.close();
  });

  test('ends at its deadline, after a bookmark when it wants bookmarks', async () => {
    const fixture = await apiFixture();
    const plain = await open(fixture, 'watch=true&timeoutSeconds=10');
    const marked = await open(fixture, 'watch=true&timeoutSeconds=10&allowWatchBookmarks=true');
    await fixture.store.create(
      { resource: 'secrets', namespace: 'shop', name: 's' },
      { kind: 'Secret', apiVersion: 'v1', metadata: { name: 's' } },
    );
    await fixture.clock.advance(9_999);
    expect(await plain.events()).toEqual([]);
    await fixture.clock.advance(1);
    expect(await plain.events()).toEqual([]);
    expect(await marked.events()).toEqual([
      { type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: '2' } } },
    ]);
    expect([plain.ended(), marked.ended()]).toEqual([true, true]);
  });

  test('ends at the latest when the server says', async () => {
    const fixture = await apiFixture({ maximumWatchSeconds: 60 });
    const watch = await open(fixture, 'watch=true&timeoutSeconds=3600');
    await fixture.clock.advance(60_000);
    await settle();
    expect(watch.ended()).toBe(true);
  });

  test('is given a bookmark every minute', async () => {
    const fixture = await apiFixture();
    const watch = await open(fixture, 'watch=true&allowWatchBookmarks=true');
    await fixture.clock.advance(120_000);
    expect((await watch.events()).map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK']);
    await watch.close();
  });

  test('from a revision that is no longer kept is one ERROR event', async () => {
    const fixture = await apiFixture({ store: new MemoryStore({ keep: { changes: 2 } }) });
    for (const name of ['a', 'b', 'c', 'd']) await fixture.send('POST', configMaps, { body: configMap(name) });
    const watch = await open(fixture, 'watch=true&resourceVersion=1');
    expect(watch.response.status).toBe(200);
    expect(await watch.events()).toMatchObject([
      {
        type: 'ERROR',
        object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (3)' },
      },
    ]);
    expect(watch.ended()).toBe(true);
  });

  test('from a revision that is not reached yet waits for it', async () => {
    const fixture = await apiFixture();
    const ahead = await open(fixture, 'watch=true&resourceVersion=3');
    const present = await open(fixture, 'watch=true');
    for (const name of ['a', 'b', 'c']) await fixture.send('POST', configMaps, { body: configMap(name) });
    expect(short(await ahead.events())).toEqual(['ADDED c 4']);
    expect(await present.events()).toHaveLength(3);
    await ahead.close();
    await present.close();
  });

  test('marks the end of the initial events when it is asked to', async () => {
    const fixture = await apiFixture();
    await fixture.send('POST', configMaps, { body: configMap('a') });
    const asked = 'watch=true&sendInitialEvents=true&allowWatchBookmarks=true';
    const watch = await open(fixture, `${asked}&resourceVersionMatch=NotOlderThan&resourceVersion=1`);
    expect(await watch.events()).toMatchObject([
      { type: 'ADDED' },
      {
        type: 'BOOKMARK',
        object: { metadata: { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } } },
      },
    ]);
    await watch.close();
    const refused = await fixture.send('GET', `${configMaps}?${asked}`);
    expect([refused.status, refused.body['reason']]).toEqual([422, 'Invalid']);
  });

  test('of Tables sends the columns once', async () => {
    const fixture = await apiFixture();
    for (const name of ['a', 'b']) await fixture.send('POST', configMaps, { body: configMap(name) });
    const watch = await open(fixture, 'watch=true', 'application/json;as=Table;v=v1;g=meta.k8s.io');
    const events = await watch.events();
    expect(events).toMatchObject([
      {
        type: 'ADDED',
        object: { kind: 'Table', metadata: { resourceVersion: '2' }, rows: [{ cells: ['a', 1, '0s'] }] },
      },
      { type: 'ADDED', object: { columnDefinitions: null, rows: [{ cells: ['b', 1, '0s'] }] } },
    ]);
    expect(events[0]?.['object']?.['columnDefinitions']).toHaveLength(3);
    await watch.close();
  });

  test('of metadata leaves the rest out', async () => {
    const fixture = await apiFixture();
    await fixture.send('POST', configMaps, { body: configMap('a') });
    const watch = await open(fixture, 'watch=true', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
    const [event] = await watch.events();
    expect(event?.['object']).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
    expect(event?.['object']).not.toHaveProperty('data');
    await watch.close();
  });

  test.each([`/api/v1/watch/namespaces/shop/configmaps/a`, '/api/v1/watch/configmaps'])(
    'is served at %s too',
    async (path) => {
      const fixture = await apiFixture();
      await fixture.send('POST', configMaps, { body: configMap('a') });
      const response = await fixture.request('GET', path);
      const reader = response.body?.getReader();
      expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(
        /^\{"type":"ADDED","object":\{"kind":"ConfigMap"/,
      );
      await reader?.cancel();
    },
  );

  test('that its client leaves holds nothing any more', async () => {
    let waiting = 0;
    class CountingStore extends MemoryStore {
      override async changed(...parameters: Parameters<MemoryStore['changed']>): Promise<void> {
        waiting += 1;
        await super.changed(...parameters);
        waiting -= 1;
      }
    }
    const fixture = await apiFixture({ store: new CountingStore() });
    const watches = [await open(fixture, 'watch=true'), await open(fixture, 'watch=true&allowWatchBookmarks=true')];
    await settle();
    expect(waiting).toBe(1);
    for (const watch of watches) await watch.close();
    await settle();
    expect(waiting).toBe(0);
    // Its timers are gone as well: nothing is reported or thrown when their time comes.
    await fixture.clock.advance(3_600_000);
    expect(fixture.reported).toEqual([]);
  });

  test('is ended with an error when the store fails', async () => {
    class FailingStore extends MemoryStore {
      broken = false;
      override async changes(...parameters: Parameters<MemoryStore['changes']>) {
        if (this.broken) throw new Error('disk on fire');
        return super.changes(...parameters);
      }
    }
    const store = new FailingStore();
    const fixture = await apiFixture({ store });
    const watch = await open(fixture, 'watch=true');
    await settle();
    store.broken = true;
    await fixture.send('POST', configMaps, { body: configMap('a') });
    const events = await watch.events();
    expect(events).toMatchObject([{ type: 'ERROR', object: { code: 500 } }]);
    expect(JSON.stringify(events)).not.toContain('fire');
    expect(fixture.reported).toMatchObject([{ message: 'disk on fire' }]);
    expect(watch.ended()).toBe(true);
  });
});

describe('a client of a watch that does not read', () => {
  const large = 'x'.repeat(100_000);
  const write = async (fixture: ApiFixture, count: number, data = large) => {
    for (let index = 0; index < count; index += 1)
      await fixture.send('POST', configMaps, { body: configMap(`c${String(index).padStart(4, '0')}`, { data }) });
  };
  const names = (events: readonly Json[]) => events.map(({ object }) => object?.['metadata']?.['name']);
  const expected = (count: number) => Array.from({ length: count }, (_, index) => `c${String(index).padStart(4, '0')}`);

  test('is given what there is in pieces', async () => {
    const fixture = await apiFixture();
    await write(fixture, 10);
    const response = await fixture.request('GET', `${configMaps}?watch=true`);
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      expect(chunk.byteLength).toBeLessThanOrEqual(pieceBytes);
      text += new TextDecoder().decode(chunk);
      if (text.split('\n').length > 10) break;
    }
    const events = text
      .trimEnd()
      .split('\n')
      .map((line): Json => JSON.parse(line));
    expect(names(events)).toEqual(expected(10));
  });

  test('keeps little in memory, however much there is and happens', async () => {
    const fixture = await apiFixture();
    await write(fixture, 20, 'x'.repeat(900_000));
    await settle();
    const before = memoryUsage().external;
    const responses = [];
    for (let index = 0; index < 50; index += 1)
      responses.push(await fixture.request('GET', `${configMaps}?watch=true`, { accept: 'application/json' }));
    await settle();
    await fixture.clock.advance(heldListMilliseconds);
    await write(fixture, 5, 'y');
    await settle();
    // The lines of the first objects, which all of them share: not a list of 18 MB for each.
    expect(memoryUsage().external - before).toBeLessThan(64 * 1024 * 1024);
    for (const { body } of responses) await body?.cancel();
    // Nothing holds the lists any more, and no timer goes on.
    expect(fixture.clock.waiting).toBe(0);
  });

  test('misses and doubles nothing when it reads at last', async () => {
    const fixture = await apiFixture();
    await write(fixture, 10);
    const response = await fixture.request('GET', `${configMaps}?watch=true`);
    await settle();
    for (let index = 0; index < 40; index += 1)
      await fixture.send('PATCH', `${configMaps}/c0001`, { body: { data: { step: String(index) } }, type: merge });
    await fixture.clock.advance(heldListMilliseconds * 2);
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('"step":"39"') && text.endsWith('\n')) break;
    }
    const events = text
      .trimEnd()
      .split('\n')
      .map((line): Json => JSON.parse(line));
    expect(names(events.slice(0, 10))).toEqual(expected(10));
    expect(events.slice(0, 10).map(({ type }) => type)).toEqual(Array(10).fill('ADDED'));
    expect(events.slice(10).map(({ object }) => object?.['data']?.['step'])).toEqual(
      Array.from({ length: 40 }, (_, index) => String(index)),
    );
  });

  test.each([true, false])(
    'is told when what it has not read is no longer kept: initial events %s',
    async (initial) => {
      const fixture = await apiFixture({ store: new MemoryStore({ keep: { changes: 8 } }) });
      await write(fixture, 5);
      const response = await fixture.request('GET', `${configMaps}?watch=true${initial ? '' : '&resourceVersion=2'}`);
      await settle();
      for (let index = 0; index < 20; index += 1) {
        await fixture.send('PATCH', `${configMaps}/c0001`, { body: { data: { step: String(index) } }, type: merge });
        await settle();
      }
      await fixture.clock.advance(heldListMilliseconds);
      const lines = (await response.text()).trimEnd().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
      expect(fixture.reported).toEqual([]);
    },
  );

  test('does not keep the others waiting', async () => {
    const fixture = await apiFixture();
    const stalled = await fixture.request('GET', `${configMaps}?watch=true`);
    const watch = await open(fixture, 'watch=true');
    await write(fixture, 20);
    expect(names(await watch.events())).toEqual(expected(20));
    await stalled.body?.cancel();
    await watch.close();
  });
});
