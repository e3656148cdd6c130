import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { pod as podKind, type Pod, type PodSpec } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { resyncKey } from '../../../functions/reconcile/resync.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, podOf } from '../support/manifests.ts';
import { isReady, readyPods, rolledOut, tasksOf } from '../support/observe.ts';

type Container = PodSpec['containers'][number];

const httpGet = { path: '/healthz', port: 8080 };
const spec = (probes: Partial<Container>, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'app', image: 'nginx:1', ...probes }],
  ...more,
});

const taskOf = ({ notes }: Noted<Pod>): string => notes['task'] ?? '';

/** Makes the check of a container of the pod's task succeed or fail. */
const setHealthy = (
  cluster: Cluster,
  pod: Noted<Pod>,
  container: { readonly name: string; readonly healthy: boolean },
): void =>
  cluster.runtime.setHealthy({ taskId: taskOf(pod).split('/').at(-1) ?? '', name: container.name }, container.healthy);

const one = async (cluster: Cluster): Promise<Noted<Pod>> => {
  const found = await cluster.get(podKind, 'one');
  if (found === undefined) throw new Error('there is no pod');
  return found;
};

describe('a pod of a workload', () => {
  async function rolled(
    options: Parameters<typeof startCluster>[0],
  ): Promise<{ cluster: Cluster; pods: Noted<Pod>[] }> {
    const cluster = await startCluster(options);
    const probes = { readinessProbe: { httpGet, periodSeconds: 5 } };
    await cluster.create(deployment, deploymentOf({ spec: spec(probes) }));
    await cluster.until(rolledOut(cluster));
    return { cluster, pods: await cluster.list(podKind) };
  }
  const unready = (cluster: Cluster) => async (): Promise<Pod | undefined> =>
    (await cluster.list(podKind)).find((pod) => !isReady(pod));

  test('becomes unready and ready again within seconds, in the same task', async () => {
    const { cluster, pods } = await rolled({ healthSeconds: 2 });
    const [first] = pods;
    if (first === undefined) throw new Error('there is no pod');
    // Long after it started: how soon it is seen does not depend on that.
    await cluster.pass(900);
    setHealthy(cluster, first, { name: 'skiff-readiness', healthy: false });
    const seen = await cluster.until(unready(cluster), 8);
    expect(seen.metadata.name).toBe(first.metadata.name);
    expect((await cluster.get(deployment, 'web'))?.status?.readyReplicas).toBe(1);
    setHealthy(cluster, first, { name: 'skiff-readiness', healthy: true });
    const again = await cluster.until(readyPods(cluster, 2), 8);
    expect(again.map(taskOf).toSorted()).toEqual(pods.map(taskOf).toSorted());
    expect(cluster.failures).toEqual([]);
  });

  test('is seen to be unready with a resync where asking costs something', async () => {
    const { cluster, pods } = await rolled({});
    await cluster.pass(30);
    const [first] = pods;
    if (first === undefined) throw new Error('there is no pod');
    setHealthy(cluster, first, { name: 'skiff-readiness', healthy: false });
    await cluster.pass(8);
    await cluster.context.queue.enqueue(resyncKey);
    expect((await cluster.until(unready(cluster), 2)).metadata.name).toBe(first.metadata.name);
  });

  test('shows nothing of Skiff’s own containers', async () => {
    const { cluster, pods } = await rolled({});
    expect(pods.flatMap(({ status }) => status?.containerStatuses?.map(({ name }) => name))).toEqual(['app', 'app']);
    for (const task of await tasksOf(cluster)) {
      expect(task.containers?.map(({ name, lastStatus, exitCode }) => [name, lastStatus, exitCode])).toEqual([
        ['app', 'RUNNING', undefined],
        ['skiff-toolbox', 'STOPPED', 0],
        ['skiff-readiness', 'RUNNING', undefined],
      ]);
    }
    await cluster.delete(deployment, 'web');
    await cluster.pass(20);
    expect((await cluster.told()).filter((text) => text.includes('skiff-'))).toEqual([]);
  });
});

describe('a bare pod', () => {
  const started = async (podSpec: Partial<PodSpec>, simulate?: string): Promise<Cluster> => {
    const cluster = await startCluster({ healthSeconds: 2 });
    await cluster.create(podKind, podOf({ spec: podSpec, ...(simulate === undefined ? {} : { simulate }) }));
    await cluster.until(readyPods(cluster, 1));
    return cluster;
  };
  const livenessProbe = { httpGet, periodSeconds: 5, failureThreshold: 1 };

  test('that is found dead starts again, counts it and tells why', async () => {
    const cluster = await started(spec({ livenessProbe }));
    const before = await one(cluster);
    setHealthy(cluster, before, { name: 'app', healthy: false });
    const after = await cluster.until(async () => {
      const found = await one(cluster);
      return isReady(found) && taskOf(found) !== taskOf(before) && found;
    }, 20);
    expect(after.status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
    expect(await cluster.told()).toContainEqual(
      expect.stringMatching(/^Pod one: Unhealthy Task failed container health checks/),
    );
    expect(cluster.failures).toEqual([]);
  });

  test('that fails names no container of Skiff’s own', async () => {
    const cluster = await startCluster();
    await cluster.create(podKind, podOf({ simulate: 'crash', spec: spec({ readinessProbe: { httpGet } }) }));
    await cluster.pass(10);
    const told = await cluster.told();
    expect(told).toContainEqual(expect.stringContaining('(app: exit code 1)'));
    expect(told.filter((text) => text.includes('skiff-'))).toEqual([]);
  });

  test('that never restarts has failed when it is found dead', async () => {
    const cluster = await started(spec({ livenessProbe }, { restartPolicy: 'Never' }), 'slow-stop');
    setHealthy(cluster, await one(cluster), { name: 'app', healthy: false });
    await cluster.pass(20);
    expect((await one(cluster)).status?.phase).toBe('Failed');
  });

  test('that never becomes ready goes on, however long', async () => {
    const cluster = await startCluster({ healthSeconds: 2 });
    await cluster.create(podKind, podOf({ simulate: 'never-ready', spec: spec({ readinessProbe: { httpGet } }) }));
    await cluster.pass(10);
    const task = taskOf(await one(cluster));
    await cluster.pass(600);
    expect(taskOf(await one(cluster))).toBe(task);
    expect(isReady(await one(cluster))).toBe(false);
  });
});
