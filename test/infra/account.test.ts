import {
  CreateServiceCommand,
  DeleteServiceCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { CreateSecretCommand, DeleteSecretCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test } from 'vitest';
import { protectTasks } from '../../aws/ecs/task-protection.ts';
import { deleteSecret, restoreSecret } from '../../aws/secrets-manager/secret.ts';
import { deployment as deploymentKind } from '../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind } from '../../kubernetes/kinds/apps/replica-set.ts';
import { pod as podKind } from '../../kubernetes/kinds/core/pod.ts';
import { replicationController as controllerKind } from '../../kubernetes/kinds/core/replication-controller.ts';
import { secret as secretKind } from '../../kubernetes/kinds/core/secret.ts';
import { ownershipTags } from '../../translate/tags.ts';
import { deploymentOf, podOf, replicationControllerOf, replicaSetOf } from '../functions/support/manifests.ts';
import { definitionsOf, isReady, rolledOut, servicesOf, tasksOf } from '../functions/support/observe.ts';
import { guardAccount } from '../support/account.ts';
import { emulateEcs } from '../support/emulation.ts';
import { startCluster } from '../support/cluster.ts';

const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
const withSecret = (image: string) => ({ spec: { containers: [{ name: 'app', image, env }] } });

describe('an account that allows what the permissions say', () => {
  test('refuses Skiff nothing that it does for its own', async () => {
    const cluster = await startCluster();
    const refused = guardAccount(cluster.emulation);
    await cluster.create(secretKind, {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'db', namespace: 'default' },
      data: { password: 'b3du' },
    });
    await cluster.create(deploymentKind, deploymentOf(withSecret('nginx:1')));
    await cluster.create(podKind, podOf({ name: 'one', ...withSecret('nginx:1') }));
    await cluster.until(rolledOut(cluster));
    await cluster.update(deploymentKind, 'web', (current) => {
      current.spec.template = deploymentOf(withSecret('nginx:2')).spec.template;
      current.spec.replicas = 3;
    });
    await cluster.until(rolledOut(cluster));
    const [costly] = (await cluster.list(podKind)).filter(({ metadata }) => metadata.name !== 'one');
    await cluster.update(podKind, costly?.metadata.name ?? '', ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'controller.kubernetes.io/pod-deletion-cost': '9' };
    });
    await cluster.update(deploymentKind, 'web', ({ spec }) => void (spec.replicas = 1));
    await cluster.until(rolledOut(cluster));
    for (const [kind, name] of [
      [deploymentKind, 'web'],
      [podKind, 'one'],
    ] as const)
      await cluster.delete(kind, name);
    await cluster.pass(60);
    const controller = replicationControllerOf(withSecret('nginx:1'));
    await cluster.create(controllerKind, { ...controller, metadata: { ...controller.metadata, name: 'old' } });
    await cluster.until(async () => (await cluster.list(podKind)).filter(isReady).length === 2);
    await cluster.delete(controllerKind, 'old');
    await cluster.create(replicaSetKind, replicaSetOf(withSecret('nginx:1')));
    await cluster.until(async () => (await cluster.list(podKind)).filter(isReady).length === 2);
    await cluster.delete(replicaSetKind, 'web');
    await cluster.pass(120);
    expect(refused).toEqual([]);
    expect(cluster.failures).toEqual([]);
    expect([...(await tasksOf(cluster)), ...(await definitionsOf(cluster))]).toEqual([]);
    expect((await servicesOf(cluster)).filter(({ status }) => status !== 'INACTIVE')).toEqual([]);
  });
});

describe('what is not there (any more)', () => {
  test('is not asked to be changed: it has no tags, and would be refused instead of told missing', async () => {
    const aws = await emulateEcs();
    const refused = guardAccount(aws.emulation);
    const ownership = { installation: 'skiff', uids: ['6f1c2d3e-4a5b-4c6d-8e7f-901234567890'] };
    await deleteSecret(aws.clients, 'skiff/skiff/default/gone', ownership);
    await restoreSecret(aws.clients, 'skiff/skiff/default/gone', ownership);
    const gone = 'arn:aws:ecs:us-east-1:123456789012:task/skiff/0123456789abcdef0123456789abcdef';
    await protectTasks(aws.clients, { cluster: 'skiff', tasks: [gone], minutes: 2, ownership });
    expect(refused).toEqual([]);
  });
});

describe('what somebody else has made in the same account', () => {
  const owner = { kind: 'Deployment', namespace: 'b', name: 'web', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
  const strangers = {
    'without tags': [],
    'of another installation': ownershipTags({ name: 'other' }, owner),
    'of a stack': ownershipTags({ name: 'skiff' }, owner, 'cloudformation'),
  };
  const cluster = 'skiff';
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-tasks'] } };

  describe.for(Object.entries(strangers))('%s', ([, tags]) => {
    let ecs: Awaited<ReturnType<typeof emulateEcs>>['clients']['ecs'];
    let secretsmanager: Awaited<ReturnType<typeof emulateEcs>>['clients']['secretsmanager'];
    let task: string;

    beforeEach(async () => {
      const aws = await emulateEcs();
      ({ ecs, secretsmanager } = aws.clients);
      await ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'theirs',
          networkMode: 'awsvpc',
          requiresCompatibilities: ['FARGATE'],
          cpu: '256',
          memory: '512',
          containerDefinitions: [{ name: 'app', image: 'x' }],
          ...(tags.length === 0 ? {} : { tags }),
        }),
      );
      const common = { cluster, taskDefinition: 'theirs', networkConfiguration, launchType: 'FARGATE' as const };
      const given = tags.length === 0 ? {} : { tags };
      await ecs.send(new CreateServiceCommand({ ...common, ...given, serviceName: 'theirs', desiredCount: 1 }));
      const { tasks = [] } = await ecs.send(new RunTaskCommand({ ...common, ...given }));
      task = tasks[0]?.taskArn ?? '';
      const Tags = tags.map(({ key, value }) => ({ Key: key, Value: value }));
      await secretsmanager.send(new CreateSecretCommand({ Name: 'skiff/skiff/theirs', SecretString: 'x', Tags }));
      guardAccount(aws.emulation);
    });

    test('is neither run nor changed, stopped, protected or deleted', async () => {
      const own = ownershipTags({ name: 'skiff' }, owner);
      const SecretId = 'skiff/skiff/theirs';
      const calls = [
        () => ecs.send(new RunTaskCommand({ cluster, taskDefinition: 'theirs', networkConfiguration, tags: own })),
        () => ecs.send(new UpdateServiceCommand({ cluster, service: 'theirs', desiredCount: 0 })),
        () => ecs.send(new DeleteServiceCommand({ cluster, service: 'theirs', force: true })),
        () => ecs.send(new StopTaskCommand({ cluster, task })),
        () => ecs.send(new UpdateTaskProtectionCommand({ cluster, tasks: [task], protectionEnabled: true })),
        () => secretsmanager.send(new DeleteSecretCommand({ SecretId })),
        () => secretsmanager.send(new RestoreSecretCommand({ SecretId })),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    });
  });
});
