import { describe, expect, test } from 'vitest';
import {
  inPlaceAnnotation,
  rollingUpdate,
  steppedNote,
} from '../../../functions/reconcile/workload/rolling-update/annotations.ts';
import { nextStep, type Side, type Step } from '../../../functions/reconcile/workload/rolling-update/decide.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { replicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { podOf, replicationControllerOf, template } from '../support/manifests.ts';
import { definitionsOf, imageOf, isReady, readyPods, servicesOf, tasksOf } from '../support/observe.ts';

const update = { from: 'old', replicas: 3, periodSeconds: 10, stepped: 0 };
const side = (replicas: number, available = replicas): Side => ({ replicas, available });

describe('the next step of a rolling update', () => {
  const cases: [string, { target: Side; source: Side | undefined; now: number }, Step][] = [
    ['begins with a pod more', { target: side(0), source: side(3), now: 10_000 }, { do: 'scale-up', to: 1 }],
    ['waits for the period', { target: side(0), source: side(3), now: 3000 }, { do: 'wait', seconds: 7 }],
    ['waits for the new pod', { target: side(1, 0), source: side(3), now: 60_000 }, { do: 'wait', seconds: undefined }],
    ['then takes an old one away', { target: side(1), source: side(3), now: 0 }, { do: 'scale-down', to: 2 }],
    ['goes on', { target: side(1), source: side(2), now: 20_000 }, { do: 'scale-up', to: 2 }],
    ['takes the last one away', { target: side(3), source: side(1), now: 20_000 }, { do: 'scale-down', to: 0 }],
    ['ends', { target: side(3), source: side(0), now: 0 }, { do: 'finish' }],
    ['ends when the old one is gone', { target: side(3), source: undefined, now: 0 }, { do: 'finish' }],
    [
      'takes over all when the old one is gone',
      { target: side(1), source: undefined, now: 60_000 },
      { do: 'scale-up', to: 2 },
    ],
    ['comes down to what is wanted', { target: side(5), source: side(1), now: 0 }, { do: 'scale-up', to: 3 }],
  ];
  test.each(cases)('%s', (_, state, step) => {
    expect(nextStep(update, state)).toEqual(step);
  });
});

const successorOf = (image: string, annotations: Record<string, string>) => {
  const object = replicationControllerOf({ image, replicas: 0 });
  return { ...object, metadata: { ...object.metadata, name: 'next', annotations } };
};
const asked = { [rollingUpdate.from]: 'web', [rollingUpdate.replicas]: '2', [rollingUpdate.period]: '10' };

describe('a rolling update between two replication controllers', () => {
  async function running(): Promise<Cluster> {
    const cluster = await startCluster();
    await cluster.create(replicationController, replicationControllerOf());
    await cluster.until(readyPods(cluster, 2));
    return cluster;
  }
  const ended = (cluster: Cluster, gone: string) => async () =>
    (await cluster.get(replicationController, gone)) === undefined && readyPods(cluster, 2)();

  test('never has less ready pods than wanted, nor more than one more, and leaves nothing of the old one', async () => {
    const cluster = await running();
    await cluster.create(replicationController, successorOf('nginx:2', asked));
    const ready: number[] = [];
    const began = cluster.clock.now();
    const pods = await cluster.until(async () => {
      ready.push((await cluster.list(podKind)).filter(isReady).length);
      return ended(cluster, 'web')();
    });
    expect(Math.min(...ready)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...ready)).toBeLessThanOrEqual(3);
    expect(cluster.clock.now() - began).toBeGreaterThanOrEqual(10_000);
    expect((pods || []).map(imageOf)).toEqual(['nginx:2', 'nginx:2']);
    await cluster.pass(30);
    const next = await cluster.get(replicationController, 'next');
    expect([next?.metadata.annotations ?? {}, next?.notes]).toEqual([
      {},
      expect.not.objectContaining({ [steppedNote]: expect.anything() }),
    ]);
    expect([await servicesOf(cluster), await definitionsOf(cluster)].map((each) => each.length)).toEqual([1, 1]);
    expect(cluster.failures).toEqual([]);
  });

  test('stands still while new pods cannot start, and goes on when they can, through a restart of Skiff', async () => {
    const cluster = await running();
    cluster.runtime.withhold('nginx:2');
    await cluster.create(replicationController, successorOf('nginx:2', asked));
    await cluster.pass(100);
    expect((await cluster.get(replicationController, 'web'))?.spec.replicas).toBe(2);
    expect((await cluster.list(podKind)).filter(isReady)).toHaveLength(2);
    await cluster.stop();
    cluster.runtime.push('nginx:2');
    await cluster.start();
    await cluster.until(ended(cluster, 'web'));
  });

  test('in place replaces the pods of one controller', async () => {
    const cluster = await running();
    const ready: number[] = [];
    await cluster.update(replicationController, 'web', (found) => {
      found.metadata.annotations = { ...found.metadata.annotations, [inPlaceAnnotation]: 'now' };
      found.spec.template = template({ image: 'nginx:2' });
    });
    await cluster.until(async () => {
      const pods = await cluster.list(podKind);
      ready.push(pods.filter(isReady).length);
      return pods.length === 2 && pods.every((pod) => imageOf(pod) === 'nginx:2' && isReady(pod));
    });
    expect(Math.min(...ready)).toBeGreaterThanOrEqual(2);
    await cluster.until(
      async () =>
        (await cluster.get(replicationController, 'web'))?.metadata.annotations?.[inPlaceAnnotation] === undefined,
    );
    await cluster.pass(30);
    expect(await definitionsOf(cluster)).toHaveLength(1);
  });
});

describe('a pod made by hand that a replication controller selects', () => {
  const labelled = (name: string) => podOf({ name, image: 'by-hand:1' });

  test('counts among its pods, and is replaced when it goes', async () => {
    const cluster = await startCluster();
    await cluster.create(podKind, labelled('one'));
    await cluster.until(readyPods(cluster, 1));
    const made = await cluster.create(replicationController, replicationControllerOf());
    await cluster.until(readyPods(cluster, 2));
    await cluster.pass(30);
    expect(await readyPods(cluster, 2)()).toBeDefined();
    expect((await cluster.get(podKind, 'one'))?.metadata.ownerReferences?.[0]?.uid).toBe(made.metadata.uid);
    expect((await cluster.get(replicationController, 'web'))?.status).toMatchObject({ replicas: 2, readyReplicas: 2 });
    await cluster.delete(podKind, 'one');
    await cluster.until(async () => (await cluster.get(podKind, 'one')) === undefined && readyPods(cluster, 2)());
    expect((await cluster.list(podKind)).map(imageOf)).toEqual(['nginx:1', 'nginx:1']);
    await cluster.pass(60);
    expect(await definitionsOf(cluster)).toHaveLength(1);
  });

  test('is let go when its labels no longer match, and goes with the controller else', async () => {
    const cluster = await startCluster();
    for (const name of ['one', 'two']) await cluster.create(podKind, labelled(name));
    await cluster.until(readyPods(cluster, 2));
    await cluster.create(replicationController, replicationControllerOf());
    await cluster.pass(20);
    expect(await cluster.list(podKind)).toHaveLength(2);
    await cluster.update(podKind, 'one', (found) => void (found.metadata.labels = { app: 'other' }));
    await cluster.until(readyPods(cluster, 3));
    expect((await cluster.get(podKind, 'one'))?.metadata.ownerReferences).toBeUndefined();
    await cluster.delete(replicationController, 'web');
    await cluster.pass(60);
    expect((await cluster.list(podKind)).map(({ metadata }) => metadata.name)).toEqual(['one']);
    expect(await tasksOf(cluster)).toHaveLength(1);
    expect(await definitionsOf(cluster)).toHaveLength(1);
  });

  test('goes when there are too many', async () => {
    const cluster = await startCluster();
    for (const name of ['one', 'two', 'three']) await cluster.create(podKind, labelled(name));
    await cluster.until(readyPods(cluster, 3));
    await cluster.create(replicationController, replicationControllerOf({ replicas: 1 }));
    await cluster.pass(30);
    expect(await cluster.list(podKind)).toHaveLength(1);
    expect(cluster.failures).toEqual([]);
  });
});
