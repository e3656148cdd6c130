import { describe, expect, onTestFinished, test } from 'vitest';
import type { Context } from '../../functions/context.ts';
import { watchStore } from '../../functions/triggers.ts';
import { deployment } from '../../kubernetes/kinds/apps/deployment.ts';
import { configMap, type ConfigMap } from '../../kubernetes/kinds/core/config-map.ts';
import { pod as podKind } from '../../kubernetes/kinds/core/pod.ts';
import { service } from '../../kubernetes/kinds/core/service.ts';
import { keyOf } from '../../kubernetes/kind.ts';
import type { OwnerReference } from '../../kubernetes/object-meta.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../kubernetes/store/memory.ts';
import { Cluster } from '../support/cluster.ts';
import { settle } from '../support/manual-clock.ts';
import { deploymentOf, podOf, serviceOf } from './support/manifests.ts';

interface Watched {
  readonly store: MemoryStore;
  readonly asked: string[];
  readonly delayed: string[];
}

/** A store whose changes are watched, and the keys that come of them. */
async function watched(options: MemoryStoreOptions = {}): Promise<Watched> {
  const store = new MemoryStore(options);
  const asked: string[] = [];
  const delayed: string[] = [];
  const queue: Context['queue'] = {
    enqueue: (key, { delaySeconds = 0 } = {}) => Promise.resolve(void (delaySeconds === 0 ? asked : delayed).push(key)),
  };
  const ending = new AbortController();
  const watching = watchStore({ ...new Cluster().context, store, queue }, ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await watching;
  });
  await settle();
  return { store, asked, delayed };
}

const map = (name: string, ownerReferences?: OwnerReference[]): ConfigMap => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', uid: `uid-${name}`, ...(ownerReferences ? { ownerReferences } : {}) },
});

describe('the watch of the store', () => {
  test('has everything looked at when it begins', async () => {
    const { asked } = await watched();
    expect(asked).toEqual(['resync.skiff.dev//all', 'expired-events.skiff.dev//all']);
  });

  test('asks for what the kind says is related, once for changes that come together', async () => {
    const { store, asked } = await watched();
    await store.create(keyOf(service, serviceOf()), serviceOf());
    await settle();
    asked.length = 0;
    await store.transact([
      { type: 'create', key: keyOf(podKind, podOf()), object: podOf() },
      { type: 'create', key: keyOf(podKind, podOf({ name: 'two' })), object: podOf({ name: 'two' }) },
      { type: 'create', key: keyOf(deployment, deploymentOf()), object: deploymentOf() },
    ]);
    await settle();
    expect(asked.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'deployments.apps/default/web',
      'pods/default/one',
      'pods/default/two',
      'services/default/web',
    ]);
  });

  test('asks for the services that select a pod, by what it was and by what it is', async () => {
    const { store, asked } = await watched();
    const other = { ...serviceOf({ selector: { app: 'other' } }), metadata: { name: 'other', namespace: 'default' } };
    await store.create(keyOf(service, serviceOf()), serviceOf());
    await store.create(keyOf(service, other), other);
    await store.create(keyOf(podKind, podOf()), podOf());
    await settle();
    asked.length = 0;
    const record = await store.get(keyOf(podKind, podOf()));
    const moved = { ...podOf(), metadata: { ...podOf().metadata, labels: { app: 'other' } } };
    await store.update(keyOf(podKind, podOf()), moved, record?.revision ?? 0);
    await settle();
    expect(asked.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'pods/default/one',
      'services/default/other',
      'services/default/web',
    ]);
  });

  test('asks for the garbage of an owner that has gone, and of one whose dependent has', async () => {
    const { store, asked, delayed } = await watched();
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'uid-a' };
    await store.create(keyOf(configMap, map('a')), map('a'));
    await store.create(keyOf(configMap, map('b')), map('b', [owner]));
    await settle();
    const garbage = 'garbage.skiff.dev//uid-a/configmaps/default/a';
    expect(delayed).toEqual([garbage]);
    asked.length = 0;
    await store.delete(keyOf(configMap, map('b')), (await store.get(keyOf(configMap, map('b'))))?.revision ?? 0);
    await settle();
    expect(asked).toContain(garbage);
    asked.length = 0;
    await store.delete(keyOf(configMap, map('a')), (await store.get(keyOf(configMap, map('a'))))?.revision ?? 0);
    await settle();
    expect(asked).toEqual([garbage]);
  });

  test('asks for what was deleted itself when something of it may be left in AWS', async () => {
    const { store, asked } = await watched();
    const owned = podOf();
    owned.metadata.ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'uid-web', controller: true },
    ];
    await store.create(keyOf(podKind, owned), owned);
    await settle();
    expect(asked).not.toContain('pods/default/one');
    await store.delete(keyOf(podKind, owned), (await store.get(keyOf(podKind, owned)))?.revision ?? 0);
    await settle();
    expect(asked).toContain('pods/default/one');
  });

  test('has everything looked at again when it has missed changes', async () => {
    const { store, asked } = await watched({ keep: { changes: 5 } });
    asked.length = 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.create(keyOf(configMap, map(`m${index}`)), map(`m${index}`))),
    );
    await settle();
    expect(asked).toContain('resync.skiff.dev//all');
  });
});
