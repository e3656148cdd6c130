import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SqsQueue } from '../../aws/sqs/queue.ts';
import { bootstrap } from '../../functions/bootstrap.ts';
import type { Context } from '../../functions/context.ts';
import { collectGarbage } from '../../functions/reconcile/garbage/collect-garbage.ts';
import { garbageKey } from '../../functions/reconcile/garbage/garbage-key.ts';
import { expiredEvents } from '../../functions/reconcile/expired-events.ts';
import { reconcileNamespace } from '../../functions/reconcile/namespace/reconcile-namespace.ts';
import { resync } from '../../functions/reconcile/resync.ts';
import { createWorker } from '../../functions/reconcile/worker.ts';
import { enqueueChanges } from '../../functions/triggers.ts';
import { healChanges } from '../../functions/workflows/heal-changes.ts';
import { keyOf } from '../../kubernetes/kind.ts';
import { configMap, type ConfigMap } from '../../kubernetes/kinds/core/config-map.ts';
import { event, type Event } from '../../kubernetes/kinds/core/event.ts';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { pod } from '../../kubernetes/kinds/core/pod.ts';
import { service } from '../../kubernetes/kinds/core/service.ts';
import { formatKey, parseKey } from '../../kubernetes/object.ts';
import type { OwnerReference } from '../../kubernetes/object-meta.ts';
import { again } from '../../kubernetes/queue/queue.ts';
import { MemoryStore } from '../../kubernetes/store/memory.ts';
import type { Store } from '../../kubernetes/store/store.ts';
import { Cluster, startCluster } from '../support/cluster.ts';
import { emulateSqs, urls } from '../support/sqs.ts';
import { podOf, serviceOf } from './support/manifests.ts';

const map = (name: string, ownerReferences?: OwnerReference[]): ConfigMap => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', uid: `uid-${name}`, ...(ownerReferences ? { ownerReferences } : {}) },
});

const ownedBy = (name: string): OwnerReference => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: `uid-${name}` });

/** The same store, which fails at the objects of these names. */
function failingAt(store: MemoryStore, ...names: readonly string[]): Store {
  const broken = (name: string): boolean => names.includes(name);
  return Object.assign(Object.create(store) as Store, {
    delete: async (...[key, revision]: Parameters<Store['delete']>) => {
      if (broken(key.name)) throw new Error(`${key.name} is broken`);
      return store.delete(key, revision);
    },
    transact: async (writes: Parameters<Store['transact']>[0]) => {
      const found = writes.find(({ key }) => broken(key.name));
      if (found !== undefined) throw new Error(`${found.key.name} is broken`);
      return store.transact(writes);
    },
  });
}

const names = async (store: Store, resource: string): Promise<readonly string[]> => {
  const page = await store.list({ resource });
  return page.ok ? page.items.map(({ key }) => key.name) : [];
};

/** A queue of SQS, and the keys in it. */
function sqsQueue() {
  const { client, clock, sqs } = emulateSqs({
    queues: [
      { url: urls.queueUrl, fifo: true, visibilityTimeoutSeconds: 900 },
      { url: urls.delayQueueUrl, fifo: false, visibilityTimeoutSeconds: 60 },
    ],
  });
  const sent = new Set<string>();
  const queue = new SqsQueue({ client, ...urls, clock, newId: randomUUID });
  const enqueue: Context['queue']['enqueue'] = async (key, options) => {
    await queue.enqueue(key, options);
    sent.add(key);
  };
  return { sqs, sent, queue: { enqueue } };
}

function contextOf(overrides: Partial<Context> = {}) {
  const reported: unknown[] = [];
  const context: Context = {
    ...new Cluster().context,
    store: new MemoryStore(),
    report: (error) => void reported.push(error),
    ...overrides,
  };
  return { context, reported };
}

/** The texts of an error, of its causes and of what it is put together of. */
const allTexts = (error: unknown): readonly string[] =>
  error instanceof Error
    ? [
        error.message,
        ...allTexts(error.cause),
        ...(error instanceof AggregateError ? error.errors.flatMap(allTexts) : []),
      ]
    : [];

describe('a key that the queue refuses', () => {
  const refused = [
    ['too long', 'x'.repeat(1_100_000)],
    ['of a character that XML has not', 'x\uffff'],
  ] as const;

  test.each(refused)('because it is %s is reported and passed over by heal, whose mark moves on', async (_, name) => {
    const { queue, sent } = sqsQueue();
    const { context, reported } = contextOf({ queue });
    await healChanges(context);
    await context.store.create(keyOf(configMap, map('poison')), map('poison', [ownedBy(name)]));
    await context.store.create(keyOf(pod, podOf()), podOf());
    await healChanges(context);
    expect(sent).toContain('pods/default/one');
    expect(reported).toHaveLength(1);
    expect(allTexts(reported[0]).join(' ').length).toBeLessThan(1000);
    sent.clear();
    await healChanges(context);
    expect([...sent]).toEqual([]);
  });

  test.each(refused)('because it is %s is reported and passed over by resync', async (_, name) => {
    const { queue, sent } = sqsQueue();
    const { context, reported } = contextOf({ queue });
    await context.store.create(keyOf(configMap, map('poison')), map('poison', [ownedBy(name)]));
    await context.store.create(keyOf(service, serviceOf()), serviceOf());
    expect(await resync.reconcile(context, parseKey('resync.skiff.dev//all'))).toEqual(again(300));
    expect(sent).toContain('services/default/web');
    expect(reported).toHaveLength(1);
  });
});

test('a queue that cannot be reached keeps the mark of heal where it is', async () => {
  const { context } = contextOf({ queue: { enqueue: () => Promise.reject(new Error('away')) } });
  await context.store.create(
    { resource: 'marks.skiff.dev', namespace: '', name: 'changes' },
    Object.assign({ apiVersion: 'skiff.dev/v1', kind: 'Mark', metadata: { name: 'changes' } }, { revision: 0 }),
  );
  await context.store.create(keyOf(pod, podOf()), podOf());
  await expect(healChanges(context)).rejects.toThrow('away');
  const asked: string[] = [];
  await healChanges({ ...context, queue: { enqueue: async (key) => void asked.push(key) } });
  expect(asked).toEqual(['pods/default/one']);
});

describe('one object that nothing can be made of', () => {
  test('is reported and passed over when changes become work, and by resync', async () => {
    const asked: string[] = [];
    const { context, reported } = contextOf({ queue: { enqueue: async (key) => void asked.push(key) } });
    const broken = { ...serviceOf(), metadata: { name: 'broken', namespace: 'default', ownerReferences: 7 } };
    await context.store.create(keyOf(service, serviceOf()), serviceOf());
    const good = await context.store.changes({ after: 0 });
    const [change] = good.ok ? good.changes : [];
    if (change === undefined) throw new Error('nothing has changed');
    const unreadable = {
      ...change.object,
      key: { ...change.object.key, name: 'broken' },
      text: '"ownerReferences"',
      parse: () => broken as never,
    };
    await enqueueChanges(context, [{ type: 'ADDED', object: unreadable }, change]);
    expect(asked).toEqual(expect.arrayContaining(['services/default/web']));
    expect(allTexts(reported[0])[0]).toBe('services/default/broken is passed over');

    const list: Store['list'] = async (query) => {
      const page = await context.store.list(query);
      return page.ok && query.resource === 'services' ? { ...page, items: [unreadable, ...page.items] } : page;
    };
    reported.length = 0;
    asked.length = 0;
    const store = Object.assign(Object.create(context.store) as Store, { list });
    await resync.reconcile({ ...context, store }, parseKey('resync.skiff.dev//all'));
    expect(asked).toEqual(expect.arrayContaining(['services/default/web']));
    expect(allTexts(reported[0])[0]).toBe('services/default/broken');
  });
});

describe('one object that cannot be deleted', () => {
  test('does not keep the other dependents of an owner that has gone, and is tried again', async () => {
    const { context } = contextOf();
    const store = context.store as MemoryStore;
    for (const name of ['a', 'b', 'c']) await store.create(keyOf(configMap, map(name)), map(name, [ownedBy('gone')]));
    const key = parseKey(garbageKey({ uid: 'uid-gone', key: keyOf(configMap, map('gone')) }));
    const trouble: unknown = await collectGarbage
      .reconcile({ ...context, store: failingAt(store, 'a') }, key)
      .catch((error: unknown) => error);
    expect(allTexts(trouble)).toEqual(['configmaps/default/a', 'a is broken']);
    expect(await names(store, 'configmaps')).toEqual(['a']);
    await collectGarbage.reconcile(context, key);
    expect(await names(store, 'configmaps')).toEqual([]);
  });

  test('does not keep the others in a namespace that goes', async () => {
    const cluster = await startCluster();
    await cluster.stop();
    const store = cluster.store;
    await cluster.create(namespace, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop' } });
    for (const name of ['a', 'b', 'c']) {
      const object = { ...map(name), metadata: { name, namespace: 'shop' } };
      await cluster.create(configMap, object);
    }
    await cluster.delete(namespace, 'shop').catch(() => undefined);
    const key = parseKey('namespaces//shop');
    const record = await store.get(key);
    const going = {
      ...record?.parse(),
      metadata: { ...record?.parse().metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    await store.update(key, going as never, record?.revision ?? 0);
    const trouble: unknown = await reconcileNamespace
      .reconcile({ ...cluster.context, store: failingAt(store, 'a', 'b') }, key)
      .catch((error: unknown) => error);
    expect(allTexts(trouble)).toEqual(expect.arrayContaining(['configmaps/shop/a', 'configmaps/shop/b']));
    const left = await store.list({ resource: 'configmaps', namespace: 'shop' });
    expect(left.ok && left.items.map(({ key: each }) => each.name)).toEqual(['a', 'b']);
  });

  test('does not keep the other Events from their end', async () => {
    const { context, reported } = contextOf();
    const store = context.store as MemoryStore;
    const told = (name: string): Event => ({
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name, namespace: 'default' },
      involvedObject: {},
      lastTimestamp: '2000-01-01T00:00:00Z',
    });
    for (const name of ['a', 'b', 'c']) await store.create(keyOf(event, told(name)), told(name));
    const outcome = await expiredEvents.reconcile({ ...context, store: failingAt(store, 'a') }, parseKey('x//all'));
    expect(outcome).toEqual(again(300));
    expect(await names(store, 'events')).toEqual(['a']);
    expect(allTexts(reported[0])).toEqual(['events/default/a', 'a is broken']);
  });
});

test('what is left of an object that had the name before does not hold up the one that has it now', async () => {
  const cluster = await startCluster();
  await cluster.create(pod, podOf());
  await cluster.delete(pod, 'one', { gracePeriodSeconds: 0 });
  await cluster.stop();
  await cluster.create(pod, podOf());
  const tombstones = (await names(cluster.store, 'tombstones.skiff.dev')).slice(0, 1);
  expect(tombstones).toHaveLength(1);
  await cluster.pass(60);
  const store = failingAt(cluster.store, ...tombstones);
  const work = createWorker({ ...cluster.context, store });
  await expect(work(formatKey(keyOf(pod, podOf())))).rejects.toThrow('reconciling pods/default/one');
  expect((await cluster.get(pod, 'one'))?.notes).toMatchObject({ task: expect.stringContaining('arn:aws:ecs') });
});

test('one thing that cannot be made does not keep the rest of the bootstrap', async () => {
  const cluster = await startCluster();
  await cluster.stop();
  await cluster.delete(service, 'kubernetes');
  await cluster.create(service, serviceOf({ clusterIP: '10.96.0.1' }));
  const zone = { resource: 'nodes', namespace: '', name: 'fargate-us-east-1a' };
  await cluster.store.delete(zone, (await cluster.store.get(zone))?.revision ?? 0);
  // The Service comes last; the ECS cluster, which comes first, is in nobody's way.
  const failing = failingAt(cluster.store, 'kube-public');
  const kubePublic = { resource: 'namespaces', namespace: '', name: 'kube-public' };
  await cluster.store.delete(kubePublic, (await cluster.store.get(kubePublic))?.revision ?? 0);
  const create: Store['create'] = async (key, object) => {
    if (key.name === 'kube-public') throw new Error('kube-public is broken');
    return cluster.store.create(key, object);
  };
  const context = { ...cluster.context, store: Object.assign(failing, { create }) };
  const trouble: unknown = await bootstrap(context).catch((error: unknown) => error);
  expect(allTexts(trouble).join('; ')).toMatch(/kube-public is broken.*10\.96\.0\.1/);
  expect(await cluster.store.get(zone)).toBeDefined();
});
