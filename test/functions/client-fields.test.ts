import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { configMap } from '../../kubernetes/kinds/core/config-map.ts';
import { deployment } from '../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../kubernetes/kinds/apps/replica-set.ts';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { pod as podKind } from '../../kubernetes/kinds/core/pod.ts';
import { replicationController } from '../../kubernetes/kinds/core/replication-controller.ts';
import { service } from '../../kubernetes/kinds/core/service.ts';
import { cloneJson } from '../../kubernetes/json-value.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import {
  deploymentOf,
  podOf,
  replicaSetOf,
  replicationControllerOf,
  serviceOf,
  template,
} from './support/manifests.ts';
import { trackedStore } from './support/tracked-store.ts';

interface Row {
  readonly kinds: readonly string[];
  /** `status.phase`; `spec.**` stands for all below. */
  readonly field: string;
}

/** The table of docs/client-fields.md. */
const rows = readFileSync(join(import.meta.dirname, '../../docs/client-fields.md'), 'utf8')
  .split('\n')
  .flatMap((line): Row[] => {
    const [, kinds = '', field = ''] = /^\| ([\w, ]+) \| `([^`]+)` \|/.exec(line) ?? [];
    return field === '' ? [] : [{ kinds: kinds.split(', '), field }];
  });

const covers = (row: Row, read: string): boolean => {
  const [kind = '', field = ''] = read.split(' ');
  if (!row.kinds.includes('all') && !row.kinds.includes(kind)) return false;
  return row.field.endsWith('.**') ? field.startsWith(row.field.slice(0, -2)) : row.field === field;
};

/** A structured clone refuses proxies. */
afterEach(() => vi.unstubAllGlobals());

async function readFields(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const clone = structuredClone;
  vi.stubGlobal('structuredClone', (value: unknown) => {
    try {
      return clone(value);
    } catch {
      return cloneJson(value);
    }
  });
  const fields = new Map<string, Set<string>>();
  const cluster = await startCluster({
    healthSeconds: 2,
    through: (store) =>
      trackedStore(store, (field, reader) => {
        if (/^(functions|translate)\//.test(reader)) fields.set(field, (fields.get(field) ?? new Set()).add(reader));
      }),
  });
  await tell(cluster);
  expect(cluster.failures).toEqual([]);
  return fields;
}

/** A life in which controllers have something to do with each kind that they look at. */
async function tell(cluster: Cluster): Promise<void> {
  const annotations = { 'example.com/note': 'on each pod' };
  const update = { image: 'nginx:2', annotations };
  await cluster.create(service, serviceOf());
  await cluster.create(deployment, deploymentOf({ annotations }));
  await cluster.create(podKind, podOf({ simulate: 'crash' }));
  await cluster.pass(60);
  await cluster.update(deployment, 'web', (found) => void (found.spec.template = deploymentOf(update).spec.template));
  await cluster.pass(60);
  await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 1));
  await cluster.pass(30);
  await cluster.delete(deployment, 'web', { propagationPolicy: 'Orphan' });
  await cluster.pass(30);
  for (const each of await cluster.list(replicaSet)) {
    await cluster.delete(replicaSet, each.metadata.name ?? '', { propagationPolicy: 'Foreground' });
  }
  await cluster.create(replicationController, replicationControllerOf());
  await cluster.pass(30);
  const next = replicationControllerOf({ image: 'nginx:2' });
  await cluster.create(replicationController, {
    ...next,
    metadata: {
      ...next.metadata,
      name: 'next',
      annotations: { 'skiff.dev/rolling-update-from': 'web', 'skiff.dev/rolling-update-replicas': '1' },
    },
    spec: {
      replicas: 1,
      selector: { app: 'next' },
      template: { ...template({ image: 'nginx:2' }), metadata: { labels: { app: 'next' } } },
    },
  });
  await cluster.pass(120);
  await cluster.create(replicaSet, replicaSetOf());
  await cluster.pass(30);
  await cluster.update(replicaSet, 'web', (found) => void (found.spec.replicas = 1));
  await cluster.delete(podKind, 'one');
  const owner = await cluster.get(service, 'web');
  await cluster.create(configMap, {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {
      name: 'owned',
      namespace: 'default',
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: owner?.metadata.uid ?? '' }],
    },
  });
  await cluster.delete(service, 'web');
  await cluster.pass(30);
  await cluster.create(namespace, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop' } });
  await cluster.pass(5);
  await cluster.delete(namespace, 'shop');
  await cluster.pass(320);
}

test('controllers read no field that a client may write but those of the table, and read each of these', async () => {
  const fields = await readFields();
  const unlisted = [...fields].filter(([field]) => !rows.some((row) => covers(row, field)));
  expect(unlisted.map(([field, readers]) => `${field} (${[...readers].join(', ')})`).toSorted()).toEqual([]);
  expect(rows.filter((row) => ![...fields.keys()].some((field) => covers(row, field)))).toEqual([]);
});
