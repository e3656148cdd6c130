import { ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { listObjects } from '../../../functions/read-objects.ts';
import type { CallFault } from '../../../local/faults.ts';
import { deployment, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { startHarness } from '../../support/harness.ts';
import { deploymentOf, podOf, template } from '../support/manifests.ts';
import { definitionsOf, imageOf, isReady, readyPods, rolledOut, servicesOf, tasksOf } from '../support/observe.ts';

/** Create, update, scale, delete, with a bare pod beside. */
async function walk(cluster: Cluster): Promise<void> {
  await cluster.create(deployment, deploymentOf());
  await cluster.create(podKind, podOf());
  await cluster.until(rolledOut(cluster), 400);
  await cluster.until(readyPods(cluster, 3), 400);
  await cluster.update(deployment, 'web', (found) => {
    found.spec.template = template({ image: 'nginx:2' });
    found.spec.replicas = 3;
  });
  await cluster.until(rolledOut(cluster), 400);
  const pods = await cluster.until(readyPods(cluster, 4), 400);
  expect(pods.map(imageOf)).toEqual(['nginx:1', 'nginx:2', 'nginx:2', 'nginx:2']);
  const restarts = pods.map(({ status }) => status?.containerStatuses?.[0]?.restartCount);
  expect(restarts).toEqual([0, 0, 0, 0]);
  expect(await tasksOf(cluster)).toHaveLength(4);
  await cluster.delete(deployment, 'web');
  await cluster.delete(podKind, 'one');
  await cluster.pass(400);
}

const leftOver = async (cluster: Cluster): Promise<object> => [
  ...(await cluster.list(podKind)),
  ...(await tasksOf(cluster)),
  ...(await servicesOf(cluster)),
  ...(await definitionsOf(cluster)),
];

describe('with an AWS that', () => {
  test.each<[string, CallFault]>([
    ['refuses every third call as too many', 'throttle'],
    ['cannot carry out every third call', 'unavailable'],
    ['does not answer every third call', 'lost-answer'],
  ])('%s, all comes out the same', async (_, fault) => {
    let calls = 0;
    const call = (): CallFault | undefined => {
      calls += 1;
      return calls % 3 === 0 ? fault : undefined;
    };
    const cluster = await startCluster({ faults: { call } });
    await walk(cluster);
    expect(await leftOver(cluster)).toEqual([]);
  });

  test('takes its time, all comes out the same', async () => {
    const cluster = await startCluster({ speed: 'real' });
    await walk(cluster);
    expect(await leftOver(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  test('shows what it was two seconds ago, all comes out the same', async () => {
    const cluster = await startCluster({ faults: { staleMilliseconds: 2000 } });
    await cluster.pass(20);
    await walk(cluster);
    expect(await leftOver(cluster)).toEqual([]);
  });

  test('shows what it was five seconds ago, a bare pod is one task', async () => {
    const cluster = await startCluster({ faults: { staleMilliseconds: 5000 } });
    await cluster.pass(20);
    await cluster.create(podKind, podOf());
    await cluster.pass(60);
    expect(await cluster.until(readyPods(cluster, 1))).toHaveLength(1);
    expect(await tasksOf(cluster)).toHaveLength(1);
    expect(await tasksOf(cluster, 'STOPPED')).toHaveLength(0);
  });
});

/** More at once than ECS registers task definitions at once: twenty, and then one a second. */
const many = 30;

async function createMany(create: (object: Deployment) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < many; index += 1) {
    await create(deploymentOf({ name: `web-${index}`, deployment: { replicas: 1 } }));
  }
}

describe('with an ECS that limits calls', () => {
  test('what is refused for that is done later, and nothing twice', async () => {
    const cluster = await startCluster({ faults: { limitCalls: true } });
    await createMany((object) => cluster.create(deployment, object));
    await cluster.until(readyPods(cluster, many), 400);
    expect(await definitionsOf(cluster)).toHaveLength(many);
    expect(await tasksOf(cluster)).toHaveLength(many);
  });

  test('as in AWS, calls wait for their turn, and ECS has nothing to refuse', async () => {
    const harness = await startHarness({ speed: 'real' });
    const refused: unknown[] = [];
    harness.emulation.clients.ecs.middlewareStack.add(
      (next) => (call) =>
        next(call).catch((error: unknown) => {
          refused.push(error);
          throw error;
        }),
      { step: 'initialize', name: 'noteRefusals' },
    );
    const begun = harness.clock.now();
    await createMany((body) => harness.call('POST', '/apis/apps/v1/namespaces/default/deployments', { body }));
    const registered = async (): Promise<number> => {
      const { taskDefinitionArns = [] } = await harness.context.aws.ecs.send(new ListTaskDefinitionsCommand({}));
      return taskDefinitionArns.length;
    };
    while ((await registered()) < many) await harness.clock.advance(1000);
    expect(harness.clock.now() - begun).toBeGreaterThanOrEqual((many - 20) * 1000);
    await harness.clock.advance(120_000);
    const pods = await listObjects(harness.store, podKind, { namespace: 'default' });
    expect(pods.filter(isReady)).toHaveLength(many);
    expect(refused).toEqual([]);
    expect(harness.reported).toEqual([]);
  });
});
