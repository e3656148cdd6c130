import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { apiFixture, configMaps, type ApiFixture, type Json } from './fixture.ts';

const documents = (...texts: string[]): string => texts.join('\n---\n');
const configMap = (name: string, data: string, namespace = 'shop'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata: ${data}`;
const deployment = (extra = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: app
          image: nginx:1
          ${extra}`;

async function apply({ send }: ApiFixture, body: string, query = 'namespace=shop') {
  const answer = await send('POST', `/apply?${query}`, { body, type: 'application/yaml' });
  const items = JSON.parse(answer.text).items as Json[] | undefined;
  return { status: answer.status, body: answer.body, items: items ?? [], results: items?.map(({ result }) => result) };
}

describe('POST /apply', () => {
  test('makes, changes and leaves alone, and says so of each object', async () => {
    const fixture = await apiFixture();
    const first = await apply(fixture, documents(configMap('a', '{ x: "1", y: "2" }'), deployment()));
    expect([first.status, first.items]).toEqual([
      200,
      [
        { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a', result: 'created', warnings: [] },
        { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', result: 'created', warnings: [] },
      ],
    ]);
    const second = await apply(fixture, documents(configMap('a', '{ x: "1" }'), deployment()));
    expect(second.results).toEqual(['configured', 'unchanged']);
    const { body } = await fixture.send('GET', `${configMaps}/a`);
    expect(body['data']).toEqual({ x: '1' });
    expect((await apply(fixture, documents(configMap('a', '{ x: "1" }'), deployment()))).results).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  test('takes away what it applied and keeps what others set', async () => {
    const fixture = await apiFixture();
    const path = '/apis/apps/v1/namespaces/shop/deployments/web';
    await apply(fixture, deployment('env: [{ name: A, value: "1" }, { name: B, value: "2" }]'));
    await fixture.send('PATCH', path, {
      body: {
        spec: { replicas: 4, template: { spec: { containers: [{ name: 'app', env: [{ name: 'C', value: '3' }] }] } } },
      },
      type: 'application/strategic-merge-patch+json',
    });
    await apply(fixture, deployment('env: [{ name: A, value: "9" }]'));
    const { body } = await fixture.send('GET', path);
    const spec = JSON.parse(JSON.stringify(body['spec']));
    expect(spec.replicas).toBe(4);
    expect(spec.template.spec.containers[0].env).toEqual([
      { name: 'C', value: '3' },
      { name: 'A', value: '9' },
    ]);
  });

  test('goes on from what kubectl applied', async () => {
    const fixture = await apiFixture();
    const manifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { annotations: {}, name: 'a', namespace: 'shop' },
      data: { x: '1', y: '2' },
    };
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(manifest)}\n` };
    await fixture.send('POST', configMaps, { body: { ...manifest, metadata: { name: 'a', annotations } } });
    await apply(fixture, configMap('a', '{ x: "1" }'));
    const { body } = await fixture.send('GET', `${configMaps}/a`);
    expect(body['data']).toEqual({ x: '1' });
    expect(body['metadata']?.['annotations']).toEqual({
      'kubectl.kubernetes.io/last-applied-configuration':
        '{"apiVersion":"v1","data":{"x":"1"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"shop"}}\n',
    });
  });

  test('goes on after a failure, with 207 and a Status for each that failed', async () => {
    const fixture = await apiFixture();
    const answer = await apply(
      fixture,
      documents(
        configMap('A_', '{}'),
        'apiVersion: v9\nkind: Foo\nmetadata: { name: f }',
        configMap('b', '{}', 'nonex'),
        configMap('c', '{}'),
      ),
    );
    expect(answer.status).toBe(207);
    expect(answer.results).toEqual(['failed', 'failed', 'failed', 'created']);
    expect(answer.items.map(({ error }) => error?.['code'])).toEqual([422, 400, 404, undefined]);
    expect(answer.items[1]?.['error']?.['message']).toBe('no matches for kind "Foo" in version "v9"');
  });

  test('writes nothing of an atomic request of which something fails', async () => {
    const fixture = await apiFixture();
    const before = await fixture.store.revision();
    const answer = await apply(fixture, documents(configMap('a', '{}'), configMap('B_', '{}')), 'atomic=true');
    expect([answer.status, answer.results]).toEqual([422, ['failed', 'failed']]);
    expect(answer.items.map(({ error }) => error?.['code'])).toEqual([424, 422]);
    expect(await fixture.store.revision()).toBe(before);
  });

  test('makes a namespace and what is in it in one atomic request', async () => {
    const fixture = await apiFixture();
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: fresh }';
    const answer = await apply(fixture, documents(namespace, configMap('a', '{}', 'fresh')), 'atomic=true');
    expect([answer.status, answer.results]).toEqual([200, ['created', 'created']]);
    expect(answer.items[0]).not.toHaveProperty('namespace');
  });

  test('tries without writing', async () => {
    const fixture = await apiFixture();
    const before = await fixture.store.revision();
    const answer = await apply(fixture, configMap('a', '{}'), 'dryRun=All');
    expect(answer.results).toEqual(['created']);
    expect(await fixture.store.revision()).toBe(before);
  });

  test('prunes what left the set, and nothing that never was in it', async () => {
    const fixture = await apiFixture();
    await apply(fixture, configMap('bystander', '{}'));
    const set = 'namespace=shop&prune=true';
    await apply(fixture, documents(configMap('a', '{}'), configMap('b', '{}'), deployment()), set);
    await apply(fixture, configMap('other-set', '{}'), 'namespace=shop&prune=other');
    const tried = await apply(fixture, configMap('a', '{}'), `${set}&dryRun=All`);
    expect(tried.results).toEqual(['unchanged', 'pruned', 'pruned']);
    const answer = await apply(fixture, configMap('a', '{}'), set);
    expect(answer.items.map(({ kind, name, result }) => [kind, name, result])).toEqual([
      ['ConfigMap', 'a', 'unchanged'],
      ['ConfigMap', 'b', 'pruned'],
      ['Deployment', 'web', 'pruned'],
    ]);
    const left = await fixture.send('GET', configMaps);
    expect(JSON.parse(left.text).items.map((item: Json) => item['metadata']?.['name'])).toEqual([
      'a',
      'bystander',
      'other-set',
    ]);
  });

  test('does not prune when something failed', async () => {
    const fixture = await apiFixture();
    await apply(fixture, documents(configMap('a', '{}'), configMap('b', '{}')), 'prune=set');
    const answer = await apply(fixture, documents(configMap('a', '{}'), configMap('C_', '{}')), 'prune=set');
    expect([answer.status, answer.results]).toEqual([207, ['unchanged', 'failed']]);
  });

  test('tells warnings of unknown fields, or refuses them when asked to', async () => {
    const fixture = await apiFixture();
    const body = `${configMap('a', '{}')}\ncolour: red`;
    expect((await apply(fixture, body)).items[0]?.['warnings']).toEqual(['unknown field "colour"']);
    expect((await apply(fixture, body, 'fieldValidation=Strict')).results).toEqual(['failed']);
  });

  test.each([
    ['', ''],
    ['', '---\n---\n'],
    ['', 'a: [b'],
    ['dryRun=foo', configMap('a', '{}')],
    ['prune=no%20label', configMap('a', '{}')],
  ])('tries nothing with ?%s and a body %j', async (query, body) => {
    const { status, body: answer } = await apply(await apiFixture(), body, query);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answer['kind']).toBe('Status');
  });

  test('asks for each object whether the user may', async () => {
    const { send } = await apiFixture();
    const answer = await send('POST', '/apply?namespace=shop', {
      body: configMap('a', '{}'),
      headers: { authorization: 'Bearer alice' },
    });
    expect(answer.status).toBe(207);
    expect(JSON.parse(answer.text).items[0].error).toMatchObject({
      code: 403,
      message:
        'configmaps "a" is forbidden: User "alice" cannot patch resource "configmaps" in API group "" in the namespace "shop"',
    });
  });

  test('answers a body of thousands of faulty objects in a bounded text', async () => {
    const wrong = (index: number) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `a${index}`,
        labels: Object.fromEntries(
          ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((key) => [key, '-'.repeat(64)]),
        ),
      },
    });
    const body = JSON.stringify({ kind: 'List', items: Array.from({ length: 3000 }, (_, index) => wrong(index)) });
    const { send } = await apiFixture();
    const { status, text } = await send('POST', '/apply?namespace=shop', { body });
    const items = JSON.parse(text).items as Json[];
    expect(status).toBe(207);
    expect(text.length).toBeLessThan(8_000_000);
    expect(items).toHaveLength(3000);
    expect(items.at(0)?.['error']?.['details']?.['causes']).toHaveLength(20);
    expect(items.at(-1)).toMatchObject({ name: 'a2999', result: 'failed', error: { code: 422, reason: 'Invalid' } });
  });

  test('serves others between two documents', async () => {
    const fixture = await apiFixture();
    const names = Array.from({ length: 50 }, (_, index) => `a${index}`);
    const applied = apply(fixture, documents(...names.map((name) => configMap(name, '{}'))));
    let ended = false;
    void applied.then(() => (ended = true));
    let turns = 0;
    for (; !ended; turns += 1) await setImmediate();
    expect((await applied).results).toHaveLength(50);
    expect(turns).toBeGreaterThan(90);
  });

  test('refuses more documents than it can answer', async () => {
    const fixture = await apiFixture();
    for (const body of [
      '{}'.repeat(1_500_000),
      `[${'{},'.repeat(5000)}{}]`,
      '{}\n'.repeat(5001),
      '{}\n---\n'.repeat(5001),
      'a: 1\n---\n'.repeat(5001),
    ]) {
      const { status, body: answer } = await apply(fixture, body);
      expect([status, answer['message']]).toEqual([
        413,
        'Request entity too large: The allowed maximum documents is 5000',
      ]);
    }
  });
});
