import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { replicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { canonical } from '../../../kubernetes/write/canonical.ts';
import { keyFor } from '../../../functions/read-objects.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, podOf, replicationControllerOf } from '../support/manifests.ts';
import { readyPods, replicaSetsOf, rolledOut, servicesOf, tasksOf } from '../support/observe.ts';

const writes = (cluster: Cluster): string[] =>
  cluster.life.made.filter((call) => /^(Create|Update|Delete|Register|Deregister|Run|Stop)[A-Z]/.test(call));

/** Gives a workload a task definition and a service as an earlier release would have made them: other than today's. */
async function fromEarlierRelease<T extends KubernetesObject>(
  cluster: Cluster,
  kind: Kind<T>,
  { name, service: serviceName }: { readonly name: string; readonly service: string | undefined },
): Promise<void> {
  const { ecs } = cluster.emulation.clients;
  const found = await cluster.get(kind, name);
  const { taskDefinition = {}, tags } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: found?.notes['task-definition'], include: ['TAGS'] }),
  );
  const {
    family,
    networkMode,
    requiresCompatibilities,
    cpu,
    memory,
    volumes,
    containerDefinitions = [],
  } = taskDefinition;
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode,
      requiresCompatibilities,
      cpu,
      memory,
      volumes,
      tags,
      executionRoleArn: 'arn:aws:iam::123456789012:role/of-an-earlier-release',
      containerDefinitions: [...containerDefinitions, { name: 'toolbox', image: 'toolbox:0', essential: false }],
    }),
  );
  const arn = registered.taskDefinition?.taskDefinitionArn ?? '';
  const key = keyFor(kind, 'default', name);
  const record = await cluster.store.get(key);
  const object = record?.parse<T>();
  if (record === undefined || object === undefined) throw new Error(name);
  const notes = { ...record.notes, 'task-definition': arn, 'task-definition-hash': 'of-an-earlier-release' };
  await cluster.store.transact([{ type: 'update', key, object, revision: record.revision, notes }]);
  await ecs.send(
    new UpdateServiceCommand({
      cluster: 'skiff',
      service: serviceName,
      taskDefinition: arn,
      platformVersion: 'LATEST',
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: false,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-of-an-earlier-installation'] } },
    }),
  );
}

test('a new release makes no call that writes on workloads that are there', async () => {
  const cluster = await startCluster();
  await cluster.create(deployment, deploymentOf());
  await cluster.until(rolledOut(cluster));
  const controller = replicationControllerOf();
  await cluster.create(replicationController, {
    ...controller,
    metadata: { ...controller.metadata, name: 'controller' },
  });
  const pod = podOf({ name: 'bare' });
  await cluster.create(podKind, { ...pod, metadata: { ...pod.metadata, labels: { app: 'bare' } } });
  await cluster.until(async () => (await tasksOf(cluster)).length === 5);
  await cluster.pass(10);
  await cluster.stop();
  const services = (await servicesOf(cluster)).map(({ serviceName }) => serviceName ?? '');
  const [owned] = await replicaSetsOf(cluster);
  const of = (name: string) => services.find((each) => each.includes(name));
  await fromEarlierRelease(cluster, replicaSet, { name: owned?.metadata.name ?? '', service: of('_web') });
  await fromEarlierRelease(cluster, replicationController, { name: 'controller', service: of('_controller') });
  await cluster.pass(30);
  const tasks = (await tasksOf(cluster)).map(({ taskArn }) => taskArn);
  await cluster.start();
  await cluster.pass(60);
  cluster.life.dieAfter(Number.POSITIVE_INFINITY);
  await cluster.pass(700);
  expect(writes(cluster)).toEqual([]);
  expect(new Set((await tasksOf(cluster)).map(({ taskArn }) => taskArn))).toEqual(new Set(tasks));
  expect(cluster.failures).toEqual([]);
});

test('a new default of pod templates makes no new revision, also when the Deployment is scaled', async () => {
  const cluster = await startCluster();
  await cluster.create(deployment, deploymentOf());
  await cluster.until(rolledOut(cluster));
  await cluster.pass(5);
  const [owned] = await replicaSetsOf(cluster);
  // As if a release without this default had written them.
  for (const [kind, name] of [
    [deployment, 'web'],
    [replicaSet, owned?.metadata.name ?? ''],
  ] as const) {
    const key = keyFor(kind, 'default', name);
    const record = await cluster.store.get(key);
    const object = record?.parse<ReturnType<typeof deploymentOf>>();
    delete object?.spec.template.spec.dnsPolicy;
    if (record !== undefined && object !== undefined)
      await cluster.store.update(key, canonical(object), record.revision);
  }
  await cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 3));
  await cluster.until(readyPods(cluster, 3));
  await cluster.until(rolledOut(cluster));
  expect((await replicaSetsOf(cluster)).map(({ metadata }) => metadata.uid)).toEqual([owned?.metadata.uid]);
  expect((await tasksOf(cluster)).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual(
    Array.from({ length: 3 }, () => owned?.notes['task-definition']),
  );
});
