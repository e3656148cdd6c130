import { describe, expect, test } from 'vitest';
import { backendGroups } from '../../../functions/reconcile/service/backends.ts';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { endpoints, type Endpoints } from '../../../kubernetes/kinds/core/endpoints.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { service } from '../../../kubernetes/kinds/core/service.ts';
import { endpointSlice } from '../../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, podOf, serviceOf, template } from '../support/manifests.ts';
import { readyPods, rolledOut } from '../support/observe.ts';

const addresses = async (cluster: Cluster): Promise<string[]> =>
  ((await cluster.get(endpoints, 'web'))?.subsets ?? []).flatMap((subset) =>
    (subset.addresses ?? []).map(({ ip }) => ip),
  );

const slicesOf = async (cluster: Cluster) =>
  (await cluster.list(endpointSlice)).filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web',
  );

describe('a service', () => {
  const address = ({ status }: Pod): string => status?.podIP ?? '';

  /** A service with two pods behind it, in order of address. */
  async function withPods(): Promise<{ cluster: Cluster; pods: Pod[]; first: Pod }> {
    const cluster = await startCluster();
    await cluster.create(service, serviceOf());
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    const pods = (await cluster.until(readyPods(cluster, 2))).toSorted((a, b) => (address(a) < address(b) ? -1 : 1));
    await cluster.pass(1);
    expect(cluster.failures).toEqual([]);
    const [first] = pods;
    if (first === undefined) throw new Error('no pods');
    return { cluster, pods, first };
  }

  test('names the ready pods that it selects in Endpoints', async () => {
    const { cluster, pods, first } = await withPods();
    expect(await addresses(cluster)).toEqual(pods.map(address));
    const [subset] = (await cluster.get(endpoints, 'web'))?.subsets ?? [];
    expect(subset?.ports).toEqual([{ port: 8080, protocol: 'TCP' }]);
    expect(subset?.addresses?.[0]).toEqual({
      ip: address(first),
      nodeName: first.spec.nodeName,
      targetRef: { kind: 'Pod', namespace: 'default', name: first.metadata.name, uid: first.metadata.uid },
    });
  });

  test('names them in an EndpointSlice of its own', async () => {
    const { cluster, pods, first } = await withPods();
    const [slice, ...others] = await slicesOf(cluster);
    expect(others).toEqual([]);
    expect(slice).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^web-[a-z0-9]{5}$/),
        ownerReferences: [{ kind: 'Service', uid: (await cluster.get(service, 'web'))?.metadata.uid }],
      },
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
      endpoints: pods.map((pod) => ({ addresses: [address(pod)] })),
    });
    expect(slice?.endpoints?.[0]).toMatchObject({
      conditions: { ready: true, serving: true, terminating: false },
      zone: first.spec.nodeName?.replace('fargate-', ''),
    });
  });

  test('follows pods that come, are relabelled and go, in the same slice', async () => {
    const cluster = await startCluster();
    await cluster.create(service, serviceOf());
    await cluster.pass(1);
    const [empty] = await slicesOf(cluster);
    await cluster.create(podKind, podOf({}));
    await cluster.create(podKind, podOf({ name: 'two' }));
    await cluster.until(async () => (await addresses(cluster)).length === 2);
    await cluster.update(podKind, 'two', (found) => void (found.metadata.labels = { app: 'other' }));
    await cluster.pass(1);
    expect(await addresses(cluster)).toEqual([(await cluster.get(podKind, 'one'))?.status?.podIP]);
    await cluster.update(podKind, 'two', (found) => void (found.metadata.labels = { app: 'web' }));
    await cluster.pass(1);
    expect(await addresses(cluster)).toHaveLength(2);
    await cluster.delete(podKind, 'one');
    await cluster.delete(podKind, 'two');
    await cluster.pass(5);
    expect(await addresses(cluster)).toEqual([]);
    expect((await cluster.get(endpoints, 'web'))?.subsets).toBeUndefined();
    expect((await slicesOf(cluster)).map(({ metadata }) => metadata.name)).toEqual([empty?.metadata.name]);
  });

  test('lists pods that are not ready apart, or as ready when it publishes them', async () => {
    const readinessProbe = { exec: { command: ['false'] } };
    const unready = podOf({
      simulate: 'never-ready',
      spec: { containers: [{ name: 'app', image: 'nginx:1', readinessProbe }] },
    });
    const cluster = await startCluster();
    await cluster.create(service, serviceOf());
    await cluster.create(podKind, unready);
    await cluster.pass(10);
    const [subset] = (await cluster.get(endpoints, 'web'))?.subsets ?? [];
    expect([subset?.addresses, subset?.notReadyAddresses?.length]).toEqual([undefined, 1]);
    expect((await slicesOf(cluster))[0]?.endpoints?.[0]?.conditions).toMatchObject({ ready: false, serving: false });
    await cluster.update(service, 'web', (found) => {
      found.spec = { ...found.spec, publishNotReadyAddresses: true };
    });
    await cluster.pass(1);
    expect(await addresses(cluster)).toHaveLength(1);
    expect((await slicesOf(cluster))[0]?.endpoints?.[0]?.conditions).toMatchObject({ ready: true, serving: false });
  });

  test('without a selector leaves the Endpoints that somebody keeps alone, also when it goes', async () => {
    const cluster = await startCluster();
    const byHand: Endpoints = {
      kind: 'Endpoints',
      apiVersion: 'v1',
      metadata: { name: 'web', namespace: 'default' },
      subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 5432, protocol: 'TCP' }] }],
    };
    const { selector: _, ...spec } = serviceOf().spec ?? {};
    await cluster.create(service, { ...serviceOf(), spec });
    await cluster.create(endpoints, byHand);
    await cluster.pass(1);
    expect(await addresses(cluster)).toEqual(['192.0.2.7']);
    await cluster.delete(service, 'web');
    await cluster.pass(1);
    expect(await addresses(cluster)).toEqual(['192.0.2.7']);
  });

  test('takes its Endpoints and slices with it', async () => {
    const cluster = await startCluster();
    await cluster.create(service, serviceOf());
    await cluster.pass(1);
    await cluster.delete(service, 'web');
    await cluster.pass(1);
    expect(await cluster.get(endpoints, 'web')).toBeUndefined();
    expect(await slicesOf(cluster)).toEqual([]);
  });

  test('marks a headless one', async () => {
    const cluster = await startCluster();
    await cluster.create(service, serviceOf({ clusterIP: 'None' }));
    await cluster.pass(1);
    const label = { 'service.kubernetes.io/headless': '' };
    expect((await cluster.get(endpoints, 'web'))?.metadata.labels).toMatchObject(label);
    expect((await slicesOf(cluster))[0]?.metadata.labels).toMatchObject(label);
  });
});

describe('the pods behind a service', () => {
  const ip = (address: string, overrides: Partial<Pod> = {}): Noted<Pod> => ({
    ...podOf({ name: `pod-${address.replaceAll('.', '-')}` }),
    notes: { 'task-address': address },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    ...overrides,
  });

  test('are grouped by what a named target port is in each', () => {
    const other = template({
      spec: { containers: [{ name: 'app', image: 'nginx:2', ports: [{ name: 'http', containerPort: 9090 }] }] },
    });
    const pods = [ip('10.0.0.2'), ip('10.0.0.1'), ip('10.0.0.3', { spec: other.spec })];
    const groups = backendGroups(serviceOf({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] }), pods);
    expect(groups.map(({ ports, backends }) => [ports[0]?.port, backends.map(({ address }) => address)])).toEqual([
      [8080, ['10.0.0.1', '10.0.0.2']],
      [9090, ['10.0.0.3']],
    ]);
  });

  test.each([
    [
      'that only its status gives an address',
      { ...ip('10.0.0.1'), notes: {}, status: { phase: 'Running', podIP: '10.0.0.1' } },
    ],
    ['that has failed', ip('10.0.0.1', { status: { phase: 'Failed' } })],
    ['that has succeeded', ip('10.0.0.1', { status: { phase: 'Succeeded' } })],
  ])('do not include one %s', (_, pod) => {
    expect(backendGroups(serviceOf(), [pod])).toEqual([]);
  });

  test('that are being deleted still serve, but get no new traffic', () => {
    const metadata = { name: 'one', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const [group] = backendGroups(serviceOf(), [ip('10.0.0.1', { metadata })]);
    expect(group?.backends[0]).toMatchObject({ ready: false, serving: true, terminating: true });
  });

  test.each([
    [{ port: 80 }, 80],
    [{ port: 80, targetPort: 8080 }, 8080],
    [{ port: 80, targetPort: 'http' }, 8080],
    [{ port: 80, targetPort: 'unknown' }, undefined],
    [{ port: 80, targetPort: 'http', protocol: 'UDP' }, undefined],
  ])('of port %o have port %s', (port, expected) => {
    const [group] = backendGroups(serviceOf({ ports: [port] }), [ip('10.0.0.1')]);
    expect(group?.ports[0]?.port).toBe(expected);
  });
});
