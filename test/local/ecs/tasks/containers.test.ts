import type { ContainerDefinition, Task } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { containers } from '../../../conformance/ecs-fixture.ts';
import { SimulatedRuntime } from '../../../../local/containers/simulated.ts';
import { emulateEcs } from '../../../support/emulation.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const on = (containerName: string, condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY') => ({
  dependsOn: [{ containerName, condition }],
});
const runs: Partial<ContainerDefinition> = containers.runs;
const helper = { ...containers.runs, essential: false };

const idOf = (task: Task | undefined): string => task?.taskArn?.split('/').at(-1) ?? '';

async function run(definition: Record<string, Partial<ContainerDefinition>>) {
  const aws = await emulateEcs();
  await aws.ecs.register(definition);
  const [task] = await aws.ecs.run({});
  const name = (container: string) => ({ taskId: idOf(task), name: container });
  const container = async (wanted: string) =>
    (await aws.ecs.task(task)).containers?.find((each) => each.name === wanted);
  return { ...aws, task, name, container };
}

describe('dependsOn', () => {
  test('an init container that ends lets the others start', async () => {
    const { ecs, task } = await run({
      init: { ...runs, essential: false },
      app: { ...runs, ...on('init', 'SUCCESS') },
    });
    const running = await ecs.untilStatus(task, 'RUNNING');
    expect(running.containers).toMatchObject([
      { name: 'init', lastStatus: 'STOPPED', exitCode: 0 },
      { name: 'app', lastStatus: 'RUNNING' },
    ]);
  });

  test('a chain of init containers runs one after the other', async () => {
    const { ecs, task, events } = await run({
      first: { ...runs, essential: false },
      second: { ...runs, essential: false, ...on('first', 'SUCCESS') },
      app: { ...runs, ...on('second', 'SUCCESS') },
    });
    await ecs.untilStatus(task, 'RUNNING');
    const states = events.map(({ detail }) =>
      (detail as Task).containers?.map(({ lastStatus }) => lastStatus?.[0]).join(''),
    );
    expect([...new Set(states)]).toEqual(['PPP', 'RPP', 'SPP', 'SRP', 'SSP', 'SSR']);
  });

  test('an init container that fails makes the task fail to start', async () => {
    const { ecs, task } = await run({
      init: { ...containers.crashes, essential: false },
      app: { ...runs, ...on('init', 'SUCCESS') },
    });
    const stopped = await ecs.untilStatus(task, 'STOPPED');
    expect(stopped).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' });
    expect(stopped.containers).toMatchObject([
      { name: 'init', exitCode: 1 },
      {
        name: 'app',
        exitCode: 143,
        reason: expect.stringMatching(
          /^CannotStartContainerError: dependency graph: failed to resolve container ordering dependency \[init\(.*\) \(STOPPED->RUNNING\) - Exit: 1\] for target \[app\(.*\) \(NONE->RUNNING\)\]$/,
        ),
      },
    ]);
    expect(stopped.startedAt).toBeUndefined();
  });

  test('COMPLETE takes any exit code', async () => {
    const { ecs, task } = await run({
      init: { ...containers.crashes, essential: false },
      app: { ...runs, ...on('init', 'COMPLETE') },
    });
    expect(await ecs.untilStatus(task, 'RUNNING')).toMatchObject({ containers: [{ exitCode: 1 }, {}] });
  });

  test('an init container whose image cannot be pulled says so', async () => {
    const { ecs, task } = await run({
      init: { ...containers.cannotBePulled, essential: false },
      app: { ...runs, ...on('init', 'SUCCESS') },
    });
    const stopped = await ecs.untilStatus(task, 'STOPPED');
    expect(stopped.containers?.[0]).toMatchObject({ reason: expect.stringMatching(/^CannotPullContainerError/) });
    expect(stopped.containers?.[0]?.exitCode).toBeUndefined();
  });

  test('HEALTHY waits for the first check that succeeds', async () => {
    const { ecs, task, runtime, name } = await run({
      db: containers.unhealthy,
      app: { ...runs, ...on('db', 'HEALTHY') },
    });
    await ecs.pass(60);
    expect(await ecs.task(task)).toMatchObject({ lastStatus: 'ACTIVATING', healthStatus: 'UNHEALTHY' });
    runtime.setHealthy(name('db'), true);
    await ecs.pass(10);
    expect(await ecs.task(task)).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'HEALTHY' });
  });

  test('startTimeout bounds the wait for a dependency', async () => {
    const { ecs, task } = await run({
      db: { ...containers.unhealthy, startTimeout: 30 },
      app: { ...runs, ...on('db', 'HEALTHY') },
    });
    const stopped = await ecs.untilStatus(task, 'STOPPED');
    expect(stopped.containers?.[1]?.reason).toMatch(/timed out after 30 seconds$/);
  });

  test('containers are stopped in the reverse order', async () => {
    const { ecs, task, events } = await run({
      app: runs,
      proxy: { ...containers.ignoresTerm, stopTimeout: 30, ...on('app', 'START') },
    });
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.stop(task);
    await ecs.pass(20);
    expect(await ecs.task(task)).toMatchObject({ containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'RUNNING' }] });
    const stopped = await ecs.untilStatus(task, 'STOPPED');
    expect(stopped.containers).toMatchObject([{ exitCode: 0 }, { exitCode: 137 }]);
    expect(events.length).toBeGreaterThan(0);
  });
});

describe('restart policy', () => {
  const restarting = (restartPolicy: object) => ({ ...runs, restartPolicy: { enabled: true, ...restartPolicy } });

  test('restarts a container that has run long enough, without an event', async () => {
    const { ecs, task, runtime, name, container, events } = await run({
      app: restarting({ restartAttemptPeriod: 60 }),
    });
    const running = await ecs.untilStatus(task, 'RUNNING');
    await ecs.pass(61);
    const count = events.length;
    runtime.exit(name('app'), { exitCode: 1 });
    await ecs.pass(5);
    expect(await ecs.task(task)).toMatchObject({ lastStatus: 'RUNNING', version: running.version });
    expect((await container('app'))?.lastStatus).toBe('RUNNING');
    expect(events).toHaveLength(count);
  });

  test('does not restart one that exits sooner after its last start', async () => {
    const { ecs, task, runtime, name } = await run({ app: restarting({ restartAttemptPeriod: 60 }) });
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.pass(61);
    runtime.exit(name('app'), { exitCode: 1 });
    await ecs.pass(30);
    runtime.exit(name('app'), { exitCode: 1 });
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({ stopCode: 'EssentialContainerExited' });
  });

  test('does not restart a container while its task stops', async () => {
    const { ecs, task } = await run({ app: restarting({ restartAttemptPeriod: 60 }) });
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.pass(100);
    await ecs.stop(task);
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 0 }] });
  });
});

describe('ends', () => {
  test('a container that was killed for its memory says so', async () => {
    const { ecs, task, runtime, name } = await run({ app: runs });
    await ecs.untilStatus(task, 'RUNNING');
    runtime.exit(name('app'), { exitCode: 137, outOfMemory: true });
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({
      containers: [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    });
  });

  test('a task is stopped before it has run', async () => {
    for (const seconds of [0, 8, 10.01, 10.03]) {
      const { ecs, task, clock, reports } = await run({ app: runs, other: helper });
      await ecs.pass(seconds);
      await ecs.stop(task);
      const stopped = await ecs.untilStatus(task, 'STOPPED');
      expect(stopped).toMatchObject({ stopCode: 'UserInitiated', attachments: [{ status: 'DELETED' }] });
      expect(stopped.containers?.map(({ lastStatus }) => lastStatus)).toEqual(['STOPPED', 'STOPPED']);
      expect([clock.waiting, reports]).toEqual([0, []]);
    }
  });

  test('stopping a task twice keeps the first reason', async () => {
    const { ecs, task } = await run({ app: runs });
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.stop(task, 'first');
    await ecs.stop(task, 'second');
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({ stoppedReason: 'first' });
  });
});

describe('health', () => {
  const checked = (healthCheck: object) => ({
    ...runs,
    healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, retries: 3, ...healthCheck },
  });

  test('as many failures in a row as retries make a container UNHEALTHY, one success HEALTHY', async () => {
    const { ecs, task, runtime, name, container } = await run({ app: checked({}) });
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.pass(12);
    expect((await container('app'))?.healthStatus).toBe('HEALTHY');
    runtime.setHealthy(name('app'), false);
    await ecs.pass(20);
    expect((await container('app'))?.healthStatus).toBe('HEALTHY');
    await ecs.pass(10);
    expect((await container('app'))?.healthStatus).toBe('UNHEALTHY');
    runtime.setHealthy(name('app'), true);
    await ecs.pass(10);
    expect((await container('app'))?.healthStatus).toBe('HEALTHY');
  });

  test('failures within the start period do not count', async () => {
    const { ecs, task, runtime, name, container } = await run({ app: checked({ startPeriod: 60, retries: 1 }) });
    await ecs.untilStatus(task, 'RUNNING');
    runtime.setHealthy(name('app'), false);
    await ecs.pass(55);
    expect((await container('app'))?.healthStatus).toBe('UNKNOWN');
    await ecs.pass(10);
    expect((await container('app'))?.healthStatus).toBe('UNHEALTHY');
  });

  test('a task is as healthy as the worst of its essential containers', async () => {
    const { ecs, task, runtime, name } = await run({
      app: checked({ retries: 1 }),
      proxy: checked({ retries: 1 }),
      extra: { ...checked({ retries: 1 }), essential: false },
      plain: runs,
    });
    await ecs.untilStatus(task, 'RUNNING');
    runtime.setHealthy(name('extra'), false);
    await ecs.pass(15);
    expect((await ecs.task(task)).healthStatus).toBe('HEALTHY');
    runtime.setHealthy(name('proxy'), false);
    await ecs.pass(10);
    expect((await ecs.task(task)).healthStatus).toBe('UNHEALTHY');
  });

  test('without health checks it is UNKNOWN', async () => {
    const { ecs, task } = await run({ app: runs });
    expect((await ecs.untilStatus(task, 'RUNNING')).healthStatus).toBe('UNKNOWN');
  });

  test('at full speed a container is found healthy before its first interval is over', async () => {
    const { ecs } = await emulateEcs({ speed: 'fast' });
    await ecs.create({ taskDefinition: await ecs.register(checked({ interval: 60 })) });
    await ecs.pass(3);
    expect(await ecs.primary()).toMatchObject({ rolloutState: 'COMPLETED' });
  });

  test('early checks that fail do not count', async () => {
    const { ecs } = await emulateEcs({ speed: 'fast' });
    await ecs.create({
      taskDefinition: await ecs.register({ ...containers.unhealthy, ...checked({ interval: 20, retries: 2 }) }),
    });
    await ecs.pass(35);
    expect((await ecs.tasks())[0]).toMatchObject({ healthStatus: 'UNKNOWN' });
    await ecs.pass(10);
    expect(await ecs.tasks('STOPPED')).toHaveLength(1);
  });
});

describe('a runtime that fails', () => {
  class Failing extends SimulatedRuntime {
    override createTask(): Promise<{ address: string }> {
      return this.fail('createTask') ?? super.createTask();
    }
    override async startContainer(...input: Parameters<SimulatedRuntime['startContainer']>) {
      return this.fail('startContainer') ?? super.startContainer(...input);
    }
    override execute(...input: Parameters<SimulatedRuntime['execute']>) {
      return this.fail('execute') ?? super.execute(...input);
    }
    override removeTask(...input: Parameters<SimulatedRuntime['removeTask']>) {
      return this.fail('removeTask') ?? super.removeTask(...input);
    }
    failing = '';
    private fail(what: string): Promise<never> | undefined {
      return this.failing === what ? Promise.reject(new Error('engine is gone')) : undefined;
    }
  }

  async function runOn(failing: string, definition: Partial<ContainerDefinition> = runs) {
    const clock = new ManualClock();
    const runtime = new Failing({ clock });
    runtime.failing = failing;
    const aws = await emulateEcs({ clock, runtime });
    await aws.ecs.register(definition);
    const [task] = await aws.ecs.run({});
    return { ...aws, task };
  }

  test('to make the network: the task fails to start', async () => {
    const { ecs, task } = await runOn('createTask');
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'ResourceInitializationError: engine is gone',
    });
  });

  test('to start a container: the task fails to start', async () => {
    const { ecs, task } = await runOn('startContainer');
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
      containers: [{ reason: 'CannotStartContainerError: engine is gone' }],
    });
  });

  test('to run a health check: the check has failed', async () => {
    const { ecs, task } = await runOn('execute', containers.healthy);
    await ecs.pass(60);
    expect(await ecs.task(task)).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY' });
  });

  test('to remove a task: it is reported, and the task has stopped', async () => {
    const { ecs, task, reports } = await runOn('removeTask');
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.stop(task);
    expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({ stopCode: 'UserInitiated' });
    expect(reports).toMatchObject([{ message: 'engine is gone' }]);
  });
});
