import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { Neighbours } from './neighbours.ts';
import { deploymentPath, isRolledOut, pass, passUntil, setTemplate, templateOf } from './quiet-tenant.ts';

/** Each of these has worked once. */

const pods = '/api/v1/namespaces/a/pods';
const replicaSets = '/apis/apps/v1/namespaces/a/replicasets';
const mergePatch = 'application/merge-patch+json';
const containers = [{ name: 'app', image: 'x:1' }];
const labels = { app: 'x' };

let neighbours: Neighbours;
beforeEach(async () => {
  neighbours = await Neighbours.move();
  const { server } = neighbours;
  onTestFinished(() => void server.close());
});

/** The tenant of `a` makes an object, and what follows from that happens. */
async function make(collection: string, body: object): Promise<void> {
  await neighbours.act({ method: 'POST', path: collection, body });
  await neighbours.act({ seconds: 10 });
}

async function remove(path: string): Promise<void> {
  await neighbours.act({ method: 'DELETE', path });
  await neighbours.act({ seconds: 30 });
}

/** An object of `b`. */
function of(kind: string, name: string): KubernetesObject {
  const found = neighbours.objects.find((object) => object.kind === kind && object.metadata.name?.startsWith(name));
  if (found === undefined) throw new Error(`b has no ${kind} ${name}`);
  return found;
}

const inAws = (name: RegExp): string => {
  const { services, tasks, definitions, secrets } = neighbours.before.resources;
  const all = [services.map(({ serviceArn }) => serviceArn), tasks.map(({ taskArn }) => taskArn), definitions];
  const found = [...all.flat().map(String), ...Object.keys(secrets)].find((arn) => name.test(arn));
  if (found === undefined) throw new Error(`b has nothing in AWS like ${name.source}`);
  return found;
};

/** All secrets of `b`, as an object would note them. */
const secretsOfNeighbour = (): string => {
  const { secrets } = neighbours.before.resources;
  return Object.keys(secrets)
    .map((arn) => (arn.split(':secret:')[1] ?? '').slice(0, -7))
    .join(',');
};
const definitionsOfNeighbour = (): string => neighbours.before.resources.definitions.join(',');

describe('a task definition of another namespace', () => {
  const annotations = () => ({
    'skiff.dev/task-definition': inAws(/task-definition\/b_web:1$/),
    'skiff.dev/task-definition-hash': 'x',
  });

  test('is not run by a Pod that names it', async () => {
    await make(pods, { metadata: { name: 'thief', annotations: annotations() }, spec: { containers } });
    await neighbours.act({ stream: `${pods}/thief/exec?container=app&command=env&stdout=true` });
    await neighbours.act({ method: 'GET', path: `${pods}/thief/log` });
    expect(await neighbours.harm()).toEqual([]);
  });

  test('is not run by a ReplicaSet of a Deployment that names it', async () => {
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } };
    await make('/apis/apps/v1/namespaces/a/deployments', { metadata: { name: 'thief' }, spec });
    const { items } = (await neighbours.harness.call('GET', replicaSets)).body<{ items: KubernetesObject[] }>();
    const path = `${replicaSets}/${items[0]?.metadata.name ?? ''}`;
    // What is noted of its rollout counts for the revision that it was noted for.
    const body = { metadata: { annotations: { ...annotations(), 'skiff.dev/rollout-revision': '0' } } };
    await neighbours.act({ method: 'PATCH', path, body, type: mergePatch });
    await neighbours.act({ seconds: 330 });
    expect(await neighbours.harm()).toEqual([]);
  });
});

describe('a container of another namespace', () => {
  /** A Pod that no reconciler ever corrects: its controller is of a kind that nobody knows. */
  const puppet = {
    metadata: {
      name: 'puppet',
      ownerReferences: [{ apiVersion: 'x/v1', kind: 'Foo', name: 'x', uid: '1', controller: true }],
    },
    spec: { nodeName: 'n', containers: [{ name: 'app', image: 'x' }] },
  };

  test('is not reached through the status of a Pod', async () => {
    const { status } = of('Pod', 'solo') as KubernetesObject & {
      status: { containerStatuses: { lastState: object }[] };
    };
    const [state = { lastState: {} }] = status.containerStatuses;
    const terminated = { exitCode: 0, containerID: 'containerID' in state ? state.containerID : '' };
    const containerStatuses = [{ ...state, lastState: { terminated } }];
    await make(pods, puppet);
    const body = { status: { ...status, containerStatuses } };
    await neighbours.act({ method: 'PATCH', path: `${pods}/puppet/status`, body, type: mergePatch });
    for (const query of ['', '?previous=true', '?container=app'])
      await neighbours.act({ method: 'GET', path: `${pods}/puppet/log${query}` });
    for (const query of ['exec?command=env&stdout=true', 'attach?stdout=true', 'portforward?ports=8080'])
      await neighbours.act({ stream: `${pods}/puppet/${query}` });
    expect(await neighbours.harm()).toEqual([]);
  });

  test('is not stopped by the deletion of a Pod that names its task', async () => {
    const annotations = { 'skiff.dev/task': inAws(/:task\/skiff\//), 'skiff.dev/task-definition': 'x' };
    await make(pods, { metadata: { ...puppet.metadata, annotations }, spec: puppet.spec });
    await make(pods, { metadata: { name: 'bare', annotations }, spec: { containers } });
    await remove(`${pods}/puppet`);
    await remove(`${pods}/bare?gracePeriodSeconds=0`);
    expect(await neighbours.harm()).toEqual([]);
  });

  test('does not lend its address or its identity to a Pod that names its task', async () => {
    const annotations = { 'skiff.dev/task': inAws(/:task\/skiff\//), 'skiff.dev/task-definition': 'x' };
    await make(pods, { metadata: { name: 'bare', annotations }, spec: { containers } });
    const { status } = (await neighbours.harness.call('GET', `${pods}/bare`)).body();
    const task =
      inAws(/:task\/skiff\//)
        .split('/')
        .at(-1) ?? '';
    expect(JSON.stringify(status)).not.toContain(task);
  });

  test('is not protected from its own scheduler by a Pod that names its task', async () => {
    const spec = {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    };
    await make(replicaSets, { metadata: { name: 'costly' }, spec });
    const { items } = (await neighbours.harness.call('GET', pods)).body<{ items: KubernetesObject[] }>();
    const annotations = {
      'skiff.dev/task': inAws(/:task\/skiff\//),
      'controller.kubernetes.io/pod-deletion-cost': '100',
    };
    const path = `${pods}/${items[0]?.metadata.name ?? ''}`;
    await neighbours.act({ method: 'PATCH', path, body: { metadata: { annotations } }, type: mergePatch });
    const body = { spec: { replicas: 1 } };
    await neighbours.act({ method: 'PATCH', path: `${replicaSets}/costly`, body, type: mergePatch });
    await neighbours.act({ seconds: 30 });
    expect(await neighbours.harm()).toEqual([]);
  });
});

describe('secrets and task definitions of another namespace', () => {
  const annotations = () => ({
    'skiff.dev/secrets': secretsOfNeighbour(),
    'skiff.dev/former-secrets': secretsOfNeighbour(),
    'skiff.dev/former-task-definitions': definitionsOfNeighbour(),
  });
  const spec = {
    replicas: 0,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };

  test('stay when an object goes that has them recorded', async () => {
    await make(replicaSets, { metadata: { name: 'eraser', annotations: annotations() }, spec });
    await remove(`${replicaSets}/eraser`);
    expect(await neighbours.harm()).toEqual([]);
  });

  test('stay when a ReplicaSet goes that names a Deployment as its controller', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: of('Deployment', 'web').metadata.uid };
    const metadata = { name: 'eraser', annotations: annotations(), ownerReferences: [{ ...owner, controller: true }] };
    await make(replicaSets, { metadata, spec });
    await remove(`${replicaSets}/eraser?propagationPolicy=Orphan`);
    expect(await neighbours.harm()).toEqual([]);
  });

  test('stay when a Pod goes whose template had them recorded', { timeout: 20_000 }, async () => {
    const template = {
      metadata: { labels, annotations: { ...annotations(), 'skiff.dev/task-definition': 'x' } },
      spec: { terminationGracePeriodSeconds: 1, containers },
    };
    await make(replicaSets, { metadata: { name: 'sower' }, spec: { ...spec, replicas: 1, template } });
    await neighbours.act({ method: 'DELETE', path: pods });
    await neighbours.act({ seconds: 60 });
    expect(await neighbours.harm()).toEqual([]);
  });
});

describe('a Deployment', () => {
  const owner = (more: object) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: of('Deployment', 'web').metadata.uid,
    ...more,
  });

  test('has no revision in another namespace', async () => {
    await make(pods, { metadata: { name: 'payload' }, spec: { containers } });
    const template = templateOf('web', 'web:3');
    const metadata = {
      name: 'trap',
      ownerReferences: [owner({ controller: true, blockOwnerDeletion: true })],
      annotations: {
        'skiff.dev/task-definition': 'arn:aws:ecs:us-east-1:123456789012:task-definition/a_payload:1',
        'deployment.kubernetes.io/revision': '99',
      },
    };
    await make(replicaSets, { metadata, spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template } });
    await neighbours.act({ seconds: 330 });
    expect(await neighbours.harm()).toEqual([]);
    const { harness } = neighbours;
    await setTemplate(harness, template);
    await passUntil(harness, 'the third revision', () => isRolledOut(harness));
    const running = await harness.call('GET', '/api/v1/namespaces/b/pods?labelSelector=app%3Dweb');
    const { items } = running.body<{ readonly items: readonly Pod[] }>();
    expect(new Set(items.map(({ spec }) => spec.containers[0]?.image))).toEqual(new Set(['registry.b.example/web:3']));
    const { metadata: after } = (await harness.call('GET', deploymentPath)).body<KubernetesObject>();
    expect(after.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '3' });
  });

  test.for([
    ['of a kind that nobody knows', { apiVersion: 'x/v1', kind: 'Foo' }],
    ['of its own kind', {}],
  ] as const)(
    'is deleted in the foreground whatever names it in another namespace, as an owner %s',
    async ([, kind]) => {
      const metadata = {
        name: 'hold',
        ownerReferences: [owner({ ...kind, blockOwnerDeletion: true })],
        finalizers: ['a.b/c'],
      };
      await make('/api/v1/namespaces/a/configmaps', { metadata });
      const { harness } = neighbours;
      await harness.call('DELETE', `${deploymentPath}?propagationPolicy=Foreground`);
      await pass(harness, 120);
      expect((await harness.call('GET', deploymentPath)).status).toBe(404);
    },
  );
});

describe('what is made for an object', () => {
  test('goes with it, whatever its author has taken out of it meanwhile', async () => {
    await make('/api/v1/namespaces/a/secrets', { metadata: { name: 'db' }, data: { password: 'b3du' } });
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    const withSecret = { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image: 'x:1', env }] };
    await make(pods, { metadata: { name: 'one' }, spec: withSecret });
    const template = { metadata: { labels }, spec: withSecret };
    await make(replicaSets, {
      metadata: { name: 'set' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    });
    const owner = { apiVersion: 'x/v1', kind: 'Foo', name: 'x', uid: '1', controller: true };
    for (const path of [`${pods}/one`, `${replicaSets}/set`]) {
      const body = { metadata: { annotations: null, ownerReferences: [owner] } };
      await neighbours.act({ method: 'PATCH', path, body, type: mergePatch });
    }
    await remove(`${pods}/one`);
    await remove(`${replicaSets}/set`);
    await pass(neighbours.harness, 120);
    expect(await neighbours.harm()).toEqual([]);
    expect(neighbours.secrets).not.toEqual([]);
    expect(await neighbours.leftovers()).toEqual([]);
  });
});
