import { describe, expect, test } from 'vitest';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { secondsUntilRestart } from '../../../functions/reconcile/pod/back-off.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { podOf } from '../support/manifests.ts';
import { definitionsOf, isReady, tasksOf } from '../support/observe.ts';

const ready = (cluster: Cluster) => async (): Promise<Noted<Pod> | undefined> => {
  const found = await cluster.get(podKind, 'one');
  return found !== undefined && isReady(found) ? found : undefined;
};

const inPhase = (cluster: Cluster, phase: string) => async (): Promise<Pod | undefined> => {
  const found = await cluster.get(podKind, 'one');
  return found?.status?.phase === phase ? found : undefined;
};

const restarts = async (cluster: Cluster): Promise<number | undefined> =>
  (await cluster.get(podKind, 'one'))?.status?.containerStatuses?.[0]?.restartCount;

async function started(options: Parameters<typeof podOf>[0]): Promise<Cluster> {
  const cluster = await startCluster();
  await cluster.create(podKind, podOf(options));
  return cluster;
}

const stopByHand = async (cluster: Cluster): Promise<void> => {
  const { StopTaskCommand } = await import('@aws-sdk/client-ecs');
  const [task] = await tasksOf(cluster);
  await cluster.emulation.clients.ecs.send(
    new StopTaskCommand({ cluster: 'skiff', task: task?.taskArn, reason: 'by hand' }),
  );
};

describe('a bare pod', () => {
  test('is one task, and says where it runs', async () => {
    const cluster = await started({});
    const found = await cluster.until(ready(cluster));
    const [task, ...others] = await tasksOf(cluster);
    expect(others).toEqual([]);
    expect(task).toMatchObject({ group: 'family:default_one', startedBy: found.metadata.uid });
    expect(found.spec.nodeName).toBe(`fargate-${task?.availabilityZone}`);
    expect(found.notes['task']).toBe(task?.taskArn);
    expect(found.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^\d/) });
    const told = await cluster.told();
    expect(told).toContain(`Pod one: Scheduled Successfully assigned default/one to ${found.spec.nodeName}`);
    expect(told).toContain('Pod one: Started Started container app');
    await cluster.pass(700);
    expect(await restarts(cluster)).toBe(0);
    expect(cluster.failures).toEqual([]);
  });

  test('is Terminating while its task stops, and leaves nothing', async () => {
    const cluster = await startCluster();
    await cluster.pass(1);
    const before = [...(await cluster.everything()).keys()];
    await cluster.create(podKind, podOf({ simulate: 'slow-stop' }));
    await cluster.until(ready(cluster));
    await cluster.delete(podKind, 'one');
    await cluster.pass(3);
    expect((await cluster.get(podKind, 'one'))?.metadata).toMatchObject({
      deletionGracePeriodSeconds: 5,
      deletionTimestamp: expect.any(String),
    });
    await cluster.until(async () => (await cluster.get(podKind, 'one')) === undefined);
    await cluster.pass(10);
    expect([...(await cluster.everything()).keys()]).toEqual(before);
    expect(await tasksOf(cluster)).toEqual([]);
    expect(await definitionsOf(cluster)).toEqual([]);
    expect(await cluster.told()).toContain('Pod one: Killing Stopping container app');
    expect(await restarts(cluster)).toBeUndefined();
  });

  test('deleted by force goes at once, and its task after it', async () => {
    const cluster = await started({});
    await cluster.until(ready(cluster));
    await cluster.delete(podKind, 'one', { gracePeriodSeconds: 0 });
    expect(await cluster.get(podKind, 'one')).toBeUndefined();
    await cluster.create(podKind, podOf({ image: 'nginx:2' }));
    await cluster.until(ready(cluster));
    await cluster.pass(20);
    expect(await tasksOf(cluster)).toHaveLength(1);
    expect(await definitionsOf(cluster)).toHaveLength(1);
  });

  test('with restartPolicy Always starts again after a growing wait, and counts', async () => {
    const cluster = await started({ simulate: 'crash' });
    await cluster.until(async () => {
      const [status] = (await cluster.get(podKind, 'one'))?.status?.containerStatuses ?? [];
      return status?.state?.waiting?.reason === 'CrashLoopBackOff';
    });
    expect((await cluster.get(podKind, 'one'))?.status?.phase).toBe('Running');
    expect(await restarts(cluster)).toBe(1);
    await cluster.pass(8);
    expect(await restarts(cluster)).toBe(1);
    await cluster.pass(5);
    expect(await restarts(cluster)).toBe(2);
    await cluster.pass(17);
    expect(await restarts(cluster)).toBe(2);
    await cluster.pass(6);
    expect(await restarts(cluster)).toBe(3);
    await cluster.pass(1000);
    expect(await restarts(cluster)).toBe(8);
    expect(await cluster.told()).toContainEqual(
      expect.stringMatching(/^Pod one: BackOff Back-off restarting failed container app in pod one_default\(.+\) x\d$/),
    );
    expect(await cluster.told()).toContainEqual(expect.stringMatching(/^Pod one: Started Started container app x\d$/));
    const [status] = (await cluster.get(podKind, 'one'))?.status?.containerStatuses ?? [];
    expect(status?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  });

  test('with restartPolicy OnFailure starts again after a failure', async () => {
    const cluster = await started({ simulate: 'crash', spec: { restartPolicy: 'OnFailure' } });
    await cluster.pass(8);
    expect(await restarts(cluster)).toBe(1);
  });

  test('with restartPolicy OnFailure succeeds with its first exit code 0', async () => {
    const cluster = await started({ simulate: 'exit', spec: { restartPolicy: 'OnFailure' } });
    await cluster.until(inPhase(cluster, 'Succeeded'));
    await cluster.pass(700);
    expect(await inPhase(cluster, 'Succeeded')()).toBeDefined();
    expect(await restarts(cluster)).toBe(0);
  });

  test.each([
    ['crash', 'Failed', { exitCode: 1, reason: 'Error' }],
    ['exit', 'Succeeded', { exitCode: 0, reason: 'Completed' }],
  ])('with restartPolicy Never that does %s has %s, and stays so', async (simulate, phase, terminated) => {
    const cluster = await started({ simulate, spec: { restartPolicy: 'Never' } });
    const found = await cluster.until(inPhase(cluster, phase));
    expect(found.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject(terminated);
    await cluster.pass(4000);
    expect(await inPhase(cluster, phase)()).toBeDefined();
    expect(await tasksOf(cluster)).toEqual([]);
    await cluster.delete(podKind, 'one');
    await cluster.pass(10);
    expect(await cluster.get(podKind, 'one')).toBeUndefined();
    expect(await definitionsOf(cluster)).toEqual([]);
  });

  test('with restartPolicy Always starts again after exit code 0 too', async () => {
    const cluster = await started({ simulate: 'exit' });
    await cluster.pass(8);
    expect(await restarts(cluster)).toBe(1);
  });

  test('whose image cannot be pulled waits, and tries again', async () => {
    const cluster = await started({ simulate: 'unpullable' });
    await cluster.pass(5);
    const [status] = (await cluster.get(podKind, 'one'))?.status?.containerStatuses ?? [];
    expect(status?.state?.waiting?.reason).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect((await cluster.get(podKind, 'one'))?.status?.phase).toBe('Pending');
    await cluster.pass(60);
    expect((await tasksOf(cluster, 'STOPPED')).length).toBeGreaterThan(1);
  });

  test('is started again when its task is stopped by somebody else', async () => {
    const cluster = await started({});
    const before = await cluster.until(ready(cluster));
    await stopByHand(cluster);
    await cluster.pass(15);
    const after = await cluster.until(ready(cluster));
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(await restarts(cluster)).toBe(1);
  });

  test('with restartPolicy Never ends when its task is taken away', async () => {
    const cluster = await started({ spec: { restartPolicy: 'Never' } });
    await cluster.until(ready(cluster));
    await stopByHand(cluster);
    await cluster.until(inPhase(cluster, 'Succeeded'));
    await cluster.pass(30);
    expect(await tasksOf(cluster)).toEqual([]);
  });

  test('is brought up to date when every event is lost', async () => {
    const cluster = await startCluster({ hear: () => false });
    await cluster.create(podKind, podOf({}));
    await cluster.until(ready(cluster));
    await cluster.delete(podKind, 'one');
    await cluster.until(async () => (await cluster.get(podKind, 'one')) === undefined);
    expect(await tasksOf(cluster)).toEqual([]);
  });

  test('with hundreds of fields that are not honoured gets some Events about them, and how many more there are', async () => {
    const ports = Array.from({ length: 200 }, (_, index) => ({ containerPort: index + 1, hostPort: index + 1 }));
    const cluster = await started({ spec: { containers: [{ name: 'app', image: 'nginx:1', ports }] } });
    await cluster.until(ready(cluster));
    const told = (await cluster.told()).filter((each) => each.includes('FieldNotHonoured'));
    expect(told).toHaveLength(51);
    expect(told).toContainEqual(expect.stringContaining('and 150 more fields'));
  });

  test('that asks for what Fargate has not is told so, and not started', async () => {
    const cluster = await started({ spec: { hostPID: true } });
    await cluster.pass(2);
    const found = await cluster.get(podKind, 'one');
    expect(found?.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'PodScheduled',
        status: 'False',
        message: expect.stringContaining('spec.hostPID'),
      }),
    );
    expect(await cluster.told()).toContainEqual(expect.stringMatching(/^Pod one: FailedCreate .*spec\.hostPID/));
    expect(await tasksOf(cluster)).toEqual([]);
    await cluster.delete(podKind, 'one');
    await cluster.pass(1);
    expect(await cluster.get(podKind, 'one')).toBeUndefined();
  });

  test('is ready when its health check says so', async () => {
    const probe = { exec: { command: ['true'] }, periodSeconds: 10 };
    const container = { name: 'app', image: 'nginx:1', readinessProbe: probe };
    const cluster = await started({ spec: { containers: [container] } });
    await cluster.until(inPhase(cluster, 'Running'));
    const found = await cluster.until(ready(cluster));
    expect(found.status?.containerStatuses?.[0]).toMatchObject({ ready: true, started: true });
    const never = await started({ simulate: 'never-ready', spec: { containers: [container] } });
    await never.pass(60);
    expect(await inPhase(never, 'Running')()).toBeDefined();
    expect(await ready(never)()).toBeUndefined();
  });
});

describe('the wait before a restart', () => {
  const ended = (failures: number, ranSeconds = 1): Noted<Pod> => ({
    ...podOf({}),
    metadata: { name: 'one' },
    notes: { failures: String(failures) },
    status: {
      containerStatuses: [
        {
          name: 'app',
          image: '',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: {
            terminated: {
              exitCode: 1,
              startedAt: new Date(1_000_000_000).toISOString(),
              finishedAt: new Date(1_000_000_000 + ranSeconds * 1000).toISOString(),
            },
          },
        },
      ],
    },
  });

  test.each([
    [0, 0],
    [1, 10],
    [2, 20],
    [5, 160],
    [6, 300],
    [40, 300],
  ])('after %i failures before is %i s', (failures, seconds) => {
    expect(secondsUntilRestart(ended(failures), 1_000_001_000)).toEqual({ seconds, failures: failures + 1 });
  });

  test('begins anew when the pod has run for ten minutes', () => {
    expect(secondsUntilRestart(ended(5, 600), 1_000_600_000)).toEqual({ seconds: 0, failures: 1 });
  });

  test.each([
    [0, 10],
    [1, 20],
    [5, 300],
  ])('of a pod that has never run, after %i failures before, is %i s', (failures, seconds) => {
    const pod = ended(failures);
    const conditions = [
      { type: 'PodReadyToStartContainers', status: 'False', lastTransitionTime: new Date(1_000_000_000).toISOString() },
    ];
    expect(secondsUntilRestart({ ...pod, status: { conditions } }, 1_000_000_000)).toEqual({
      seconds,
      failures: failures + 1,
    });
  });

  test('is over when it has passed already', () => {
    expect(secondsUntilRestart(ended(1), 1_000_100_000).seconds).toBe(0);
  });
});
