// What the API does in a second, beside a bare server that answers as many bytes, in one run.
import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client, measure } from './client.mjs';
import { startBareServer, startServer } from './bare-server.mjs';

const namespace = 'bench';
const labels = { app: 'bench' };
const bodies = {
  configmaps: (name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data: { mode: 'dark', text: 'x'.repeat(200) },
  }),
  deployments: (name) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'nginx:1.15',
              ports: [{ containerPort: 80 }],
              resources: { requests: { cpu: '100m', memory: '64Mi' } },
            },
          ],
        },
      },
    },
  }),
};
const prefix = { configmaps: '/api/v1', deployments: '/apis/apps/v1' };
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
const patch = (type) => ({ 'content-type': `application/${type}` });

/** Resident memory of a process, MiB. */
const residentMiB = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);

/** The rows of one resource with so many clients at a time. */
async function operations(api, resource, { count, clients }) {
  const list = `${prefix[resource]}/namespaces/${namespace}/${resource}`;
  const path = (index) => `${list}/${resource}-${clients}-${index}`;
  const json = (value) => JSON.stringify(value);
  const rows = {};
  const row = async (name, times, work) => {
    rows[`${resource}.${name}`] = {
      ...(await measure(times, clients, work)),
      bytes: (await work(0).catch(() => undefined))?.bytes,
    };
  };
  const lists = Math.max(clients, 20);
  rows[`${resource}.create`] = await measure(count, clients, (index) =>
    api.request('POST', list, { body: json(bodies[resource](`${resource}-${clients}-${index}`)) }),
  );
  await row('get', count, (index) => api.request('GET', path(index)));
  await row('list', lists, () => api.request('GET', list));
  await row('list as Table', lists, () => api.request('GET', list, { headers: table }));
  await row('patch', count, (index) =>
    api.request('PATCH', path(index), {
      body: json({ metadata: { annotations: { turn: `${Math.random()}` } } }),
      headers: patch('strategic-merge-patch+json'),
    }),
  );
  await row('apply', count, (index) =>
    api.request('PATCH', `${path(index)}?fieldManager=bench&force=true`, {
      body: json(bodies[resource](`${resource}-${clients}-${index}`)),
      headers: patch('apply-patch+yaml'),
    }),
  );
  rows[`${resource}.delete`] = await measure(count, clients, (index) => api.request('DELETE', path(index)));
  return rows;
}

/** How fast a burst of writes reaches so many watchers. */
async function fanOut(api, { watchers, writes }) {
  const list = `${prefix.configmaps}/namespaces/${namespace}/configmaps`;
  let seen = 0;
  let all = () => {};
  const done = new Promise((resolve) => (all = resolve));
  const closers = await Promise.all(
    Array.from({ length: watchers }, () =>
      api.watch(`${list}?watch=true`, (events) => {
        seen += events;
        if (seen >= watchers * writes) all();
      }),
    ),
  );
  const began = performance.now();
  await measure(writes, 16, (index) =>
    api.request('POST', list, { body: JSON.stringify(bodies.configmaps(`fan-${index}`)) }),
  );
  await done;
  const seconds = (performance.now() - began) / 1000;
  for (const close of closers) close();
  return { watchers, writes, eventsPerSecond: Math.round((watchers * writes) / seconds) };
}

/** Each row beside the bare server's at the same number of bytes and clients: `ratio` is bare's rate over Skiff's. */
async function beside(bare, rows) {
  for (const row of Object.values(rows)) {
    if (row.bytes === undefined) continue;
    const yardstick = await measure(Math.min(row.count, 200), row.clients, () =>
      bare.request('GET', `/bytes/${row.bytes}`),
    );
    row.ratio = Math.round((yardstick.perSecond / row.perSecond) * 100) / 100;
  }
  return rows;
}

/** The whole measurement, as plain data. */
export async function benchApi(program, { count = 1000 } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'skiff-bench-'));
  const token = 'bench';
  const skiff = await startServer(
    [program, 'up', '--port', '0', '--token', token, '--kubeconfig', join(home, 'kubeconfig')],
    { HOME: home },
  );
  const bareServer = await startBareServer();
  const api = client({ url: skiff.url, token });
  const bare = client({ url: bareServer.url });
  try {
    const memory = { idleMiB: residentMiB(skiff.pid) };
    await api.request('POST', '/api/v1/namespaces', {
      body: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
    });
    const rows = {};
    for (const resource of Object.keys(bodies)) {
      for (const clients of [1, 16]) {
        const measured = await operations(api, resource, { count, clients });
        for (const [name, row] of Object.entries(await beside(bare, measured)))
          rows[`${name}, ${clients} at a time`] = row;
      }
    }
    const watch = await fanOut(api, { watchers: 100, writes: 200 });
    await measure(10_000, 16, (index) =>
      api.request('POST', `${prefix.configmaps}/namespaces/${namespace}/configmaps`, {
        body: JSON.stringify(bodies.configmaps(`many-${index}`)),
      }),
    );
    memory.with10000ObjectsMiB = residentMiB(skiff.pid);
    return { rows, watch, memory };
  } finally {
    api.close();
    bare.close();
    await skiff.stop();
    await bareServer.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
