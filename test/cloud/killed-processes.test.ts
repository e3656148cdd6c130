import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../local/system-clock.ts';
import { type Bundles, buildBundles } from '../support/lambda-host/bundles.ts';
import { functionUrl } from '../support/lambda-host/function-url.ts';
import { type LambdaHost, startLambdaHost } from '../support/lambda-host/host.ts';

interface DeploymentList {
  readonly items: readonly {
    readonly status: { readonly readyReplicas?: number; readonly updatedReplicas?: number };
  }[];
}
interface Applied {
  readonly items: readonly { readonly result: string }[];
}

let bundles: Bundles | undefined;
let host: LambdaHost | undefined;
beforeAll(async () => {
  bundles = await buildBundles();
  host = await startLambdaHost({ bundles, apiProcesses: 2, watchSeconds: 30 });
});
afterAll(async () => {
  await host?.stop();
  await bundles?.remove();
});

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    systemClock.after(milliseconds, resolve);
  });

test('a deployment comes up and goes though processes die all the time', { timeout: 180_000 }, async () => {
  if (host === undefined) throw new Error('the host has not started');
  const { functions, token, aws } = host;
  const fetch = functionUrl(functions.api);
  /** As a client that tries again when its server has failed. */
  const call = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/yaml' };
      const response = await fetch(new Request(`https://api.example${path}`, { ...init, headers }));
      if (response.status < 500) return (await response.json()) as T;
      if (attempt === 10) throw new Error(await response.text());
    }
  };
  let killed = 0;
  const killing = async (times: number): Promise<void> => {
    for (let turn = 0; turn < times; turn += 1) {
      await pause(150);
      for (const name of ['api', 'events', 'reconcile', 'delays'] as const) {
        if (turn % 2 === (name === 'reconcile' ? 0 : 1) && functions[name].kill()) killed += 1;
      }
    }
  };
  const list = (resource: string) => call<DeploymentList>(`${resource}?labelSelector=app%3Dweb`);

  const body = await readFile('examples/walk/05-deployment/nginx.yaml', 'utf8');
  const deaths = killing(10);
  const applied = await call<Applied>('/apply?namespace=default', { method: 'POST', body });
  expect(applied.items.map(({ result }) => result)).not.toContain('failed');
  await deaths;
  await expect
    .poll(async () => (await list('/apis/apps/v1/namespaces/default/deployments')).items[0]?.status, {
      timeout: 80_000,
      interval: 500,
    })
    .toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });

  const moreDeaths = killing(6);
  await call('/apis/apps/v1/namespaces/default/deployments/web?propagationPolicy=Background', { method: 'DELETE' });
  await moreDeaths;
  await expect
    .poll(async () => (await list('/api/v1/namespaces/default/pods')).items.length, { timeout: 80_000, interval: 500 })
    .toBe(0);
  expect(killed).toBeGreaterThan(2);
  expect(aws.setAside()).toEqual([]);
});
