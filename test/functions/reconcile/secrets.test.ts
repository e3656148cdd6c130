import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { deployment as deploymentKind } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { replicationController as controllerKind } from '../../../kubernetes/kinds/core/replication-controller.ts';
import { secret as secretKind, type Secret } from '../../../kubernetes/kinds/core/secret.ts';
import { serviceAccount } from '../../../kubernetes/kinds/core/service-account.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, podOf, replicationControllerOf } from '../support/manifests.ts';
import { definitionsOf, isReady, readyPods, rolledOut, tasksOf } from '../support/observe.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const image = 'registry.example.com/team/web:1';
const credentials = { username: 'team', password: 'correct horse' };

const registrySecret = (password = credentials.password): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'registry', namespace: 'default' },
  type: 'kubernetes.io/dockerconfigjson',
  data: {
    '.dockerconfigjson': base64(JSON.stringify({ auths: { 'registry.example.com': { username: 'team', password } } })),
  },
});
const database = (password: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'default' },
  data: { password: base64(password) },
});
const imagePullSecrets = [{ name: 'registry' }];
const variable = { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };
/** A container that has the Secret `db`. */
const withVariable = (tag: string) => ({ containers: [{ name: 'app', image: `nginx:${tag}`, env: [variable] }] });

const recorded = (object: Noted | undefined): string[] => (object?.notes['secrets'] ?? '').split(',').filter(Boolean);

async function value(cluster: Cluster, name: string): Promise<unknown> {
  const { secretsmanager } = cluster.emulation.clients;
  const { SecretString = '' } = await secretsmanager.send(new GetSecretValueCommand({ SecretId: name }));
  return JSON.parse(SecretString) as unknown;
}

const isDeleted = async (cluster: Cluster, name: string): Promise<boolean> =>
  (await cluster.emulation.clients.secretsmanager.send(new DescribeSecretCommand({ SecretId: name }))).DeletedDate !==
  undefined;

const ready = (cluster: Cluster) => async () => {
  const found = await cluster.get(podKind, 'one');
  return found !== undefined && isReady(found) ? found : undefined;
};

const isBackingOff = (cluster: Cluster) => async () => {
  const [status] = (await cluster.get(podKind, 'one'))?.status?.containerStatuses ?? [];
  return status?.state?.waiting?.reason === 'ImagePullBackOff';
};

describe('a private image', () => {
  test('is pulled with the credentials of imagePullSecrets', async () => {
    const cluster = await startCluster();
    cluster.runtime.guard(image, credentials);
    await cluster.create(secretKind, registrySecret());
    await cluster.create(podKind, podOf({ image, spec: { imagePullSecrets } }));
    const pod = await cluster.until(ready(cluster));
    const [name = ''] = recorded(pod);
    expect(name).toMatch(/^skiff\/skiff\/default\/[0-9a-f]{32}$/);
    expect(await value(cluster, name)).toEqual(credentials);
    const described = await cluster.emulation.clients.secretsmanager.send(
      new DescribeSecretCommand({ SecretId: name }),
    );
    expect(described.Tags).toContainEqual({ Key: 'skiff.dev/uid', Value: pod.metadata.uid });
    expect(cluster.failures).toEqual([]);
  });

  test('is pulled with those of the service account, when the pod names none', async () => {
    const cluster = await startCluster();
    cluster.runtime.guard(image, credentials);
    await cluster.create(secretKind, registrySecret());
    await cluster.update(serviceAccount, 'default', (account) => ({ ...account, imagePullSecrets }));
    await cluster.create(podKind, podOf({ image }));
    expect(recorded(await cluster.until(ready(cluster)))).toHaveLength(1);
  });

  test('with wrong credentials is not, and no message has them in it', async () => {
    const cluster = await startCluster();
    cluster.runtime.guard(image, credentials);
    await cluster.create(secretKind, registrySecret('hunter2'));
    await cluster.create(podKind, podOf({ image, spec: { imagePullSecrets } }));
    await cluster.until(isBackingOff(cluster));
    expect(await cluster.told()).toContain('Pod one: Failed Error: ErrImagePull');
    const everything = JSON.stringify([await cluster.told(), await cluster.get(podKind, 'one'), cluster.events]);
    expect(everything).not.toContain('hunter2');
    expect(everything).not.toContain(base64('hunter2'));
  });

  test('waits for a Secret that comes late, as with a kubelet', async () => {
    const cluster = await startCluster();
    cluster.runtime.guard(image, credentials);
    await cluster.create(podKind, podOf({ image, spec: { imagePullSecrets } }));
    await cluster.until(isBackingOff(cluster));
    expect(await cluster.told()).toContain(
      'Pod one: FailedToRetrieveImagePullSecret Unable to retrieve some image pull secrets (registry); attempting to pull the image may not succeed.',
    );
    await cluster.create(secretKind, registrySecret());
    await cluster.until(ready(cluster));
    expect((await cluster.get(podKind, 'one'))?.notes).not.toHaveProperty('missing-pull-secrets');
  });

  test('of a Deployment waits for it too, and leaves nothing of the first attempt', async () => {
    const cluster = await startCluster();
    cluster.runtime.guard(image, credentials);
    await cluster.create(deploymentKind, deploymentOf({ image, spec: { imagePullSecrets } }));
    await cluster.pass(60);
    expect((await cluster.told()).join('\n')).toContain('FailedToRetrieveImagePullSecret');
    await cluster.create(secretKind, registrySecret());
    await cluster.until(rolledOut(cluster), 600);
    await cluster.until(readyPods(cluster, 2));
    expect(await cluster.list(replicaSetKind)).toHaveLength(1);
    await cluster.delete(deploymentKind, 'web');
    await cluster.pass(60);
    expect(await definitionsOf(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  test('of a ReplicationController waits for it as well', async () => {
    const cluster = await startCluster();
    cluster.runtime.guard(image, credentials);
    await cluster.create(controllerKind, replicationControllerOf({ image, spec: { imagePullSecrets } }));
    await cluster.pass(60);
    await cluster.create(secretKind, registrySecret());
    await cluster.until(readyPods(cluster, 2), 600);
    expect(cluster.failures).toEqual([]);
  });

  test('that runs without a Secret is left alone when that comes', async () => {
    const cluster = await startCluster();
    await cluster.create(deploymentKind, deploymentOf({ image, spec: { imagePullSecrets } }));
    await cluster.until(rolledOut(cluster));
    const before = await definitionsOf(cluster);
    await cluster.create(secretKind, registrySecret());
    await cluster.update(deploymentKind, 'web', (current) => void (current.spec.replicas = 3));
    await cluster.until(readyPods(cluster, 3));
    expect(await definitionsOf(cluster)).toEqual(before);
  });

  test('that nobody guards is pulled although its Secret is missing', async () => {
    const cluster = await startCluster();
    await cluster.create(podKind, podOf({ image, spec: { imagePullSecrets } }));
    const pod = await cluster.until(ready(cluster));
    expect(recorded(pod)).toEqual([]);
  });

  test('whose Secret cannot be read is not pulled, and says so without telling it', async () => {
    const cluster = await startCluster();
    const broken = { ...registrySecret(), data: { '.dockerconfigjson': base64('{"auths":{"a":{"auth":"hunter2"}}}') } };
    await cluster.create(secretKind, broken);
    await cluster.create(podKind, podOf({ image, spec: { imagePullSecrets } }));
    await cluster.pass(5);
    const told = (await cluster.told()).join('\n');
    expect(told).toContain('spec.imagePullSecrets[0].name: secret "registry" cannot be read: a: auth is not base64');
    expect(told).not.toContain('hunter2');
    expect(await tasksOf(cluster)).toEqual([]);
  });
});

describe('a variable from a Secret', () => {
  test('is in Secrets Manager, and not in the task definition', async () => {
    const cluster = await startCluster();
    await cluster.create(secretKind, database('hunter2'));
    await cluster.create(podKind, podOf({ spec: withVariable('1') }));
    const pod = await cluster.until(ready(cluster));
    const [task] = await tasksOf(cluster);
    const { taskDefinition } = await cluster.emulation.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task?.taskDefinitionArn }),
    );
    expect(JSON.stringify(taskDefinition)).not.toContain('hunter2');
    expect(taskDefinition?.containerDefinitions?.[0]?.secrets).toMatchObject([{ name: 'PASSWORD' }]);
    expect(await value(cluster, recorded(pod)[0] ?? '')).toEqual({ app_PASSWORD: 'hunter2' });
  });
});

describe('the secrets of revisions', () => {
  const started = async (): Promise<Cluster> => {
    const cluster = await startCluster();
    await cluster.create(secretKind, database('first'));
    await cluster.create(deploymentKind, deploymentOf({ spec: withVariable('1') }));
    await cluster.until(rolledOut(cluster));
    return cluster;
  };
  const rollTo = async (cluster: Cluster, tag: string): Promise<void> => {
    await cluster.update(deploymentKind, 'web', (current) => {
      current.spec.template.spec = { ...current.spec.template.spec, ...withVariable(tag) };
    });
    await cluster.until(rolledOut(cluster));
  };
  const namesByTag = async (cluster: Cluster): Promise<Map<string, string[]>> =>
    new Map(
      (await cluster.list(replicaSetKind)).map((each) => [
        each.spec.template.spec.containers[0]?.image ?? '',
        recorded(each),
      ]),
    );

  test('are one where their content is one, and each keeps its own where it is not', async () => {
    const cluster = await started();
    await rollTo(cluster, '2');
    await cluster.update(secretKind, 'db', (current) => ({ ...current, data: database('second').data }));
    await rollTo(cluster, '3');
    const names = await namesByTag(cluster);
    expect(names.get('nginx:1')).toEqual(names.get('nginx:2'));
    expect(names.get('nginx:3')).not.toEqual(names.get('nginx:1'));
    expect(await value(cluster, names.get('nginx:1')?.[0] ?? '')).toEqual({ app_PASSWORD: 'first' });
    expect(await value(cluster, names.get('nginx:3')?.[0] ?? '')).toEqual({ app_PASSWORD: 'second' });
  });

  test('go with the last ReplicaSet that has them', async () => {
    const cluster = await started();
    await rollTo(cluster, '2');
    await cluster.update(secretKind, 'db', (current) => ({ ...current, data: database('second').data }));
    await rollTo(cluster, '3');
    const names = await namesByTag(cluster);
    const [first = '', last = ''] = [names.get('nginx:1')?.[0], names.get('nginx:3')?.[0]];
    const old = (await cluster.list(replicaSetKind)).filter((each) => recorded(each).includes(first));
    const [oldest, other] = old.map(({ metadata }) => metadata.name ?? '');
    await cluster.delete(replicaSetKind, oldest ?? '');
    await cluster.pass(40);
    expect(await isDeleted(cluster, first)).toBe(false);
    await cluster.delete(replicaSetKind, other ?? '');
    await cluster.pass(40);
    expect([await isDeleted(cluster, first), await isDeleted(cluster, last)]).toEqual([true, false]);
    await cluster.delete(deploymentKind, 'web');
    await cluster.pass(60);
    expect(await isDeleted(cluster, last)).toBe(true);
    expect(cluster.failures).toEqual([]);
  });

  test('come back when a revision needs them again', async () => {
    const cluster = await started();
    const [only] = await cluster.list(replicaSetKind);
    const [name = ''] = recorded(only);
    await cluster.delete(replicaSetKind, only?.metadata.name ?? '');
    await cluster.pass(60);
    await cluster.until(rolledOut(cluster));
    expect(await isDeleted(cluster, name)).toBe(false);
  });

  test.each<[string, Kind, KubernetesObject]>([
    ['a Pod', podKind, podOf({ spec: withVariable('1') })],
    ['a ReplicationController', controllerKind, replicationControllerOf({ spec: withVariable('1') })],
  ])('go with %s', async (_what, kind, object) => {
    const cluster = await startCluster();
    await cluster.create(secretKind, database('first'));
    await cluster.create(kind, object);
    const name = object.metadata.name ?? '';
    const [kept = ''] = await cluster.until(async () => {
      const names = recorded(await cluster.get(kind, name));
      return names.length === 0 ? undefined : names;
    });
    await cluster.pass(20);
    expect(await isDeleted(cluster, kept)).toBe(false);
    await cluster.delete(kind, name);
    await cluster.pass(90);
    expect(await isDeleted(cluster, kept)).toBe(true);
    expect(cluster.failures).toEqual([]);
  });

  test('of former templates go when none of their tasks runs any more', async () => {
    const cluster = await startCluster();
    await cluster.create(secretKind, database('first'));
    await cluster.create(controllerKind, replicationControllerOf({ spec: withVariable('1') }));
    await cluster.until(readyPods(cluster, 2));
    const [first = ''] = recorded(await cluster.get(controllerKind, 'web'));
    await cluster.update(secretKind, 'db', (current) => ({ ...current, data: database('second').data }));
    await cluster.update(controllerKind, 'web', (current) => {
      if (current.spec.template !== undefined) {
        current.spec.template.spec = { ...current.spec.template.spec, ...withVariable('2') };
      }
    });
    await cluster.pass(20);
    expect(await isDeleted(cluster, first)).toBe(false);
    await cluster.update(controllerKind, 'web', (current) => void (current.spec.replicas = 0));
    await cluster.pass(60);
    expect(await isDeleted(cluster, first)).toBe(true);
    const [second = ''] = recorded(await cluster.get(controllerKind, 'web'));
    expect(await isDeleted(cluster, second)).toBe(false);
  });
});
