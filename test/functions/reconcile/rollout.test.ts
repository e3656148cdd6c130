import { describe, expect, test } from 'vitest';
import { deployment, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, template, type Template } from '../support/manifests.ts';
import {
  condition,
  definitionsOf,
  imageOf,
  readyPods,
  replicaSetsOf,
  rolledOut,
  servicesOf,
  tasksOf,
} from '../support/observe.ts';

const setTemplate = (options: Template) => (found: Deployment) => {
  found.spec.template = template(options);
};
const setImage = (image: string) => setTemplate({ image });

async function running(options: Parameters<typeof deploymentOf>[0] = {}): Promise<Cluster> {
  const cluster = await startCluster();
  await cluster.create(deployment, deploymentOf(options));
  await cluster.until(rolledOut(cluster));
  await cluster.pass(3);
  return cluster;
}

const givenUp = (cluster: Cluster) => async (): Promise<string | undefined> => {
  const found = await cluster.get(deployment, 'web');
  const progressing = found?.status?.conditions?.find(({ type }) => type === 'Progressing');
  return progressing?.reason === 'ProgressDeadlineExceeded' ? progressing.message : undefined;
};
const images = async (cluster: Cluster, count = 2) => (await cluster.until(readyPods(cluster, count))).map(imageOf);
const desired = async (cluster: Cluster) => (await replicaSetsOf(cluster)).map(({ spec }) => spec.replicas);
/** Of the service's present task definition: how often a rollout of it was begun. */
const launches = (cluster: Cluster) =>
  cluster.events.filter(
    ({ 'detail-type': type, detail }) =>
      type === 'ECS Deployment State Change' && JSON.stringify(detail).includes('SERVICE_DEPLOYMENT_IN_PROGRESS'),
  ).length;

describe('a new version that is bad', () => {
  const bad = [
    ['whose image cannot be pulled', { simulate: 'unpullable' }, /circuit breaker.*; the last task: CannotPull/],
    ['that exits at once', { simulate: 'crash' }, /3 tasks have exited .*; the last task: .*\(app: exit code 1\)$/],
    ['that runs out of memory', { simulate: 'oom' }, /3 tasks have exited .*OutOfMemoryError/],
    [
      'that is never ready',
      { simulate: 'never-ready', probe: true },
      /circuit breaker.*failed container health checks/,
    ],
  ] as const;
  const templateOf = ({ simulate, probe }: { simulate: string; probe?: boolean }): Template => ({
    image: 'nginx:2',
    simulate,
    ...(probe === true
      ? {
          spec: {
            containers: [
              {
                name: 'app',
                image: 'nginx:2',
                readinessProbe: { exec: { command: ['false'] }, periodSeconds: 5, failureThreshold: 2 },
              },
            ],
          },
        }
      : {}),
  });

  test.each(bad)('%s is taken back, while the old one serves', async (_, options, why) => {
    const cluster = await running();
    const before = (await cluster.list(podKind)).map(({ metadata }) => metadata.uid);
    await cluster.update(deployment, 'web', setTemplate(templateOf(options)));
    const message = await cluster.until(async () => {
      const told = await givenUp(cluster)();
      return told !== undefined && why.test(told) ? told : undefined;
    }, 2000);
    expect(message).toMatch(/^ReplicaSet "web-\w+" has failed progressing: /);
    await cluster.pass(60);
    expect((await cluster.list(podKind)).map(({ metadata }) => metadata.uid)).toEqual(before);
    expect((await cluster.get(deployment, 'web'))?.spec.template.spec.containers[0]?.image).toBe('nginx:2');
    expect(await givenUp(cluster)()).toBe(message);
    expect(await desired(cluster)).toEqual([2, 0]);
    expect(cluster.failures).toEqual([]);
  });

  test('is not tried again until the template changes', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'crash' }));
    const message = await cluster.until(givenUp(cluster));
    await cluster.pass(30);
    const before = launches(cluster);
    await cluster.stop();
    await cluster.start();
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 3));
    await cluster.pass(1000);
    expect(launches(cluster)).toBe(before);
    expect(await givenUp(cluster)()).toBe(message);
    expect(await images(cluster, 3)).toEqual(['nginx:1', 'nginx:1', 'nginx:1']);
    await cluster.update(deployment, 'web', setImage('nginx:3'));
    await cluster.until(rolledOut(cluster));
    expect(await images(cluster, 3)).toEqual(['nginx:3', 'nginx:3', 'nginx:3']);
  });

  test('is tried again when a restart is asked for, or after another one', async () => {
    const cluster = await running();
    cluster.runtime.withhold('nginx:2');
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.until(givenUp(cluster));
    cluster.runtime.push('nginx:2');
    await cluster.pass(60);
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', annotations: { restartedAt: 'now' } }));
    await cluster.until(rolledOut(cluster));
    expect(await images(cluster)).toEqual(['nginx:2', 'nginx:2']);
    await cluster.update(deployment, 'web', setImage('nginx:1'));
    await cluster.until(rolledOut(cluster));
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.until(rolledOut(cluster));
    expect(await images(cluster)).toEqual(['nginx:2', 'nginx:2']);
  });

  test('gives way to the next one at once, while it is being taken back', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'unpullable' }));
    await cluster.until(givenUp(cluster));
    await cluster.update(deployment, 'web', setImage('nginx:3'));
    await cluster.until(rolledOut(cluster));
    expect(await images(cluster)).toEqual(['nginx:3', 'nginx:3']);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('NewReplicaSetAvailable');
  });

  test('can be undone by going back to the template before', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'crash' }));
    await cluster.until(givenUp(cluster));
    await cluster.update(deployment, 'web', setImage('nginx:1'));
    await cluster.until(rolledOut(cluster));
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('NewReplicaSetAvailable');
    expect((await replicaSetsOf(cluster)).map(imageOf)).toEqual(['nginx:2', 'nginx:1']);
  });

  test('is tried for ever where the rollback is turned off', async () => {
    const cluster = await running();
    cluster.runtime.withhold('nginx:2');
    await cluster.update(deployment, 'web', (found) => {
      found.metadata.annotations = { ...found.metadata.annotations, 'skiff.dev/rollback': 'false' };
      setImage('nginx:2')(found);
    });
    await cluster.pass(700);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('ProgressDeadlineExceeded');
    expect((await cluster.get(deployment, 'web'))?.status?.availableReplicas).toBe(2);
    cluster.runtime.push('nginx:2');
    await cluster.until(rolledOut(cluster));
    expect(await images(cluster)).toEqual(['nginx:2', 'nginx:2']);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('NewReplicaSetAvailable');
  });

  test('of a Deployment that recreates goes back too, never beside the old one', async () => {
    const cluster = await running({ deployment: { strategy: { type: 'Recreate' } } });
    const mixed: string[][] = [];
    const watch = async () => {
      const definitions = new Set((await tasksOf(cluster)).map(({ taskDefinitionArn }) => taskDefinitionArn ?? ''));
      if (definitions.size > 1) mixed.push([...definitions]);
    };
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'crash' }));
    await cluster.until(async () => {
      await watch();
      return givenUp(cluster)();
    });
    await cluster.until(async () => {
      await watch();
      return readyPods(cluster, 2)();
    });
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:1']);
    expect(mixed).toEqual([]);
    await cluster.pass(600);
    expect(await givenUp(cluster)()).toMatch(/3 tasks have exited/);
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:1']);
  });

  test('is not gone back to when it was rolled out without any replicas', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 0));
    await cluster.until(rolledOut(cluster));
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'unpullable' }));
    await cluster.until(rolledOut(cluster));
    await cluster.update(deployment, 'web', (found) => {
      found.spec.replicas = 2;
      setTemplate({ image: 'nginx:3', simulate: 'unpullable' })(found);
    });
    await cluster.until(givenUp(cluster));
    expect(await images(cluster)).toEqual(['nginx:1', 'nginx:1']);
  });

  test('as the first one is tried again and again, and comes up when what it waited for is there', async () => {
    const cluster = await startCluster();
    cluster.runtime.withhold('nginx:1');
    await cluster.create(deployment, deploymentOf());
    await cluster.pass(700);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('ProgressDeadlineExceeded');
    const failed = cluster.events.filter(({ detail }) => JSON.stringify(detail).includes('TaskFailedToStart')).length;
    expect(failed).toBeLessThan(300);
    cluster.runtime.push('nginx:1');
    await cluster.until(rolledOut(cluster));
    await cluster.pass(5);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('NewReplicaSetAvailable');
  });
});

describe('a rollout', () => {
  test('that is paused halfway stays there, scales, and goes on when it is resumed', async () => {
    const cluster = await running({ deployment: { replicas: 4 } });
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'slow' }));
    await cluster.until(async () => (await tasksOf(cluster)).some(({ lastStatus }) => lastStatus === 'ACTIVATING'));
    await cluster.update(deployment, 'web', (found) => void (found.spec.paused = true));
    await cluster.pass(120);
    const held = (await tasksOf(cluster)).map(({ taskDefinitionArn }) => taskDefinitionArn);
    expect(new Set(held).size).toBe(2);
    await cluster.pass(300);
    expect((await tasksOf(cluster)).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual(held);
    expect(condition(await cluster.get(deployment, 'web'), 'Progressing')).toBe('DeploymentPaused');
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 6));
    await cluster.until(async () => (await readyPods(cluster, 6)()) !== undefined);
    await cluster.update(deployment, 'web', (found) => void (found.spec.paused = false));
    await cluster.until(rolledOut(cluster), 400);
    expect(new Set(await images(cluster, 6))).toEqual(new Set(['nginx:2']));
  });

  test('shows in its ReplicaSets how far it is', async () => {
    const cluster = await running({ deployment: { replicas: 4 } });
    await cluster.update(deployment, 'web', setTemplate({ image: 'nginx:2', simulate: 'slow' }));
    const seen = new Set<string>();
    await cluster.until(async () => {
      const counts = await desired(cluster);
      seen.add(counts.join(' '));
      expect(counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBeLessThanOrEqual(5);
      return rolledOut(cluster)();
    }, 300);
    expect(seen.size).toBeGreaterThan(3);
    expect(await desired(cluster)).toEqual([0, 4]);
  });

  test('after kubectl has written a ReplicaSet’s annotations into the Deployment makes its own task definition', async () => {
    const cluster = await running();
    await cluster.update(deployment, 'web', setImage('nginx:2'));
    await cluster.until(rolledOut(cluster));
    const [old] = await replicaSetsOf(cluster);
    await cluster.update(deployment, 'web', (found) => {
      found.metadata.annotations = { ...old?.metadata.annotations };
      setImage('nginx:1')(found);
    });
    await cluster.until(rolledOut(cluster));
    const notes = Object.keys((await cluster.get(deployment, 'web'))?.metadata.annotations ?? {});
    expect(notes.filter((key) => key.startsWith('skiff.dev/'))).toEqual([]);
    await cluster.update(deployment, 'web', setImage('nginx:3'));
    await cluster.until(rolledOut(cluster));
    expect(await images(cluster)).toEqual(['nginx:3', 'nginx:3']);
    expect(new Set(await definitionsOf(cluster)).size).toBe(3);
  });

  test('keeps the configuration that its revision was made with, through scaling and back', async () => {
    const cluster = await startCluster();
    const metadata = { name: 'settings', namespace: 'default' };
    await cluster.create(configMap, { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { MODE: 'old' } });
    const withConfig = (image: string): Template => ({
      spec: { containers: [{ name: 'app', image, envFrom: [{ configMapRef: { name: 'settings' } }] }] },
    });
    await cluster.create(deployment, deploymentOf(withConfig('nginx:1')));
    await cluster.until(rolledOut(cluster));
    const [first] = await definitionsOf(cluster);
    await cluster.update(configMap, 'settings', (each) => void (each.data = { MODE: 'new' }));
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 4));
    await cluster.until(readyPods(cluster, 4));
    expect(new Set((await tasksOf(cluster)).map(({ taskDefinitionArn }) => taskDefinitionArn))).toEqual(
      new Set([first]),
    );
    await cluster.update(deployment, 'web', setTemplate(withConfig('nginx:2')));
    await cluster.until(rolledOut(cluster));
    await cluster.update(deployment, 'web', setTemplate(withConfig('nginx:1')));
    await cluster.until(rolledOut(cluster));
    expect(new Set((await tasksOf(cluster)).map(({ taskDefinitionArn }) => taskDefinitionArn))).toEqual(
      new Set([first]),
    );
  });

  test('deregisters what its history does not keep', async () => {
    const cluster = await running({ deployment: { revisionHistoryLimit: 1 } });
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      await cluster.update(deployment, 'web', setImage(image));
      await cluster.until(rolledOut(cluster));
      await cluster.pass(3);
    }
    await cluster.pass(60);
    expect((await replicaSetsOf(cluster)).map(imageOf)).toEqual(['nginx:3', 'nginx:4']);
    expect(await definitionsOf(cluster)).toHaveLength(2);
  });

  test('spares the pods with the highest deletion cost when it scales in', async () => {
    const cluster = await running({ deployment: { replicas: 5 } });
    const pods = await cluster.until(readyPods(cluster, 5));
    const costly = [pods[1], pods[3]].map((pod) => pod?.metadata.name ?? '');
    for (const name of costly) {
      await cluster.update(podKind, name, (found) => {
        found.metadata.annotations = {
          ...found.metadata.annotations,
          'controller.kubernetes.io/pod-deletion-cost': '100',
        };
      });
    }
    await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 2));
    const left = await cluster.until(readyPods(cluster, 2));
    expect(new Set(left.map(({ metadata }) => metadata.name))).toEqual(new Set(costly));
    const [service] = await servicesOf(cluster);
    expect(service).toMatchObject({ desiredCount: 2, runningCount: 2 });
  });
});
