import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { heldListMilliseconds, maximumWholeListBytes, pieceBytes } from '../../../kubernetes/limits.ts';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { apiFixture, configMap, configMaps, type ApiFixture, type Json } from './fixture.ts';

const each = 40_000;
const count = Math.ceil(maximumWholeListBytes / each) + 1;
const nameOf = (index: number): string => `c${String(index).padStart(4, '0')}`;
const merge = 'application/merge-patch+json';

async function filled(store = new MemoryStore()): Promise<ApiFixture> {
  const fixture = await apiFixture({ store });
  for (let index = 0; index < count; index += 1)
    await fixture.send('POST', configMaps, { body: configMap(nameOf(index), { a: 'x'.repeat(each) }) });
  return fixture;
}

const chunksOf = (response: Response) =>
  (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
const textOf = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).toString();

async function rest(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) chunks.push(step.value);
  return chunks;
}

describe('a long list', () => {
  let fixture: ApiFixture;
  beforeEach(async () => {
    fixture = await filled();
  });

  test.each([
    { accept: 'application/json', kind: 'ConfigMapList', items: 'items' },
    { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io', kind: 'Table', items: 'rows' },
    {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      kind: 'PartialObjectMetadataList',
      items: 'items',
    },
  ])('comes in pieces that are one document: $kind', async ({ accept, kind, items }) => {
    const chunks = await rest(chunksOf(await fixture.request('GET', configMaps, { accept })));
    expect(Math.max(...chunks.map(({ byteLength }) => byteLength))).toBeLessThan(2 * pieceBytes + each);
    const list: Json = JSON.parse(textOf(chunks));
    expect(list['kind']).toBe(kind);
    expect(list[items]).toHaveLength(count);
    expect(list['metadata']?.['resourceVersion']).toBe(String(count + 1));
  });

  test('is the same when its client pauses while objects change and go', async () => {
    const whole = await (await fixture.request('GET', configMaps)).text();
    const iterator = chunksOf(await fixture.request('GET', configMaps));
    const first = await iterator.next();
    await fixture.clock.advance(heldListMilliseconds);
    await fixture.send('DELETE', `${configMaps}/${nameOf(count - 1)}`);
    await fixture.send('PATCH', `${configMaps}/${nameOf(50)}`, { body: { data: { a: 'other' } }, type: merge });
    await fixture.send('POST', configMaps, { body: configMap('a-new-one') });
    expect(textOf([first.value, ...(await rest(iterator))])).toBe(whole);
    expect(fixture.clock.waiting).toBe(0);
  });

  test.each(['', ';as=Table;v=v1;g=meta.k8s.io'])('is the same in YAML: %s', async (form) => {
    const inJson = await fixture.send('GET', configMaps, { accept: `application/json${form}` });
    const response = await fixture.request('GET', configMaps, { accept: `application/yaml${form}` });
    expect(response.headers.get('content-type')).toBe('application/yaml');
    const chunks = await rest(chunksOf(response));
    expect(chunks.length).toBeGreaterThan(10);
    expect(parse(textOf(chunks))).toEqual(inJson.body);
  });

  test('with a limit goes on where it says', async () => {
    const half: Json = JSON.parse(await (await fixture.request('GET', `${configMaps}?limit=${count - 2}`)).text());
    expect(half['items']).toHaveLength(count - 2);
    const more = await fixture.send('GET', `${configMaps}?limit=5&continue=${half['metadata']?.['continue']}`);
    expect(more.body['items']).toHaveLength(2);
  });

  test('that its client leaves is let go of', async () => {
    const response = await fixture.request('GET', configMaps);
    expect(fixture.clock.waiting).toBe(1);
    await response.body?.cancel();
    expect(fixture.clock.waiting).toBe(0);
  });

  test('of what was deleted comes whole as well', async () => {
    const answer = await fixture.send('DELETE', configMaps);
    expect(answer.body['items']).toHaveLength(count);
  });
});

test('a long list that can no longer be read is cut short, and so is no JSON', async () => {
  const fixture = await filled(new MemoryStore({ keep: { changes: 3 } }));
  const iterator = chunksOf(await fixture.request('GET', configMaps));
  const first = await iterator.next();
  await fixture.clock.advance(heldListMilliseconds);
  for (let index = 0; index < 5; index += 1)
    await fixture.send('PATCH', `${configMaps}/c0001`, { body: { data: { b: String(index) } }, type: merge });
  const text = textOf([first.value, ...(await rest(iterator))]);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(fixture.reported).toEqual([]);
});
