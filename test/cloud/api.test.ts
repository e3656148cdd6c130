import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundles, buildBundles } from '../support/lambda-host/bundles.ts';
import { LambdaFunction } from '../support/lambda-host/function.ts';
import { functionUrl } from '../support/lambda-host/function-url.ts';
import { environmentOf } from '../support/lambda-host/environment.ts';
import { type SharedAws, startSharedAws } from '../support/lambda-host/aws.ts';
import { systemClock } from '../../local/system-clock.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const token = 'token-of-the-test';

describe('the API as a function', () => {
  let bundles: Bundles;
  let aws: SharedAws;
  const started: LambdaFunction[] = [];
  const reports: unknown[] = [];

  beforeAll(async () => {
    bundles = await buildBundles();
    aws = await startSharedAws({
      clock: systemClock,
      random: randomNumbers(1),
      deliver: async () => {},
      arrived: () => {},
      report: (error) => void reports.push(error),
    });
  });
  afterAll(async () => {
    for (const each of started) each.stop();
    await aws.stop();
    await bundles.remove();
  });

  /** Calls the API of a function with this environment. */
  function apiOf(environment: Readonly<Record<string, string>>) {
    const lambda = new LambdaFunction({
      runtime: bundles.runtime,
      bundle: bundles.of('api'),
      environment,
      timeoutSeconds: 30,
      maximumProcesses: 4,
      clock: systemClock,
      log: (text) => void reports.push(text),
    });
    started.push(lambda);
    const url = functionUrl(lambda);
    return (path: string, init: RequestInit = {}) =>
      url(new Request(`https://api.example${path}`, { headers: { Authorization: `Bearer ${token}` }, ...init }));
  }
  const api = (watchSeconds = 60) => apiOf(environmentOf(aws, { token, watchSeconds }));
  const jsonOf = async (response: Response): Promise<unknown> => JSON.parse(await response.text());

  test('refuses every call when no token is configured', async () => {
    const { SKIFF_TOKEN_SHA256: _digest, ...environment } = environmentOf(aws, { token, watchSeconds: 60 });
    const call = apiOf(environment);
    for (const path of ['/api/v1/pods', '/apis', '/openapi/v2', '/']) expect((await call(path)).status).toBe(401);
    expect((await call('/healthz')).status).toBe(200);
  });

  test('refuses another token', async () => {
    const response = await api()('/api/v1/pods', { headers: { Authorization: 'Bearer another' } });
    expect(response.status).toBe(401);
    expect(await jsonOf(response)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
  });

  test('refuses pages of other sites', async () => {
    const page = { Authorization: `Bearer ${token}`, Host: 'api.example' };
    expect((await api()('/version', { headers: { ...page, Origin: 'https://api.example' } })).status).toBe(200);
    for (const foreign of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      const response = await api()('/version', { headers: { ...page, ...foreign } });
      expect(response.status).toBe(403);
      expect(await jsonOf(response)).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    }
  });

  test('does not begin without its environment, and says what is missing', async () => {
    expect((await apiOf({})('/healthz')).status).toBe(502);
    expect(reports.splice(0).join('')).toContain('SKIFF_TABLE');
  });

  test('turns what it writes into work before it answers', async () => {
    const call = api();
    const name = 'written';
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    expect(
      (await call('/api/v1/namespaces', { method: 'POST', headers, body: JSON.stringify(namespace) })).status,
    ).toBe(201);
    expect(aws.waiting().map((body) => (JSON.parse(body) as { key: string }).key)).toContain(`namespaces//${name}`);
  });

  test('answers a watch at once, with an empty line', async () => {
    const response = await api(60)('/api/v1/configmaps?watch=1&resourceVersion=1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('\n');
  });

  test('ends a watch at its deadline', async () => {
    expect(await (await api(1)('/api/v1/configmaps?watch=1&resourceVersion=1')).text()).toBe('\n');
  });

  test('puts nothing in front of what is no watch', async () => {
    expect(await jsonOf(await api()('/api/v1/configmaps'))).toMatchObject({ kind: 'ConfigMapList' });
    const refused = await api()('/api/v1/configmaps?watch=1&resourceVersion=x');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/^\{/);
  });
});
