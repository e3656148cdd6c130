import { describe, expect, test } from 'vitest';
import { apiFixture, type ApiFixture } from './fixture.ts';

const web = '/apis/apps/v1/namespaces/shop/deployments/web';
const merge = 'application/merge-patch+json';

async function withDeployment(): Promise<ApiFixture> {
  const fixture = await apiFixture();
  const labels = { app: 'web' };
  const answer = await fixture.send('POST', '/apis/apps/v1/namespaces/shop/deployments', {
    body: {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'nginx:1' }] } },
      },
    },
  });
  expect(answer.status).toBe(201);
  return fixture;
}

describe('/scale', () => {
  test('is a Scale of the object', async () => {
    const { send } = await withDeployment();
    const deployment = (await send('GET', web)).body;
    const metadata = deployment['metadata'];
    const kept = (field: string) => metadata?.[field];
    expect((await send('GET', `${web}/scale`)).body).toEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: kept('uid'),
        resourceVersion: kept('resourceVersion'),
        creationTimestamp: kept('creationTimestamp'),
      },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web' },
    });
    const table = await send('GET', `${web}/scale`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(table.body).toMatchObject({ kind: 'Table', rows: [{ cells: ['web', 2, 0, '0s'] }] });
  });

  test.each([
    [merge, { spec: { replicas: 5 } }],
    ['application/json-patch+json', [{ op: 'replace', path: '/spec/replicas', value: 5 }]],
    ['application/strategic-merge-patch+json', { spec: { replicas: 5 } }],
  ])('scales by %s', async (type, body) => {
    const { send } = await withDeployment();
    const answer = await send('PATCH', `${web}/scale?fieldManager=me`, { type, body });
    expect([answer.status, answer.body['kind'], answer.body['spec']]).toEqual([200, 'Scale', { replicas: 5 }]);
    const deployment = (await send('GET', web)).body;
    expect(deployment).toMatchObject({
      metadata: { generation: 2, resourceVersion: answer.body['metadata']?.['resourceVersion'] },
      spec: { replicas: 5 },
    });
    expect(deployment['metadata']?.['managedFields']).toEqual(
      expect.arrayContaining([expect.objectContaining({ manager: 'me', subresource: 'scale' })]),
    );
  });

  test('is applied, and the conflict is with who manages the replicas of the object', async () => {
    const { send } = await withDeployment();
    const apply = (query: string) =>
      send('PATCH', `${web}/scale?fieldManager=scaler${query}`, {
        type: 'application/apply-patch+yaml',
        body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 5 } },
      });
    const refused = await apply('');
    expect(refused.status).toBe(409);
    expect(refused.body['message']).toContain('.spec.replicas');
    expect((await apply('&force=true')).body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
    const deployment = (await send('GET', web)).body;
    expect(deployment).toMatchObject({ spec: { replicas: 5 } });
    expect(deployment['metadata']?.['managedFields']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ manager: 'scaler', operation: 'Apply', apiVersion: 'apps/v1', subresource: 'scale' }),
      ]),
    );
    expect(
      (
        await send('PATCH', `${web}/scale?fieldManager=scaler`, {
          type: 'application/apply-patch+yaml',
          body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'other' }, spec: { replicas: 1 } },
        })
      ).status,
    ).toBe(400);
  });

  test('scales by PUT of a Scale, at its revision', async () => {
    const { send } = await withDeployment();
    const scale = (await send('GET', `${web}/scale`)).body;
    const put = () => send('PUT', `${web}/scale`, { body: { ...scale, spec: { replicas: 0 } } });
    expect((await put()).body['spec']).toEqual({ replicas: 0 });
    expect((await put()).status).toBe(409);
  });

  test('refuses what makes no sense', async () => {
    const { send } = await withDeployment();
    const negative = await send('PATCH', `${web}/scale`, { type: merge, body: { spec: { replicas: -1 } } });
    expect([negative.status, negative.body['message']]).toEqual([
      422,
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect((await send('PATCH', `${web}/scale`, { type: merge, body: { spec: { replicas: 'x' } } })).status).toBe(400);
    expect((await send('GET', '/apis/apps/v1/namespaces/shop/deployments/zz/scale')).status).toBe(404);
    expect(
      (await send('PATCH', '/apis/apps/v1/namespaces/shop/deployments/zz/scale', { type: merge, body: {} })).status,
    ).toBe(404);
  });
});

describe('/status', () => {
  test('changes the status and nothing else, and the object itself never does', async () => {
    const { send } = await withDeployment();
    const status = await send('PATCH', `${web}/status`, {
      type: merge,
      body: { spec: { replicas: 9 }, status: { replicas: 1, observedGeneration: 1 } },
    });
    expect(status.body).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 2 }, status: { replicas: 1 } });
    const put = await send('PUT', `${web}/status`, { body: { ...status.body, status: { replicas: 2 } } });
    expect(put.body['status']).toEqual({ replicas: 2 });
    const main = await send('PATCH', web, { type: merge, body: { status: { replicas: 7 } } });
    expect(main.body['status']).toEqual({ replicas: 2 });
    expect((await send('GET', `${web}/status`)).body).toEqual(main.body);
  });
});

describe('a Namespace', () => {
  test('stays, terminating, until its finalizers are taken away by /finalize', async () => {
    const { send } = await apiFixture();
    const made = await send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'fresh' } } });
    expect(made.body).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
    const deleted = await send('DELETE', '/api/v1/namespaces/fresh');
    expect(deleted.body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
    const content = await send('POST', '/api/v1/namespaces/fresh/configmaps', { body: { metadata: { name: 'late' } } });
    expect(content.status).toBe(403);
    const patched = await send('PATCH', '/api/v1/namespaces/fresh', {
      type: merge,
      body: { spec: { finalizers: [] } },
    });
    expect(patched.body['spec']).toEqual({ finalizers: ['kubernetes'] });
    const finalized = await send('PUT', '/api/v1/namespaces/fresh/finalize', {
      body: { metadata: { name: 'fresh' }, spec: { finalizers: [] } },
    });
    expect(finalized.status).toBe(200);
    expect((await send('GET', '/api/v1/namespaces/fresh')).status).toBe(404);
  });

  test('is a Table for who asks for one', async () => {
    const { send } = await apiFixture();
    const { body } = await send('GET', '/api/v1/namespaces/shop', {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect(body).toMatchObject({ kind: 'Table', rows: [{ cells: ['shop', expect.any(String), '<unknown>'] }] });
  });
});

describe('a Pod', () => {
  const pods = '/api/v1/namespaces/shop/pods';

  test('is answered when it is deleted, whether it stays for a while or goes at once', async () => {
    const { send } = await apiFixture();
    const body = { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } };
    expect((await send('POST', pods, { body })).status).toBe(201);
    const marked = await send('DELETE', `${pods}/p`);
    expect(marked.body).toMatchObject({
      kind: 'Pod',
      metadata: { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 },
    });
    const gone = await send('DELETE', `${pods}/p`, { body: { gracePeriodSeconds: 0 } });
    expect([gone.status, gone.body['kind']]).toEqual([200, 'Pod']);
    expect((await send('GET', `${pods}/p`)).status).toBe(404);
  });
});

describe('a Service', () => {
  const services = '/api/v1/namespaces/shop/services';
  const service = (name: string, spec: object = {}) => ({
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...spec },
  });

  test('holds its cluster IP alone, and frees it when it goes', async () => {
    const { send } = await apiFixture();
    const first = await send('POST', services, { body: service('a') });
    const clusterIP = first.body['spec']?.['clusterIP'];
    expect(clusterIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const refused = await send('POST', services, { body: service('b', { clusterIP }) });
    expect([refused.status, refused.body['reason']]).toEqual([422, 'Invalid']);
    await send('DELETE', `${services}/a`);
    expect((await send('POST', services, { body: service('b', { clusterIP }) })).status).toBe(201);
  });

  test('is made by PUT when it is not there', async () => {
    const { send } = await apiFixture();
    expect((await send('PUT', `${services}/a`, { body: service('a') })).status).toBe(201);
    expect((await send('PUT', `${services}/a`, { body: service('a') })).status).toBe(200);
  });
});
