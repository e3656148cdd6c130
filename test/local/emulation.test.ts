import { describe, expect, test } from 'vitest';
import type { AwsEvent } from '../../functions/events/event.ts';
import { NotEmulatedError } from '../../local/not-emulated-error.ts';
import { containers } from '../conformance/ecs-fixture.ts';
import { KeptEcsEntries } from '../support/kept-entries.ts';
import { emulateEcs } from '../support/emulation.ts';

describe('an idle emulation', () => {
  test('holds no timers when nothing is going on', async () => {
    const { ecs, clock, emulation } = await emulateEcs();
    expect(clock.waiting).toBe(0);
    await ecs.started({ desiredCount: 3 });
    expect(clock.waiting).toBe(0);
    await ecs.update({ desiredCount: 0 });
    await ecs.pass(60);
    await ecs.remove();
    await ecs.pass(60);
    expect([clock.waiting, emulation.quiet()]).toEqual([0, true]);
  });

  test('holds one timer for each health check', async () => {
    const { ecs, clock } = await emulateEcs();
    await ecs.started({ desiredCount: 2 }, containers.healthy);
    expect(clock.waiting).toBe(2);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const { ecs, clock, emulation, events } = await emulateEcs();
    await ecs.create({ taskDefinition: await ecs.register(containers.healthy), desiredCount: 5 });
    await ecs.pass(11);
    await emulation.stop();
    const count = events.length;
    await ecs.pass(1000);
    expect([clock.waiting, events.length]).toEqual([0, count]);
  });
});

describe('what is not emulated is refused loudly', () => {
  const lists = { loadBalancers: [{ targetGroupArn: 'arn', containerName: 'app', containerPort: 80 }] };
  test.each([
    ['load balancers', lists],
    ['service registries', { serviceRegistries: [{ registryArn: 'arn' }] }],
    ['Service Connect', { serviceConnectConfiguration: { enabled: true } }],
    ['blue/green', { deploymentConfiguration: { strategy: 'BLUE_GREEN' as const } }],
    ['EC2', { launchType: 'EC2' as const }],
  ])('%s', async (_what, input) => {
    const { ecs } = await emulateEcs();
    const taskDefinition = await ecs.register(containers.runs);
    await expect(ecs.create({ taskDefinition, ...input })).rejects.toBeInstanceOf(NotEmulatedError);
    await expect(ecs.service()).resolves.toEqual({});
  });
});

describe('state that outlives the process', () => {
  const start = async () => {
    const persistence = new KeptEcsEntries();
    const first = await emulateEcs({ persistence, speed: 'fast' });
    await first.ecs.started({ desiredCount: 2, tags: [{ key: 'team', value: 'shop' }] });
    return { first, persistence };
  };

  test('services are there again, and start new tasks', async () => {
    const { first, persistence } = await start();
    const before = await first.ecs.service();
    const lost = (await first.ecs.tasks()).map(({ taskArn }) => taskArn);
    await first.emulation.stop();

    const second = await emulateEcs({
      persistence,
      speed: 'fast',
      clock: first.clock,
      newId: () => crypto.randomUUID(),
    });
    expect(await second.ecs.service()).toMatchObject({
      serviceArn: before.serviceArn,
      taskDefinition: before.taskDefinition,
      desiredCount: 2,
      runningCount: 0,
    });
    await second.ecs.pass(5);
    const tasks = await second.ecs.tasks();
    expect(tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
    expect(lost).not.toContain(tasks[0]?.taskArn);
    expect(await second.ecs.primary()).toMatchObject({ rolloutState: 'COMPLETED', id: before.deployments?.[0]?.id });
  });

  test('tasks of the process before have stopped, and events say so', async () => {
    const { first, persistence } = await start();
    const [task] = await first.ecs.tasks();
    await first.emulation.stop();
    const second = await emulateEcs({
      persistence,
      speed: 'fast',
      clock: first.clock,
      newId: () => crypto.randomUUID(),
    });
    expect(await second.ecs.task(task)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TerminationNotice',
      stoppedReason: 'The process that ran this task has ended',
    });
    const told = (event: AwsEvent) => event.resources[0] === task?.taskArn;
    expect(second.events.find(told)?.detail).toMatchObject({
      lastStatus: 'STOPPED',
      version: (task?.version ?? 0) + 1,
    });
  });

  test('RunTask still knows its client tokens', async () => {
    const { first, persistence } = await start();
    const [task] = await first.ecs.run({ clientToken: 'token' });
    await first.emulation.stop();
    const second = await emulateEcs({
      persistence,
      speed: 'fast',
      clock: first.clock,
      newId: () => crypto.randomUUID(),
    });
    expect(await second.ecs.run({ clientToken: 'token' })).toMatchObject([
      { taskArn: task?.taskArn, lastStatus: 'STOPPED' },
    ]);
  });

  test('revisions of task definitions go on where they were', async () => {
    const { first, persistence } = await start();
    await first.emulation.stop();
    const second = await emulateEcs({ persistence, clock: first.clock });
    expect(await second.ecs.register(containers.runs)).toMatch(/web:2$/);
  });

  test('is saved before a call is answered, and soon after what happens by itself', async () => {
    const persistence = new KeptEcsEntries();
    const { ecs } = await emulateEcs({ persistence, speed: 'fast' });
    const taskDefinition = await ecs.register(containers.runs);
    expect(persistence.entries.at(-1)).toContain('"family":"web"');
    await ecs.create({ taskDefinition });
    expect(persistence.entries.at(-1)).toMatch(/^\["services",/);
    const { appends, entries } = { appends: persistence.appends, entries: persistence.entries.length };
    await ecs.pass(2);
    expect(persistence.entries.slice(entries)).toContainEqual(expect.stringContaining('"lastStatus":"RUNNING"'));
    expect(persistence.appends - appends).toBeLessThan(10);
  });
});

describe('many services', () => {
  test('a hundred services of five tasks all become steady', async () => {
    const { ecs, clients, reports } = await emulateEcs({ speed: 'fast' });
    const taskDefinition = await ecs.register(containers.runs);
    for (let index = 0; index < 100; index += 1)
      await ecs.create({ taskDefinition, serviceName: `web-${index}`, desiredCount: 5 });
    await ecs.pass(10);
    for (const index of [0, 50, 99])
      expect(await ecs.service(`web-${index}`)).toMatchObject({
        runningCount: 5,
        deployments: [{ rolloutState: 'COMPLETED' }],
      });
    expect([reports, clients.ecs.config.serviceId]).toEqual([[], 'ECS']);
  });
});
