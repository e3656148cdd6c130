import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { apiFixture, configMap, configMaps, type ApiFixture, type Answer } from './fixture.ts';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

async function withConfigMaps(
  names: readonly string[],
  overrides: Parameters<typeof apiFixture>[0] = {},
): Promise<ApiFixture> {
  const fixture = await apiFixture(overrides);
  for (const name of names) await fixture.send('POST', configMaps, { body: configMap(name, { a: '1' }, { g: name }) });
  return fixture;
}

const namesOf = ({ body }: Answer): unknown[] =>
  (body['items'] as unknown as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

describe('GET of an object', () => {
  test('answers it, or 404', async () => {
    const { send } = await withConfigMaps(['a']);
    const found = await send('GET', `${configMaps}/a`);
    expect([found.status, found.body['kind'], found.headers.get('content-type')]).toEqual([
      200,
      'ConfigMap',
      'application/json',
    ]);
    const missing = await send('GET', `${configMaps}/zz`, { accept: table });
    expect([missing.status, missing.body['kind'], missing.body['message']]).toEqual([
      404,
      'Status',
      'configmaps "zz" not found',
    ]);
  });

  test('takes the form from Accept', async () => {
    const { send } = await withConfigMaps(['a']);
    const as = async (accept: string) => {
      const { status, body, headers } = await send('GET', `${configMaps}/a`, { accept });
      return [status, body['kind'], body['apiVersion'], headers.get('content-type')];
    };
    const plain = [200, 'ConfigMap', 'v1', 'application/json'];
    expect(await as('*/*')).toEqual(plain);
    expect(await as('application/vnd.kubernetes.protobuf, */*')).toEqual(plain);
    expect(await as('application/json;stream=watch')).toEqual(plain);
    expect(await as('application/json;q=0.1,application/json;as=Table;v=v1beta1;g=meta.k8s.io;q=0.9')).toEqual([
      200,
      'Table',
      'meta.k8s.io/v1beta1',
      'application/json',
    ]);
    expect(await as('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')).toEqual([
      200,
      'PartialObjectMetadata',
      'meta.k8s.io/v1',
      'application/json',
    ]);
    for (const accept of ['text/html', 'application/cbor', 'application/json;as=Foo;v=v1;g=meta.k8s.io']) {
      expect((await as(accept)).slice(0, 2)).toEqual([406, 'Status']);
    }
    const yaml = await send('GET', `${configMaps}/a`, { accept: 'application/yaml' });
    expect(yaml.headers.get('content-type')).toBe('application/yaml');
    expect(yaml.text).toMatch(/^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\n/);
  });

  test('is JSON where YAML of many lines would take long: that is YAML too', async () => {
    const { send, store } = await apiFixture();
    const data = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, `yes ${index}`]));
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'large', namespace: 'shop' }, data };
    await store.create({ resource: 'configmaps', namespace: 'shop', name: 'large' }, object);
    const one = await send('GET', `${configMaps}/large`, { accept: 'application/yaml' });
    const all = await send('GET', configMaps, { accept: 'application/yaml' });
    expect([one, all].map(({ headers }) => headers.get('content-type'))).toEqual([
      'application/yaml',
      'application/yaml',
    ]);
    expect(parse(one.text)).toMatchObject(object);
    expect(parse(all.text)).toMatchObject({ kind: 'ConfigMapList', items: [{ data }] });
    expect(one.text.split('\n')).toHaveLength(2);
  });
});

describe('a list', () => {
  test('holds items without kind and apiVersion, in order, and names its revision', async () => {
    const { send } = await withConfigMaps(['b', 'a']);
    const answer = await send('GET', configMaps);
    expect(answer.body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '3' } });
    expect(namesOf(answer)).toEqual(['a', 'b']);
    expect(answer.body['items']).not.toMatchObject([{ kind: 'ConfigMap' }, {}]);
    expect(Object.keys(JSON.parse(answer.text).items[0])).toEqual(['metadata', 'data']);
  });

  test('is complete for objects that were stored with other fields in front', async () => {
    const { send, store } = await apiFixture();
    const metadata = { name: 'odd', namespace: 'shop' };
    await store.create(
      { resource: 'configmaps', namespace: 'shop', name: 'odd' },
      { metadata, apiVersion: 'v1', kind: 'ConfigMap' },
    );
    const answer = await send('GET', configMaps);
    expect(answer.body['items']).toEqual([{ metadata: { ...metadata, resourceVersion: '2' } }]);
  });

  test('is empty, not null, where nothing is, in a namespace that is not there too', async () => {
    const { send } = await apiFixture();
    expect((await send('GET', '/api/v1/namespaces/nonex/configmaps')).text).toBe(
      '{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}',
    );
  });

  test('comes in pages that show one state', async () => {
    const { send } = await withConfigMaps(['a', 'b', 'c', 'd', 'e']);
    const first = await send('GET', `${configMaps}?limit=2`);
    expect(namesOf(first)).toEqual(['a', 'b']);
    expect(first.body['metadata']).toMatchObject({ remainingItemCount: 3, continue: expect.any(String) });
    await send('DELETE', `${configMaps}/c`);
    const token = encodeURIComponent(String(first.body['metadata']?.['continue']));
    const second = await send('GET', `${configMaps}?limit=2&continue=${token}`);
    expect(namesOf(second)).toEqual(['c', 'd']);
    expect(second.body['metadata']?.['resourceVersion']).toBe(first.body['metadata']?.['resourceVersion']);
    const selected = await send('GET', `${configMaps}?limit=1&labelSelector=g`);
    expect(selected.body['metadata']).not.toHaveProperty('remainingItemCount');
    const paged = await send('GET', `${configMaps}?limit=2`, { accept: table });
    expect(paged.body['metadata']).toMatchObject({ remainingItemCount: 2, continue: expect.any(String) });
  });

  test('takes what selectors choose', async () => {
    const { send } = await withConfigMaps(['a', 'b', 'c']);
    const names = async (query: string) => namesOf(await send('GET', `${configMaps}?${query}`));
    expect(await names('labelSelector=g%20in%20(a,b)')).toEqual(['a', 'b']);
    expect(await names('fieldSelector=metadata.name%3Dc')).toEqual(['c']);
    expect(await names('fieldSelector=metadata.name!%3Dc,metadata.namespace%3Dshop&labelSelector=g!%3Da')).toEqual([
      'b',
    ]);
    expect(await names('labelSelector=&fieldSelector=')).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['labelSelector=a%3D%3D%3Db', 400, "unable to parse requirement: found '=', expected: identifier"],
    ['fieldSelector=foo%3Dbar', 400, '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['limit=abc', 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [
      'resourceVersion=abc',
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    ['continue=zzz', 400, 'continue key is not valid'],
    ['continue=zzz&resourceVersion=2', 400, 'specifying resource version is not allowed when using continue'],
    [
      'resourceVersionMatch=Exact',
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    ['resourceVersion=999999', 504, 'Timeout: Too large resource version: 999999, current: 2'],
  ])('refuses ?%s', async (query, status, message) => {
    const { send } = await withConfigMaps(['a']);
    const answer = await send('GET', `${configMaps}?${query}`);
    expect([answer.status, answer.body['message']]).toEqual([status, message]);
    expect(answer.headers.get('retry-after')).toBe(status === 504 ? '1' : null);
  });

  test.each([
    'resourceVersion=0',
    'resourceVersion=',
    'resourceVersion=1',
    'resourceVersion=0&resourceVersionMatch=NotOlderThan',
  ])('answers ?%s with the newest state', async (query) => {
    const { send } = await withConfigMaps(['a', 'b']);
    expect(namesOf(await send('GET', `${configMaps}?${query}`))).toEqual(['a', 'b']);
  });

  test('shows exactly the revision that is asked for, or says that it is gone', async () => {
    const { send } = await withConfigMaps(['a', 'b', 'c'], { store: new MemoryStore({ keep: { changes: 2 } }) });
    const exact = (revision: number) =>
      send('GET', `${configMaps}?resourceVersion=${revision}&resourceVersionMatch=Exact`);
    const earlier = await exact(3);
    expect(namesOf(earlier)).toEqual(['a', 'b']);
    expect(earlier.body['metadata']?.['resourceVersion']).toBe('3');
    const gone = await exact(1);
    expect([gone.status, gone.body['reason'], gone.body['message']]).toEqual([
      410,
      'Expired',
      'The resourceVersion for the provided list is too old.',
    ]);
  });

  test('that goes on too late says how to go on', async () => {
    const { send } = await withConfigMaps(['a', 'b', 'c'], { store: new MemoryStore({ keep: { changes: 2 } }) });
    const first = await send('GET', `${configMaps}?limit=1`);
    for (const name of ['d', 'e', 'f']) await send('POST', configMaps, { body: configMap(name) });
    const next = (token: unknown) => send('GET', `${configMaps}?continue=${encodeURIComponent(String(token))}`);
    const late = await next(first.body['metadata']?.['continue']);
    expect([late.status, late.body['reason']]).toEqual([410, 'Expired']);
    expect(namesOf(await next(late.body['metadata']?.['continue']))).toEqual(['b', 'c', 'd', 'e', 'f']);
  });

  test('of metadata alone leaves the rest out', async () => {
    const { send } = await withConfigMaps(['a']);
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { body } = await send('GET', configMaps, { accept });
    expect(body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '2' },
      items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }],
    });
    expect(JSON.stringify(body)).not.toContain('"data":');
  });
});

describe('a Table', () => {
  test('has typed cells, humanised ages that go on, and the metadata of each object', async () => {
    const { send, clock } = await withConfigMaps(['a']);
    await clock.advance(90_000);
    const first = await send('GET', configMaps, { accept: table });
    expect(first.body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '2' },
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Data' },
        { name: 'Age', type: 'string', format: '' },
      ],
      rows: [
        {
          cells: ['a', 1, '90s'],
          object: { kind: 'PartialObjectMetadata', metadata: { name: 'a', labels: { g: 'a' } } },
        },
      ],
    });
    await clock.advance(60_000);
    const second = await send('GET', configMaps, { accept: table });
    expect(second.body['rows']).toMatchObject([{ cells: ['a', 1, '2m30s'] }]);
  });

  test('carries of each object what includeObject asks for', async () => {
    const { send } = await withConfigMaps(['a']);
    const row = async (include: string) =>
      JSON.parse((await send('GET', `${configMaps}?includeObject=${include}`, { accept: table })).text).rows[0];
    expect(await row('None')).not.toHaveProperty('object');
    expect(await row('Metadata')).not.toHaveProperty('object.data');
    expect(await row('Object')).toMatchObject({ object: { kind: 'ConfigMap', data: { a: '1' } } });
  });

  test('of one object has one row', async () => {
    const { send } = await withConfigMaps(['a', 'b']);
    const answer = await send('GET', `${configMaps}/a`, { accept: table });
    expect(answer.body).toMatchObject({
      kind: 'Table',
      metadata: { resourceVersion: '2' },
      rows: [{ cells: ['a', 1, '0s'] }],
    });
  });
});
