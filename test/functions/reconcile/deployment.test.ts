import { describe, expect, test } from 'vitest';
import { withHashLabel } from '../../../functions/reconcile/deployment/template-hash.ts';
import { deployment, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, replicaSetOf, template } from '../support/manifests.ts';
import {
  condition,
  definitionsOf,
  imageOf,
  readyPods,
  replicaSetsOf,
  revision,
  rolledOut,
  servicesOf,
  tasksOf,
} from '../support/observe.ts';

const setImage = (image: string) => (found: Deployment) => {
  found.spec.template = template({ image });
};

async function running(options: Parameters<typeof deploymentOf>[0] = {}): Promise<Cluster> {
  const cluster = await startCluster();
  await cluster.create(deployment, deploymentOf(options));
  await cluster.until(rolledOut(cluster));
  return cluster;
}

describe('a deployment', () => {
  test('becomes an ECS service whose tasks are ready pods of its ReplicaSet', async () => {
    const cluster = await running();
    const pods = await cluster.until(readyPods(cluster, 2));
    const [service] = await servicesOf(cluster);
    const [owner] = await replicaSetsOf(cluster);
    expect(service).toMatchObject({ status: 'ACTIVE', desiredCount: 2, runningCount: 2 });
    expect(pods.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual([
      owner?.metadata.uid,
      owner?.metadata.uid,
    ]);
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(2);
    for (const pod of pods) {
      expect(pod.metadata.name).toMatch(new RegExp(`^${owner?.metadata.name}-[a-z0-9]{8}$`));
      expect(pod.metadata.labels).toMatchObject({
        app: 'web',
        'pod-template-hash': expect.stringMatching(/^[a-z0-9]+$/),
      });
      expect(pod.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^\d/) });
    }
    expect(cluster.failures).toEqual([]);
  });

  test('shows its ReplicaSet as a kube-controller-manager does', async () => {
    const cluster = await running();
    const found = await cluster.get(deployment, 'web');
    const [owned] = await replicaSetsOf(cluster);
    const hash = owned?.metadata.labels?.['pod-template-hash'] ?? '';
    expect(owned?.metadata).toMatchObject({
      name: `web-${hash}`,
      labels: { app: 'web', 'pod-template-hash': hash },
      annotations: {
        'deployment.kubernetes.io/desired-replicas': '2',
        'deployment.kubernetes.io/max-replicas': '3',
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          uid: found?.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(owned?.spec).toMatchObject({
      replicas: 2,
      selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
    });
    expect(owned?.status).toMatchObject({
      replicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      fullyLabeledReplicas: 2,
    });
    expect(owned?.spec.template).toEqual(withHashLabel(found?.spec.template ?? template(), hash));
  });

  test('says how far it is', async () => {
    const cluster = await running();
    const found = await cluster.get(deployment, 'web');
    expect(found?.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(found?.status).toMatchObject({ replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 });
    expect([condition(found, 'Available'), condition(found, 'Progressing')]).toEqual([
      'MinimumReplicasAvailable',
      'NewReplicaSetAvailable',
    ]);
  });

  test('tells what happens in Events', async () => {
    const cluster = await running({ deployment: { replicas: 1 } });
    const [pod] = await cluster.until(readyPods(cluster, 1));
    const [owned] = await replicaSetsOf(cluster);
    const [of, name] = [owned?.metadata.name, pod?.metadata.name];
    const told = await cluster.told();
    expect(told).toContain(`Deployment web: ScalingReplicaSet Scaled up replica set ${of} from 0 to 1`);
    expect(told).toContain(`ReplicaSet ${of}: SuccessfulCreate Created pod: ${name}`);
    expect(told).toContain(`Pod ${name}: Scheduled Successfully assigned default/${name} to ${pod?.spec.nodeName}`);
    expect(told).toContain(`Pod ${name}: Pulling Pulling image "nginx:1"`);
    expect(told).toContainEqual(expect.stringContaining(`Pod ${name}: Pulled Successfully pulled image "nginx:1"`));
    expect(told).toContain(`Pod ${name}: Created Created container: app`);
    expect(told).toContain(`Pod ${name}: Started Started container app`);
  });

  test('makes no calls that change AWS once it is settled', async () => {
    const cluster = await running();
    await cluster.pass(10);
    cluster.life.dieAfter(Number.POSITIVE_INFINITY);
    await cluster.pass(700);
    expect(cluster.life.made.filter((call) => /^(create|update|delete|transact)/.test(call))).toEqual([]);
    expect(cluster.life.made.filter((call) => /^(Create|Update|Delete|Register|Run|Stop)/.test(call))).toEqual([]);
  });

  test('scales up and down without another revision', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 5));
    await cluster.until(rolledOut(cluster));
    await cluster.until(readyPods(cluster, 5));
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 1));
    await cluster.until(rolledOut(cluster));
    await cluster.until(readyPods(cluster, 1));
    const [owned, ...others] = await replicaSetsOf(cluster);
    expect(others).toEqual([]);
    expect(owned?.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/max-replicas': '2' });
    expect(await cluster.told()).toEqual(
      expect.arrayContaining([
        `Deployment web: ScalingReplicaSet Scaled up replica set ${owned?.metadata.name} from 2 to 5`,
        `Deployment web: ScalingReplicaSet Scaled down replica set ${owned?.metadata.name} from 5 to 1`,
      ]),
    );
    expect((await cluster.told()).filter((line) => line.includes('SuccessfulDelete'))).toHaveLength(4);
  });

  test('rolls out another image and leaves the old ReplicaSet at 0', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    const found = await cluster.until(rolledOut(cluster));
    const pods = await cluster.until(readyPods(cluster, 2));
    const [old, current] = await replicaSetsOf(cluster);
    expect(pods.map(imageOf)).toEqual(['nginx:2', 'nginx:2']);
    expect([old, current].map((each) => each?.spec.replicas)).toEqual([0, 2]);
    expect(old?.status?.replicas).toBe(0);
    expect(found.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
    expect(condition(found, 'Progressing')).toBe('NewReplicaSetAvailable');
    expect(await tasksOf(cluster)).toHaveLength(2);
    expect(cluster.failures).toEqual([]);
  });

  test('keeps enough pods available all through a rollout', async () => {
    const cluster = await running({ deployment: { replicas: 4 } });
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    const counts: number[] = [];
    await cluster.until(async () => {
      const tasks = await tasksOf(cluster);
      counts.push(tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length);
      expect(tasks.length).toBeLessThanOrEqual(5);
      return rolledOut(cluster)();
    });
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
  });

  test('uses an old ReplicaSet again when it is undone, under a new revision', async () => {
    const cluster = await running();
    const [first] = await replicaSetsOf(cluster);
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.until(rolledOut(cluster));
    const definitions = await definitionsOf(cluster);
    await cluster.update(deployment, 'web', setImage('nginx:1'));
    await cluster.until(rolledOut(cluster));
    const sets = await replicaSetsOf(cluster);
    expect(sets.map(revision)).toEqual([2, 3]);
    expect(sets[1]?.metadata.uid).toBe(first?.metadata.uid);
    expect(sets[1]?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
    expect(sets.map((each) => each.spec.replicas)).toEqual([0, 2]);
    expect(await definitionsOf(cluster)).toEqual(definitions);
  });

  test('rolls when only an annotation of the template changes, as rollout restart does', async () => {
    const cluster = await running();
    const before = (await cluster.list(podKind)).map(({ metadata }) => metadata.uid);
    await cluster.update(deployment, 'web', (found) => {
      found.spec.template = template({ annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } });
    });
    await cluster.until(rolledOut(cluster));
    const after = (await cluster.until(readyPods(cluster, 2))).map(({ metadata }) => metadata.uid);
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
  });

  test('copies its annotations to the ReplicaSet, so that each revision keeps its change-cause', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', (found) => {
      setImage('nginx:2')(found);
      found.metadata.annotations = {
        ...found.metadata.annotations,
        'kubernetes.io/change-cause': 'bump',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      };
    });
    await cluster.until(rolledOut(cluster));
    const causes = (await replicaSetsOf(cluster)).map(
      ({ metadata }) => metadata.annotations?.['kubernetes.io/change-cause'],
    );
    expect(causes).toEqual([undefined, 'bump']);
    const [, current] = await replicaSetsOf(cluster);
    expect(current?.metadata.annotations).not.toHaveProperty(['kubectl.kubernetes.io/last-applied-configuration']);
  });

  test('keeps as many old revisions as its limit says, and their task definitions', async () => {
    const cluster = await running({ deployment: { replicas: 1, revisionHistoryLimit: 1 } });
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      await cluster.update(deployment, 'web', setImage(image));
      await cluster.until(rolledOut(cluster));
    }
    await cluster.pass(10);
    expect((await replicaSetsOf(cluster)).map(imageOf)).toEqual(['nginx:3', 'nginx:4']);
    expect(await definitionsOf(cluster)).toHaveLength(2);
  });

  test('replaces a pod that is deleted', async () => {
    const cluster = await running();
    const [victim] = await cluster.list(podKind);
    await cluster.delete(podKind, victim?.metadata.name ?? '');
    const marked = await cluster.get(podKind, victim?.metadata.name ?? '');
    expect(marked?.metadata.deletionTimestamp).toBeDefined();
    const pods = await cluster.until(async () => {
      const ready = await readyPods(cluster, 2)();
      return ready?.every(({ metadata }) => metadata.uid !== victim?.metadata.uid) === true ? ready : undefined;
    });
    expect(pods).toHaveLength(2);
    expect(await cluster.told()).toContain(`Pod ${victim?.metadata.name}: Killing Stopping container app`);
  });

  test('stops the task of a pod that is deleted by force, and brings no pod back for it', async () => {
    const cluster = await running();
    const [victim] = await cluster.list(podKind);
    await cluster.delete(podKind, victim?.metadata.name ?? '', { gracePeriodSeconds: 0 });
    const names = new Set<string | undefined>();
    await cluster.until(async () => {
      for (const { metadata } of await cluster.list(podKind)) names.add(metadata.name);
      return (await tasksOf(cluster, 'STOPPED')).length === 1 && readyPods(cluster, 2)();
    });
    expect(names.has(victim?.metadata.name)).toBe(false);
  });

  test('leaves nothing behind when it is deleted', async () => {
    const cluster = await startCluster();
    await cluster.pass(10);
    const before = [...(await cluster.everything()).keys()];
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.pass(1);
    await cluster.delete(deployment, 'web');
    await cluster.pass(30);
    expect([...(await cluster.everything()).keys()]).toEqual(before);
    expect(await tasksOf(cluster)).toEqual([]);
    expect(await servicesOf(cluster)).toEqual([]);
    expect(await definitionsOf(cluster)).toEqual([]);
    const page = await cluster.store.list({ resource: 'tombstones.skiff.dev' });
    expect(page.ok && page.items).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  test('can be made again under its name at once after it was deleted', async () => {
    const cluster = await running();
    await cluster.delete(deployment, 'web');
    await cluster.create(deployment, deploymentOf({ image: 'nginx:2' }));
    await cluster.until(rolledOut(cluster));
    const pods = await cluster.until(readyPods(cluster, 2));
    expect(pods.map(imageOf)).toEqual(['nginx:2', 'nginx:2']);
    expect(await servicesOf(cluster)).toHaveLength(1);
    await cluster.pass(30);
    expect(await definitionsOf(cluster)).toHaveLength(1);
    expect(await tasksOf(cluster)).toHaveLength(2);
  });

  test('waits for its pods when it is deleted in the foreground', async () => {
    const cluster = await running({ simulate: 'slow-stop' });
    await cluster.delete(deployment, 'web', { propagationPolicy: 'Foreground' });
    await cluster.pass(3);
    expect((await cluster.get(deployment, 'web'))?.metadata.finalizers).toEqual(['foregroundDeletion']);
    await cluster.until(async () => (await cluster.get(deployment, 'web')) === undefined);
    expect(await cluster.list(replicaSet)).toEqual([]);
    expect(await cluster.list(podKind)).toEqual([]);
  });

  test('with Recreate stops every old task before it starts a new one', async () => {
    const cluster = await running({ deployment: { strategy: { type: 'Recreate' } } });
    await cluster.update(deployment, 'web', (found) => {
      found.spec.template = template({ image: 'nginx:2' });
    });
    await cluster.until(async () => {
      const tasks = [...(await tasksOf(cluster)), ...(await tasksOf(cluster, 'STOPPED'))];
      const alive = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
      expect(new Set(alive.map(({ taskDefinitionArn }) => taskDefinitionArn)).size).toBeLessThanOrEqual(1);
      return rolledOut(cluster)();
    });
    expect((await cluster.until(readyPods(cluster, 2))).map(imageOf)).toEqual(['nginx:2', 'nginx:2']);
  });

  test('scales while it is paused, but makes no new revision', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', (found) => {
      found.spec.paused = true;
      found.spec.replicas = 3;
      setImage('nginx:2')(found);
    });
    const pods = await cluster.until(readyPods(cluster, 3));
    expect(pods.map(imageOf)).toEqual(['nginx:1', 'nginx:1', 'nginx:1']);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('DeploymentPaused');
    await cluster.update(deployment, 'web', (found) => void (found.spec.paused = false));
    await cluster.until(rolledOut(cluster));
    expect((await cluster.until(readyPods(cluster, 3))).map(imageOf)).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
  });

  test('goes back to the last good revision when a rollout fails, says so, and stays there', async () => {
    const cluster = await running();
    await cluster.pass(5);
    await cluster.update(deployment, 'web', (found) => {
      found.spec.template = template({ image: 'nginx:2', simulate: 'unpullable' });
    });
    const failed = await cluster.until(async () => {
      const found = await cluster.get(deployment, 'web');
      return condition(found, 'Progressing') === 'ProgressDeadlineExceeded' ? found : undefined;
    });
    expect(failed.spec.template.spec.containers[0]?.image).toBe('nginx:2');
    await cluster.pass(60);
    expect((await cluster.until(readyPods(cluster, 2))).map(imageOf)).toEqual(['nginx:1', 'nginx:1']);
    const [service] = await servicesOf(cluster);
    expect(service?.deployments).toHaveLength(1);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('ProgressDeadlineExceeded');
    await cluster.update(deployment, 'web', setImage('nginx:3'));
    await cluster.until(rolledOut(cluster));
    expect((await cluster.until(readyPods(cluster, 2))).map(imageOf)).toEqual(['nginx:3', 'nginx:3']);
  });

  test('tells why its pods fail', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf({ simulate: 'crash', deployment: { replicas: 1 } }));
    // Between its starts there are moments only.
    const availability = new Set<string | undefined>();
    for (let passed = 0; passed < 20; passed += 0.07) {
      await cluster.pass(0.07);
      availability.add(condition(await cluster.get(deployment, 'web'), 'Available'));
    }
    const told = await cluster.told();
    expect(told).toContainEqual(
      expect.stringMatching(
        /^ReplicaSet web-\w+: Failed Essential container in task exited \(app: exit code 1\) x\d+$/,
      ),
    );
    expect(availability).toContain('MinimumReplicasUnavailable');
  });

  test('says which field of its template is refused, and makes nothing in AWS', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf({ spec: { hostPID: true } }));
    await cluster.pass(2);
    const found = await cluster.get(deployment, 'web');
    const failure = found?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    expect(failure).toMatchObject({ status: 'True', reason: 'FailedCreate' });
    expect(failure?.message).toContain('spec.template.spec.hostPID');
    expect(await cluster.told()).toContainEqual(
      expect.stringMatching(/^Deployment web: FailedCreate Error creating: spec\.template\.spec\.hostPID/),
    );
    expect(await servicesOf(cluster)).toEqual([]);
    expect(await definitionsOf(cluster)).toEqual([]);
  });

  test('says which replicas ECS has no tasks for', async () => {
    const cluster = await startCluster();
    // What is refused starts no tasks, of which there would be thousands.
    const spec = { hostPID: true };
    await cluster.create(deployment, deploymentOf({ spec, deployment: { replicas: 2_000_000_000 } }));
    await cluster.create(replicaSet, replicaSetOf({ spec, replicas: 5001 }));
    await cluster.pass(2);
    expect((await cluster.told()).filter((text) => text.includes('at most')).toSorted()).toEqual([
      'Deployment web: FailedCreate Error creating: ECS runs at most 5000 tasks of a service: 2000000000 replicas are too many',
      'ReplicaSet web: FailedCreate Error creating: ECS runs at most 5000 tasks of a service: 5001 replicas are too many',
    ]);
  });

  test('starts as soon as a ConfigMap that it needs is there, and keeps what it read', async () => {
    const cluster = await startCluster();
    const spec = { containers: [{ name: 'app', image: 'nginx:1', envFrom: [{ configMapRef: { name: 'settings' } }] }] };
    await cluster.create(deployment, deploymentOf({ spec }));
    await cluster.pass(5);
    expect((await cluster.get(deployment, 'web'))?.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'ReplicaFailure',
        message: expect.stringContaining('configmap "settings" not found'),
      }),
    );
    const metadata = { name: 'settings', namespace: 'default' };
    await cluster.create(configMap, { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { MODE: 'fast' } });
    const found = await cluster.until(rolledOut(cluster));
    expect(condition(found, 'ReplicaFailure')).toBeUndefined();
    const definitions = await definitionsOf(cluster);
    await cluster.update(configMap, 'settings', (each) => void (each.data = { MODE: 'slow' }));
    await cluster.pass(600);
    expect(await definitionsOf(cluster)).toEqual(definitions);
  });

  test('counts as available when its pods have been ready for long enough', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf({ deployment: { minReadySeconds: 15 } }));
    await cluster.until(readyPods(cluster, 2));
    await cluster.pass(8);
    expect((await cluster.get(deployment, 'web'))?.status?.availableReplicas).toBeUndefined();
    await cluster.pass(10);
    expect((await cluster.get(deployment, 'web'))?.status?.availableReplicas).toBe(2);
  });

  test('says when it makes no progress within its deadline', async () => {
    const cluster = await startCluster();
    const readinessProbe = { exec: { command: ['false'] } };
    const spec = { containers: [{ name: 'app', image: 'nginx:1', readinessProbe }] };
    await cluster.create(
      deployment,
      deploymentOf({ simulate: 'never-ready', spec, deployment: { progressDeadlineSeconds: 40 } }),
    );
    await cluster.pass(30);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).not.toBe('ProgressDeadlineExceeded');
    await cluster.pass(60);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('ProgressDeadlineExceeded');
  });

  test.each([
    ['too long for ECS', `web-${'x'.repeat(236)}`],
    ['with dots', 'web.v2.example'],
  ])('may have a name %s', async (_, name) => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf({ name }));
    await cluster.until(rolledOut(cluster, name));
    const [victim] = await cluster.until(readyPods(cluster, 2));
    await cluster.delete(podKind, victim?.metadata.name ?? '');
    await cluster.pass(10);
    await cluster.until(readyPods(cluster, 2));
    await cluster.delete(deployment, name);
    await cluster.pass(60);
    expect(await cluster.list(podKind)).toEqual([]);
    expect([await tasksOf(cluster), await servicesOf(cluster), await definitionsOf(cluster)]).toEqual([[], [], []]);
  });

  test('makes its ReplicaSet again when somebody deletes that', async () => {
    const cluster = await running();
    const [before] = await replicaSetsOf(cluster);
    await cluster.delete(replicaSet, before?.metadata.name ?? '');
    await cluster.until(async () => {
      const [now] = await replicaSetsOf(cluster);
      return now !== undefined && now.metadata.uid !== before?.metadata.uid && rolledOut(cluster)();
    });
    await cluster.pass(40);
    const pods = await cluster.until(readyPods(cluster, 2));
    const [after] = await replicaSetsOf(cluster);
    expect(pods.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual([
      after?.metadata.uid,
      after?.metadata.uid,
    ]);
    expect(await definitionsOf(cluster)).toEqual([after?.notes['task-definition']]);
    expect(await tasksOf(cluster)).toHaveLength(2);
  });

  test('with no replicas is complete without pods', async () => {
    const cluster = await running({ deployment: { replicas: 0 } });
    expect(await cluster.list(podKind)).toEqual([]);
    expect(condition(await cluster.get(deployment, 'web'), 'Available')).toBe('MinimumReplicasAvailable');
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 1));
    await cluster.until(readyPods(cluster, 1));
  });

  test('heals what nobody has told it of, when every event is lost', async () => {
    const cluster = await startCluster({ hear: () => false });
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster), 400);
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.until(rolledOut(cluster), 400);
    expect((await cluster.until(readyPods(cluster, 2), 400)).map(imageOf)).toEqual(['nginx:2', 'nginx:2']);
  });

  test('comes out the same when events come twice, late and in any order', async () => {
    let count = 0;
    const deliveries = (): number[] => {
      count += 1;
      return [[0, 700], [1500], [40], [0]][count % 4] ?? [0];
    };
    const cluster = await startCluster({ faults: { deliveries } });
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.until(rolledOut(cluster));
    await cluster.pass(10);
    expect((await cluster.until(readyPods(cluster, 2))).map(imageOf)).toEqual(['nginx:2', 'nginx:2']);
    await cluster.delete(deployment, 'web');
    await cluster.pass(30);
    expect(await cluster.list(podKind)).toEqual([]);
  });
});
