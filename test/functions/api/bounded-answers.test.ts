import { describe, expect, test } from 'vitest';
import { apiFixture, configMap, configMaps, type Sent } from './fixture.ts';

const huge = 'x'.repeat(1_000_000);
const many = Array.from({ length: 20_000 }, (_, index) => `${index}`);
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const json = { type: 'application/json-patch+json' };
const strategic = { type: 'application/strategic-merge-patch+json' };
const apply = { type: 'application/apply-patch+yaml' };
const merge = { type: 'application/merge-patch+json' };

describe('an answer is short', () => {
  test.each([
    ['GET', `?labelSelector=${huge}`],
    ['GET', `?labelSelector=a%20in%20(${huge})`],
    ['GET', `?labelSelector=${huge}%20in%20(a`],
    ['GET', `?fieldSelector=${huge}=a`],
    ['GET', `?fieldSelector=${huge}`],
    ['GET', `?continue=${huge}`],
    ['GET', `?resourceVersion=${huge}`],
    ['GET', `?resourceVersion=1&resourceVersionMatch=${huge}`],
    ['GET', `?limit=${huge}`],
    ['GET', `?watch=1&resourceVersion=${huge}`],
    ['GET', `?watch=1&timeoutSeconds=${huge}`],
    ['GET', `/${huge}`],
    ['GET', `/${huge}/status`],
    ['GET', `/a/${huge}`],
    ['GET', `/${huge}%zz`],
    ['PUT', `/${huge}`],
    ['PATCH', `/${huge}`],
    ['DELETE', `/${huge}`],
    ['DELETE', `/kept?propagationPolicy=${huge}`],
    ['DELETE', `/kept?gracePeriodSeconds=${huge}`],
    ['DELETE', `/kept?dryRun=${huge}`],
    ['POST', `?fieldManager=${huge}`],
    ['POST', `?fieldValidation=${huge}`],
    ['POST', `?dryRun=${huge}`],
    [huge.slice(0, 1000), ''],
  ])('whatever is asked: %#', async (method, query) => {
    const { send } = await apiFixture();
    const sent: Sent = ['GET', 'DELETE'].includes(method)
      ? {}
      : { body: configMap('a'), ...(method === 'PATCH' ? merge : {}) };
    await send('POST', configMaps, { body: configMap('kept') });
    const { status, text } = await send(method, `${configMaps}${query}`, sent);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text.length).toBeLessThan(10_000);
  });

  test.each<[string, string, unknown, Partial<Sent>]>([
    ['a name', 'POST', { metadata: { name: huge } }, {}],
    ['a prefix', 'POST', { metadata: { generateName: huge } }, {}],
    ['a namespace', 'POST', { metadata: { name: 'a', namespace: huge } }, {}],
    ['a kind', 'POST', { kind: huge, metadata: { name: 'a' } }, {}],
    ['a version', 'POST', { apiVersion: huge, metadata: { name: 'a' } }, {}],
    ['a revision', 'PUT', { metadata: { name: 'kept', resourceVersion: huge } }, {}],
    ['a uid', 'PUT', { metadata: { name: 'kept', uid: huge } }, {}],
    ['another name', 'PUT', { metadata: { name: huge } }, {}],
    [
      'labels',
      'POST',
      { metadata: { name: 'a', labels: Object.fromEntries(many.map((key) => [`${key}!`, '!'])) } },
      {},
    ],
    ['a label', 'POST', { metadata: { name: 'a', labels: { [huge]: huge } } }, {}],
    ['an annotation', 'POST', { metadata: { name: 'a', annotations: { [huge]: '' } } }, {}],
    ['finalizers', 'POST', { metadata: { name: 'a', finalizers: many } }, {}],
    ['a finalizer', 'POST', { metadata: { name: 'a', finalizers: [huge] } }, {}],
    [
      'an owner',
      'POST',
      { metadata: { name: 'a', ownerReferences: [{ apiVersion: huge, kind: huge, name: huge, uid: huge }] } },
      {},
    ],
    ['a manager', 'POST', { metadata: { name: 'a', managedFields: [{ manager: huge, operation: 'Update' }] } }, {}],
    ['keys', 'POST', { metadata: { name: 'a' }, data: Object.fromEntries(many.map((key) => [`${key}!`, ''])) }, {}],
    ['a field of another type', 'POST', { metadata: { name: [huge] } }, {}],
    ['a time', 'POST', { metadata: { name: 'a', creationTimestamp: huge } }, {}],
    ['a text', 'POST', huge, {}],
    ['a patch of a wrong kind', 'PATCH', [{ op: huge, path: huge }], json],
    ['a patch of what is not there', 'PATCH', [{ op: 'remove', path: `/${huge}` }], json],
    ['a directive', 'PATCH', { data: { $patch: huge, [huge]: huge } }, strategic],
    [
      'an applied field',
      'PATCH',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept' }, [huge]: 1 },
      apply,
    ],
    ['an applied kind', 'PATCH', { apiVersion: huge, kind: huge, metadata: { name: 'kept' } }, apply],
    ['an applied name', 'PATCH', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: huge } }, apply],
    [
      'unknown fields',
      'POST',
      { metadata: { name: 'a' }, ...Object.fromEntries(many.map((key) => [key, 1])), [huge]: 1 },
      {},
    ],
  ])('whatever is wrong with %s', async (...[, method, body, sent]) => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('kept') });
    const path = method === 'POST' ? configMaps : `${configMaps}/kept`;
    const query = '?fieldValidation=Strict&fieldManager=me';
    const { status, text } = await send(method, `${path}${query}`, { body: JSON.stringify(body), ...sent });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text.length).toBeLessThan(250_000);
  });

  test('and its warnings too, of a pod with thousands of reasons for them', async () => {
    const { send } = await apiFixture();
    const env = many.slice(0, 2000).map(() => ({ name: `A${huge.slice(0, 300)}`, value: '1' }));
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a', env }] } };
    const body = { metadata: { name: 'a' }, spec: { selector: { matchLabels: { a: 'b' } }, template } };
    const answer = await send('POST', `${deployments}?dryRun=All`, { body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('warning')?.length).toBeLessThan(6000);
  });
});
