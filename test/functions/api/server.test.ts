import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { apiFixture, configMap, configMaps, type Json } from './fixture.ts';

const legacy = { accept: 'application/json' };
const v2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const v2beta1 = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';

describe('credentials', () => {
  test.each(['/healthz', '/livez', '/readyz', '/version', '/version/', '/readyz/ping'])(
    'are not needed for %s',
    async (path) => {
      const { send } = await apiFixture();
      expect((await send('GET', path, { headers: { authorization: '' } })).status).toBe(200);
    },
  );

  test.each(['/', '/api', '/apis', '/openapi/v3', configMaps, '/nonsense'])('are needed for %s', async (path) => {
    const { send } = await apiFixture();
    for (const authorization of ['', 'Bearer wrong']) {
      const { status, body } = await send('GET', path, { headers: { authorization } });
      expect([status, body['reason'], body['message']]).toEqual([401, 'Unauthorized', 'Unauthorized']);
    }
  });

  test('of somebody who may nothing are refused in kube-apiserver’s words', async () => {
    const { send } = await apiFixture();
    const refused = async (method: string, path: string) => {
      const { status, body } = await send(method, path, { headers: { authorization: 'Bearer alice' } });
      return [status, body['message'], body['details']];
    };
    expect(await refused('GET', '/api/v1/namespaces/shop/secrets/x')).toEqual([
      403,
      'secrets "x" is forbidden: User "alice" cannot get resource "secrets" in API group "" in the namespace "shop"',
      { name: 'x', kind: 'secrets' },
    ]);
    expect(await refused('GET', '/api/v1/nodes')).toEqual([
      403,
      'nodes is forbidden: User "alice" cannot list resource "nodes" in API group "" at the cluster scope',
      { kind: 'nodes' },
    ]);
    expect((await refused('PATCH', '/apis/apps/v1/namespaces/shop/deployments/web/scale'))[1]).toBe(
      'deployments.apps "web" is forbidden: User "alice" cannot patch resource "deployments/scale" in API group "apps" in the namespace "shop"',
    );
    expect(await refused('GET', '/apis')).toEqual([403, 'forbidden: User "alice" cannot get path "/apis"', {}]);
  });
});

describe('a path', () => {
  test.each([
    '/apis/nope/v1',
    '/apis/nope',
    '/apis/apps/v9',
    '/nope',
    '/api/v9',
    '/api/v1x/pods',
    '/openapi/v3/nope',
    '/apis/nope/v1/things',
    '/api/v9/pods',
  ])('that nobody knows is a page that is not found: %s', async (path) => {
    const { send } = await apiFixture();
    const { status, text, headers } = await send('GET', path);
    expect([status, text, headers.get('content-type')]).toEqual([
      404,
      '404 page not found\n',
      'text/plain; charset=utf-8',
    ]);
  });

  test.each([
    '/api/v1/nope',
    '/api/v1/namespaces/shop/nope/a',
    '/api/v1/namespaces/shop/nodes',
    '/api/v1/pods/a',
    `${configMaps}/a/nope`,
    `${configMaps}/a/status`,
    `${configMaps}/a/b/c`,
    '/api/v1/namespaces//configmaps',
  ])('in a known group that names nothing is a Status: %s', async (path) => {
    const { send } = await apiFixture();
    const { status, body } = await send('GET', path);
    expect([status, body['message'], body['details']]).toEqual([
      404,
      'the server could not find the requested resource',
      {},
    ]);
  });

  test.each([
    ['DELETE', '/api/v1/namespaces'],
    ['PUT', configMaps],
    ['PATCH', configMaps],
    ['POST', '/api/v1/configmaps'],
    ['OPTIONS', configMaps],
    ['HEAD', configMaps],
    ['DELETE', '/apis/apps/v1/namespaces/shop/deployments/web/scale'],
  ])('refuses %s %s', async (method, path) => {
    const { send } = await apiFixture();
    expect((await send(method, path)).status).toBe(405);
  });

  test('with escapes is decoded, or refused', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a.b') });
    expect((await send('GET', `${configMaps}/a%2Eb`)).body['metadata']?.['name']).toBe('a.b');
    expect((await send('GET', `${configMaps}/%E0%A4%A`)).status).toBe(400);
  });
});

describe('an error of the server itself', () => {
  test('is reported, and told to the client without its text', async () => {
    class BrokenStore extends MemoryStore {
      override async get(): Promise<never> {
        throw new Error('secret connection string');
      }
    }
    const { send, reported } = await apiFixture({ store: new BrokenStore() });
    const { status, text, body } = await send('GET', `${configMaps}/a`);
    expect([status, body['reason']]).toEqual([500, 'InternalError']);
    expect(text).not.toContain('secret');
    expect(reported).toMatchObject([{ message: 'secret connection string' }]);
  });
});

describe('GET /version and health', () => {
  test('names the Kubernetes whose schemas are served', async () => {
    const { send } = await apiFixture();
    const { body } = await send('GET', '/version');
    expect(body).toMatchObject({ major: '1', minor: '33', gitVersion: expect.stringMatching(/^v1\.33\.\d+\+skiff/) });
  });

  test('answers ok, or a line for each check', async () => {
    const { send } = await apiFixture();
    expect((await send('GET', '/readyz')).text).toBe('ok');
    expect((await send('GET', '/readyz?verbose')).text).toBe('[+]ping ok\n[+]store ok\nreadyz check passed\n');
  });

  test('fails while the store does not answer', async () => {
    class BrokenStore extends MemoryStore {
      override async revision(): Promise<never> {
        throw new Error('gone');
      }
    }
    const { send, reported } = await apiFixture({ store: new BrokenStore() });
    const { status, text } = await send('GET', '/livez');
    expect([status, text]).toEqual([500, '[+]ping ok\n[-]store failed: reason withheld\nlivez check failed\n']);
    expect(reported).toHaveLength(1);
  });
});

describe('discovery', () => {
  test('lists groups, versions and resources in the legacy form', async () => {
    const { send } = await apiFixture();
    expect((await send('GET', '/api', legacy)).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const groups = (await send('GET', '/apis?timeout=32s', legacy)).body;
    expect(groups).toMatchObject({ kind: 'APIGroupList', apiVersion: 'v1' });
    const apps = {
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    };
    expect(groups['groups']).toContainEqual(apps);
    expect((await send('GET', '/apis/apps', legacy)).body).toEqual({ kind: 'APIGroup', apiVersion: 'v1', ...apps });
  });

  test('tells of resources what kubectl needs, the groups of foreign bodies too', async () => {
    const { send } = await apiFixture();
    const { body } = await send('GET', '/apis/apps/v1', legacy);
    expect(body).toMatchObject({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'apps/v1' });
    const resources = body['resources'];
    expect(resources).toContainEqual({
      name: 'deployments',
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
    });
    expect(resources).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
    const core = (await send('GET', '/api/v1', legacy)).body['resources'];
    expect(core).toContainEqual({
      name: 'namespaces/finalize',
      singularName: '',
      namespaced: false,
      kind: 'Namespace',
      verbs: ['update'],
    });
  });

  test.each([
    [`${v2},${v2beta1},application/json`, v2, 'apidiscovery.k8s.io/v2'],
    [`${v2beta1},application/json`, v2beta1, 'apidiscovery.k8s.io/v2beta1'],
  ])('aggregates for Accept %s', async (accept, type, apiVersion) => {
    const { send } = await apiFixture();
    const apis = await send('GET', '/apis', { accept });
    expect([apis.headers.get('content-type'), apis.headers.get('vary')]).toEqual([type, 'Accept']);
    expect(apis.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion });
    const groups = JSON.parse(apis.text).items as Json[];
    const apps = groups.find((group) => String(group['metadata']?.['name']) === 'apps');
    expect(apps?.['versions']).toMatchObject([
      {
        version: 'v1',
        freshness: 'Current',
        resources: [
          {
            resource: 'deployments',
            responseKind: { group: '', version: '', kind: 'Deployment' },
            scope: 'Namespaced',
            singularResource: 'deployment',
            shortNames: ['deploy'],
            subresources: [
              { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
              { subresource: 'status', verbs: ['get', 'patch', 'update'] },
            ],
          },
          { resource: 'replicasets' },
        ],
      },
    ]);
    const api = JSON.parse((await send('GET', '/api', { accept })).text).items as Json[];
    expect(api).toHaveLength(1);
    expect(api[0]?.['metadata']).not.toHaveProperty('name');
  });

  test('answers 304 to who has the document', async () => {
    const { send } = await apiFixture();
    const etag = (await send('GET', '/apis', { accept: v2 })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^".+"$/);
    const again = await send('GET', '/apis', { accept: v2, headers: { 'if-none-match': etag } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    const other = await send('GET', '/apis', { ...legacy, headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });
});

describe('OpenAPI', () => {
  test('has an index whose documents there are, each under its hash', async () => {
    const { send } = await apiFixture();
    const { body } = await send('GET', '/openapi/v3');
    for (const path of ['api/v1', 'apis/apps/v1']) {
      const url = String(body['paths']?.[path]?.['serverRelativeURL']);
      expect(url).toMatch(new RegExp(`^/openapi/v3/${path}\\?hash=.+`));
      expect((await send('GET', url)).body['openapi']).toBe('3.0.0');
    }
  });

  test('is protobuf in version 2 for kubectl, JSON for others', async () => {
    const { request, send } = await apiFixture();
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const response = await request('GET', '/openapi/v2?timeout=32s', { accept });
    expect(response.headers.get('content-type')).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500);
    expect((await send('GET', '/openapi/v2')).body['swagger']).toBe('2.0');
    expect((await send('GET', '/openapi/v2', { accept: 'text/html' })).status).toBe(406);
  });
});
