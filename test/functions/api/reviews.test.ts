import { describe, expect, test } from 'vitest';
import { apiFixture } from './fixture.ts';

const authorization = '/apis/authorization.k8s.io/v1';
const alice = { authorization: 'Bearer alice' };

describe('a review', () => {
  test('says who asks', async () => {
    const { send } = await apiFixture();
    const answer = await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: {},
      headers: alice,
    });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        kind: 'SelfSubjectReview',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
        status: { userInfo: { username: 'alice', groups: ['system:authenticated'] } },
      },
    ]);
  });

  test.each([
    [{}, true],
    [alice, false],
  ])('says whether the bearer of %j may do something', async (headers, allowed) => {
    const { send } = await apiFixture();
    const path = `${authorization}/selfsubjectaccessreviews`;
    const spec = { resourceAttributes: { namespace: 'shop', verb: 'create', resource: 'pods' } };
    const answer = await send('POST', path, { body: { spec }, headers });
    expect([answer.status, answer.body['spec'], answer.body['status']]).toEqual([201, spec, { allowed }]);
    const url = await send('POST', path, {
      body: { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } },
      headers,
    });
    expect(url.body['status']).toEqual({ allowed });
    expect((await send('POST', path, { body: { spec: {} }, headers })).status).toBe(422);
  });

  test('says what all an administrator may do', async () => {
    const { send } = await apiFixture();
    const answer = await send('POST', `${authorization}/selfsubjectrulesreviews`, {
      body: { spec: { namespace: 'shop' } },
    });
    expect(answer.body['status']).toEqual({
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    });
  });

  test('can be found, made, and nothing else', async () => {
    const { send } = await apiFixture();
    const { body } = await send('GET', authorization);
    expect(body['resources']).toMatchObject([
      { name: 'selfsubjectaccessreviews', namespaced: false, verbs: ['create'] },
      { name: 'selfsubjectrulesreviews' },
    ]);
    expect((await send('GET', `${authorization}/selfsubjectaccessreviews`)).status).toBe(405);
    expect((await send('POST', `${authorization}/selfsubjectaccessreviews/a`, { body: {} })).status).toBe(405);
  });
});

describe('an eviction', () => {
  const pods = '/api/v1/namespaces/shop/pods';
  const pod = { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } };

  test('deletes the pod as its options say', async () => {
    const { send } = await apiFixture();
    await send('POST', pods, { body: pod });
    const evict = (options: object) =>
      send('POST', `${pods}/p/eviction`, {
        body: {
          kind: 'Eviction',
          apiVersion: 'policy/v1',
          metadata: { name: 'p', namespace: 'shop', creationTimestamp: null },
          ...options,
        },
      });
    expect((await evict({ deleteOptions: { dryRun: ['All'] } })).status).toBe(201);
    expect((await send('GET', `${pods}/p`)).body['metadata']).not.toHaveProperty('deletionTimestamp');
    expect((await evict({ deleteOptions: { preconditions: { uid: 'x' } } })).status).toBe(409);
    const answer = await evict({ deleteOptions: {} });
    expect([answer.status, answer.body['status']]).toEqual([201, 'Success']);
    expect((await send('GET', `${pods}/p`)).body['metadata']).toHaveProperty('deletionTimestamp');
  });

  test('is told to kubectl drain in the legacy discovery', async () => {
    const { send } = await apiFixture();
    const { body } = await send('GET', '/api/v1');
    expect(body['resources']).toContainEqual({
      name: 'pods/eviction',
      singularName: '',
      namespaced: true,
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    });
  });
});
