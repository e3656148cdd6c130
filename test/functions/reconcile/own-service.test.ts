import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { replicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, replicaSetOf, replicationControllerOf, template } from '../support/manifests.ts';
import { definitionsOf, imageOf, readyPods, rolledOut, servicesOf, tasksOf } from '../support/observe.ts';

const images = async (cluster: Cluster, count: number): Promise<string[]> =>
  (await cluster.until(readyPods(cluster, count)))
    .map((pod) => imageOf(pod) ?? '')
    .toSorted((a, b) => (a < b ? -1 : 1));

describe('a replication controller', () => {
  async function running(): Promise<Cluster> {
    const cluster = await startCluster();
    await cluster.create(replicationController, replicationControllerOf());
    await cluster.until(readyPods(cluster, 2));
    return cluster;
  }

  test('has an ECS service of its own, whose tasks are its pods', async () => {
    const cluster = await running();
    await cluster.pass(1);
    const found = await cluster.get(replicationController, 'web');
    expect(found?.status).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 });
    const pods = await cluster.list(podKind);
    expect(pods.map(({ metadata }) => metadata.ownerReferences?.[0])).toEqual(
      Array.from({ length: 2 }, () => ({
        apiVersion: 'v1',
        kind: 'ReplicationController',
        name: 'web',
        uid: found?.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      })),
    );
    expect(await cluster.told()).toContain(
      `ReplicationController web: SuccessfulCreate Created pod: ${pods[0]?.metadata.name}`,
    );
    expect(cluster.failures).toEqual([]);
  });

  test('scales, and replaces a pod that is deleted', async () => {
    const cluster = await running();
    await cluster.update(replicationController, 'web', (found) => void (found.spec.replicas = 3));
    const pods = await cluster.until(readyPods(cluster, 3));
    await cluster.delete(podKind, pods[0]?.metadata.name ?? '');
    await cluster.until(async () => {
      const now = await readyPods(cluster, 3)();
      return now?.some(({ metadata }) => metadata.uid === pods[0]?.metadata.uid) === false;
    });
    await cluster.update(replicationController, 'web', (found) => void (found.spec.replicas = 0));
    await cluster.until(readyPods(cluster, 0));
    expect(await tasksOf(cluster)).toEqual([]);
  });

  test('leaves running pods alone when its template changes; those added by scaling are of the new one', async () => {
    const cluster = await running();
    const before = (await cluster.list(podKind)).map(({ metadata }) => metadata.name);
    await cluster.update(replicationController, 'web', (found) => {
      found.spec.template = template({ image: 'nginx:2' });
    });
    await cluster.pass(60);
    expect((await cluster.list(podKind)).map(({ metadata }) => metadata.name)).toEqual(before);
    expect(await images(cluster, 2)).toEqual(['nginx:1', 'nginx:1']);
    expect(await cluster.told()).toContainEqual(expect.stringMatching(/^ReplicationController web: TemplateChanged /));
    await cluster.update(replicationController, 'web', (found) => void (found.spec.replicas = 3));
    expect(await images(cluster, 3)).toEqual(['nginx:1', 'nginx:1', 'nginx:2']);
    await cluster.update(replicationController, 'web', (found) => void (found.spec.replicas = 0));
    await cluster.until(readyPods(cluster, 0));
    await cluster.update(replicationController, 'web', (found) => void (found.spec.replicas = 2));
    expect(await images(cluster, 2)).toEqual(['nginx:2', 'nginx:2']);
    await cluster.pass(20);
    expect(await definitionsOf(cluster)).toHaveLength(1);
  });

  test('leaves nothing behind when it is deleted', async () => {
    const cluster = await running();
    await cluster.delete(replicationController, 'web');
    await cluster.pass(20);
    expect(await cluster.list(podKind)).toEqual([]);
    expect([await tasksOf(cluster), await servicesOf(cluster), await definitionsOf(cluster)]).toEqual([[], [], []]);
  });

  test('says what of its template is refused', async () => {
    const cluster = await startCluster();
    await cluster.create(replicationController, replicationControllerOf({ spec: { hostPID: true } }));
    await cluster.pass(2);
    const found = await cluster.get(replicationController, 'web');
    expect(found?.status?.conditions).toEqual([
      expect.objectContaining({
        type: 'ReplicaFailure',
        message: expect.stringContaining('spec.template.spec.hostPID'),
      }),
    ]);
    await cluster.update(replicationController, 'web', (each) => void (each.spec.template = template()));
    await cluster.until(readyPods(cluster, 2));
    expect((await cluster.get(replicationController, 'web'))?.status?.conditions).toBeUndefined();
  });

  test('waits for its pods when it is deleted in the foreground', async () => {
    const cluster = await running();
    await cluster.delete(replicationController, 'web', { propagationPolicy: 'Foreground' });
    expect(await cluster.get(replicationController, 'web')).toBeDefined();
    await cluster.until(async () => (await cluster.get(replicationController, 'web')) === undefined);
    expect(await cluster.list(podKind)).toEqual([]);
  });
});

describe('a replica set that nobody controls', () => {
  test('has an ECS service of its own', async () => {
    const cluster = await startCluster();
    await cluster.create(replicaSet, replicaSetOf());
    await cluster.until(readyPods(cluster, 2));
    await cluster.pass(1);
    expect((await cluster.get(replicaSet, 'web'))?.status).toMatchObject({ replicas: 2, readyReplicas: 2 });
    await cluster.delete(replicaSet, 'web');
    await cluster.pass(20);
    expect(await cluster.list(podKind)).toEqual([]);
    expect([await tasksOf(cluster), await servicesOf(cluster), await definitionsOf(cluster)]).toEqual([[], [], []]);
  });

  test('is taken over by a deployment that selects it', async () => {
    const cluster = await startCluster();
    const orphan = replicaSetOf({ replicas: 1 });
    await cluster.create(replicaSet, { ...orphan, metadata: { ...orphan.metadata, labels: { app: 'web' } } });
    await cluster.until(readyPods(cluster, 1));
    const made = await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    await cluster.until(readyPods(cluster, 2));
    expect((await cluster.get(replicaSet, 'web'))?.metadata.ownerReferences?.[0]?.uid).toBe(made.metadata.uid);
    expect(await servicesOf(cluster)).toHaveLength(1);
    expect(cluster.failures).toEqual([]);
  });

  test('takes its service with it, whichever deployment its author has it name by then', async () => {
    const cluster = await startCluster();
    await cluster.create(replicaSet, replicaSetOf({ replicas: 1 }));
    await cluster.until(readyPods(cluster, 1));
    const controller = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none', uid: 'none', controller: true };
    await cluster.update(replicaSet, 'web', (found) => void (found.metadata.ownerReferences = [controller]));
    await cluster.until(async () => (await cluster.get(replicaSet, 'web')) === undefined);
    await cluster.pass(30);
    expect(await servicesOf(cluster)).toEqual([]);
    expect(await tasksOf(cluster)).toEqual([]);
    expect(await definitionsOf(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  test('goes on without its deployment when that leaves orphans', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    await cluster.delete(deployment, 'web', { propagationPolicy: 'Orphan' });
    await cluster.until(async () => (await cluster.get(deployment, 'web')) === undefined);
    await cluster.pass(20);
    const [left, ...others] = await cluster.list(replicaSet);
    expect(others).toEqual([]);
    expect(left?.metadata.ownerReferences).toBeUndefined();
    await cluster.until(readyPods(cluster, 2));
    expect(await servicesOf(cluster)).toHaveLength(1);
    expect(await tasksOf(cluster)).toHaveLength(2);
    expect(await definitionsOf(cluster)).toHaveLength(1);
    expect((await cluster.told()).filter((text) => text.includes('TemplateChanged'))).toEqual([]);
  });
});
