import type { Task } from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { containers, type Ecs } from './ecs-fixture.ts';
import type { Case } from './ecs.ts';

const percent = (minimumHealthyPercent: number, maximumPercent: number) => ({
  availabilityZoneRebalancing: 'DISABLED' as const,
  deploymentConfiguration: { minimumHealthyPercent, maximumPercent },
});

const breaker = (rollback: boolean, more: object = {}) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback, ...more } },
});

/** The fewest RUNNING and the most live tasks seen while a rollout goes on. */
class Bounds {
  fewestRunning = Number.POSITIVE_INFINITY;
  mostLive = 0;

  async watch(ecs: Ecs): Promise<void> {
    const tasks = await ecs.tasks();
    const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    this.fewestRunning = Math.min(this.fewestRunning, running.length);
    this.mostLive = Math.max(this.mostLive, tasks.length);
  }
}

/** Rolls a service of so many tasks over to a new revision under the percentages. */
async function rollout(ecs: Ecs, desiredCount: number, percentages: [number, number]): Promise<Bounds> {
  await ecs.started({ desiredCount, ...percent(...percentages) });
  const bounds = new Bounds();
  await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
  await ecs.untilCompleted(() => bounds.watch(ecs));
  return bounds;
}

const stuck =
  '(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.';

const deploymentId = (task: Task): string => task.startedBy ?? '';

export function deploymentTests(it: Case): void {
  describe('bounds of a rolling deployment', () => {
    it('minimumHealthyPercent is rounded up', async (ecs) => {
      expect(await rollout(ecs, 3, [50, 100])).toMatchObject({ fewestRunning: 2, mostLive: 3 });
    });
    it('maximumPercent is rounded down', async (ecs) => {
      expect(await rollout(ecs, 3, [100, 150])).toMatchObject({ fewestRunning: 3, mostLive: 4 });
    });
    it('desired 4 and minimum 50 stop two tasks first', async (ecs) => {
      expect(await rollout(ecs, 4, [50, 100])).toMatchObject({ fewestRunning: 2, mostLive: 4 });
    });
    it('desired 4 and maximum 200 start four tasks first', async (ecs) => {
      expect(await rollout(ecs, 4, [100, 200])).toMatchObject({ fewestRunning: 4, mostLive: 8 });
    });
    it('minimum 0 and maximum 100 stop all tasks first', async (ecs) => {
      expect(await rollout(ecs, 2, [0, 100])).toMatchObject({ fewestRunning: 0, mostLive: 2 });
    });
    it('nothing waits until all old tasks are gone, not even with minimum 0', async (ecs) => {
      const old = await ecs.started({ ...percent(0, 100) }, { ...containers.ignoresTerm, stopTimeout: 60 });
      const next = await ecs.register(containers.runs);
      await ecs.update({ taskDefinition: next });
      await ecs.until(async () => {
        const [task] = await ecs.tasks();
        return task?.taskDefinitionArn === next && task.lastStatus === 'RUNNING';
      });
      const [stopping] = await ecs.tasks('STOPPED');
      expect(stopping).toMatchObject({ taskDefinitionArn: old, lastStatus: 'STOPPING' });
    });
    it('refuses 100 to 100 percent, which would never go on', async (ecs) => {
      const created = ecs.create({ taskDefinition: await ecs.register(containers.runs), ...percent(100, 100) });
      await expect(created).rejects.toThrow(
        'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
      );
    });
    it('a service has 100 and 200 percent unless it says otherwise', async (ecs) => {
      await ecs.started();
      expect((await ecs.service()).deploymentConfiguration).toMatchObject({
        minimumHealthyPercent: 100,
        maximumPercent: 200,
      });
    });
    it('percentages are taken of the current desired count', async (ecs) => {
      await ecs.started({ desiredCount: 1 });
      await ecs.update({ desiredCount: 3, taskDefinition: await ecs.register(containers.runs) });
      const bounds = new Bounds();
      await ecs.untilCompleted(() => bounds.watch(ecs));
      expect(bounds.mostLive).toBe(4);
    });
    it('desired 2 and 75 to 100 percent cannot stop any task, and an event says so', async (ecs) => {
      await ecs.started({ desiredCount: 2, ...percent(75, 100) });
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      await ecs.pass(120);
      expect((await ecs.messages())[0]).toBe(stuck);
      expect(await ecs.service()).toMatchObject({ runningCount: 2, pendingCount: 0 });
    });
    it('desired 3 and 100 to 125 percent cannot start any task, and an event says so', async (ecs) => {
      await ecs.started({ desiredCount: 3, ...percent(100, 125) });
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      await ecs.pass(120);
      expect((await ecs.messages())[0]).toBe(stuck);
    });
    it('a deployment that cannot go on does when the percentages are changed', async (ecs) => {
      await ecs.started({ desiredCount: 2, ...percent(75, 100) });
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      await ecs.pass(120);
      await ecs.update({ deploymentConfiguration: { maximumPercent: 150 } });
      await ecs.untilCompleted();
    });
  });

  describe('healthy tasks', () => {
    it('a task without a health check counts as healthy 40 seconds after it is RUNNING', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.runs) });
      await ecs.until(async () => (await ecs.service()).runningCount === 1);
      await ecs.pass(35);
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'IN_PROGRESS' });
      await ecs.pass(15);
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'COMPLETED' });
    });
    it('a task with a health check counts as healthy when the check succeeds', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.healthy) });
      await ecs.until(async () => (await ecs.service()).runningCount === 1);
      await ecs.pass(20);
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'COMPLETED' });
      expect((await ecs.tasks())[0]).toMatchObject({ healthStatus: 'HEALTHY' });
    });
    it('a deployment whose checks fail never completes and leaves the old tasks alone', async (ecs) => {
      const old = await ecs.started({ desiredCount: 2 });
      await ecs.update({ taskDefinition: await ecs.register(containers.unhealthy) });
      await ecs.pass(400);
      const tasks = await ecs.tasks();
      expect(tasks.filter((task) => task.taskDefinitionArn === old && task.lastStatus === 'RUNNING')).toHaveLength(2);
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'IN_PROGRESS' });
    });
    it('an unhealthy task is stopped and replaced, and events say so', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.unhealthy) });
      await ecs.until(async () => (await ecs.tasks('STOPPED')).length > 0);
      const [stopped] = await ecs.tasks('STOPPED');
      const id = stopped?.taskArn?.split('/').at(-1);
      expect(stopped).toMatchObject({
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed container health checks',
      });
      expect(await ecs.messages()).toEqual(
        expect.arrayContaining([
          `(service web) (task ${id}) failed container health checks.`,
          expect.stringMatching(
            /^\(service web\) has started 1 tasks: \(task \w+\)\. Amazon ECS replaced 1 tasks due to an unhealthy status\.$/,
          ),
          `(service web) has stopped 1 running tasks: (task ${id}).`,
        ]),
      );
    });
    it('without room under the maximum an unhealthy task is stopped before its replacement starts', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.unhealthy), ...percent(0, 100) });
      const bounds = new Bounds();
      await ecs.until(
        async () => (await ecs.tasks('STOPPED')).length > 1,
        () => bounds.watch(ecs),
      );
      expect(bounds.mostLive).toBe(1);
    });
    it('with room under the maximum the replacement starts before the unhealthy task is stopped', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.unhealthy) });
      await ecs.until(async () => (await ecs.tasks('STOPPED')).length > 0);
      const [stopped] = await ecs.tasks('STOPPED');
      const [next] = await ecs.tasks();
      expect(next?.createdAt?.getTime()).toBeLessThanOrEqual(stopped?.stoppingAt?.getTime() ?? 0);
    });
    it('a task that ends during a rollout is replaced by one of its own revision', async (ecs) => {
      const old = await ecs.started({ desiredCount: 2 });
      await ecs.update({ taskDefinition: await ecs.register(containers.unhealthy) });
      await ecs.pass(30);
      const [victim] = (await ecs.tasks()).filter((task) => task.taskDefinitionArn === old);
      await ecs.stop(victim);
      await ecs.pass(30);
      const tasks = (await ecs.tasks()).filter((task) => task.taskDefinitionArn === old);
      expect(tasks).toHaveLength(2);
      expect(tasks.map(({ taskArn }) => taskArn)).not.toContain(victim?.taskArn);
    });
    it('within the grace period a service may still be scaled in', async (ecs) => {
      const taskDefinition = await ecs.register(containers.unhealthy);
      await ecs.create({ taskDefinition, desiredCount: 2, healthCheckGracePeriodSeconds: 1000 });
      await ecs.until(async () => (await ecs.service()).runningCount === 2);
      await ecs.update({ desiredCount: 1 });
      await ecs.pass(30);
      expect(await ecs.tasks()).toHaveLength(1);
    });
    it('failing checks are ignored during the grace period', async (ecs) => {
      await ecs.create({
        taskDefinition: await ecs.register(containers.unhealthy),
        healthCheckGracePeriodSeconds: 120,
      });
      await ecs.until(async () => (await ecs.service()).runningCount === 1);
      await ecs.pass(110);
      expect(await ecs.tasks('STOPPED')).toHaveLength(0);
      await ecs.pass(20);
      expect(await ecs.tasks('STOPPED')).toHaveLength(1);
    });
  });

  describe('image tags', () => {
    const digests = async (ecs: Ecs) => (await ecs.tasks()).map(({ containers: [app] = [] }) => app?.imageDigest);

    it('all tasks of a deployment run what the tag stood for at its first task', async (ecs) => {
      await ecs.started();
      await ecs.under.retag();
      await ecs.update({ desiredCount: 2 });
      await ecs.until(async () => (await ecs.service()).runningCount === 2);
      expect(new Set(await digests(ecs)).size).toBe(1);
    });
    it('a task that takes the place of another does so too', async (ecs) => {
      await ecs.started();
      const before = await digests(ecs);
      await ecs.under.retag();
      await ecs.stop((await ecs.tasks())[0]);
      await ecs.pass(5);
      await ecs.until(async () => (await ecs.service()).runningCount === 1);
      expect(await digests(ecs)).toEqual(before);
    });
    it('forceNewDeployment looks the tag up again', async (ecs) => {
      await ecs.started();
      const before = await digests(ecs);
      await ecs.under.retag();
      await ecs.update({ forceNewDeployment: true });
      await ecs.untilCompleted();
      expect(await digests(ecs)).not.toEqual(before);
    });
    it('with versionConsistency disabled each task looks the tag up', async (ecs) => {
      await ecs.started({}, { ...containers.runs, versionConsistency: 'disabled' });
      await ecs.under.retag();
      await ecs.update({ desiredCount: 2 });
      await ecs.until(async () => (await ecs.service()).runningCount === 2);
      expect(new Set(await digests(ecs)).size).toBe(2);
    });
    it('a deployment without tasks pins nothing', async (ecs) => {
      await ecs.started({ desiredCount: 0 });
      await ecs.under.retag();
      await ecs.update({ desiredCount: 2 });
      await ecs.until(async () => (await ecs.service()).runningCount === 2);
      expect(new Set(await digests(ecs)).size).toBe(1);
    });
  });

  describe('circuit breaker', () => {
    const failed = 'ECS deployment circuit breaker: tasks failed to start.';
    const untilFailed = (ecs: Ecs) =>
      ecs.until(async () => (await ecs.service()).deployments?.some((each) => each.rolloutState === 'FAILED') === true);

    it('three tasks that never run make a small deployment fail', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled), ...breaker(false) });
      await untilFailed(ecs);
      expect(await ecs.primary()).toMatchObject({ rolloutStateReason: failed, failedTasks: 3 });
      expect(await ecs.messages()).toContainEqual(
        `(service web) (deployment ${(await ecs.primary()).id}) deployment failed: tasks failed to start.`,
      );
    });
    it('nine tasks fail no sooner than with their fifth failure', async (ecs) => {
      await ecs.create({
        desiredCount: 9,
        taskDefinition: await ecs.register(containers.unhealthy),
        ...breaker(false, { resetOnHealthyTask: true }),
        healthCheckGracePeriodSeconds: 1,
      });
      await untilFailed(ecs);
      expect((await ecs.primary()).failedTasks).toBeGreaterThanOrEqual(5);
    });
    it('a threshold of type COUNT is taken as it is', async (ecs) => {
      const thresholdConfiguration = { type: 'COUNT', value: 1 };
      await ecs.create({
        taskDefinition: await ecs.register(containers.cannotBePulled),
        ...breaker(false, { thresholdConfiguration }),
      });
      await untilFailed(ecs);
      expect(await ecs.primary()).toMatchObject({ failedTasks: 1 });
    });
    it('a percentage that is not bounded may be less than three tasks', async (ecs) => {
      const thresholdConfiguration = { type: 'UNBOUNDED_PERCENT', value: 50 };
      await ecs.create({
        desiredCount: 2,
        taskDefinition: await ecs.register(containers.cannotBePulled),
        ...breaker(false, { thresholdConfiguration }),
      });
      await untilFailed(ecs);
      expect((await ecs.primary()).failedTasks).toBeLessThan(3);
    });
    it('a bounded percentage may be another than 50', async (ecs) => {
      const thresholdConfiguration = { type: 'BOUNDED_PERCENT', value: 100 };
      await ecs.create({
        desiredCount: 6,
        taskDefinition: await ecs.register(containers.cannotBePulled),
        ...breaker(false, { thresholdConfiguration }),
      });
      await untilFailed(ecs);
      expect((await ecs.primary()).failedTasks).toBeGreaterThanOrEqual(6);
    });
    it('failing health checks count', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.unhealthy), ...breaker(false) });
      await untilFailed(ecs);
      expect(await ecs.primary()).toMatchObject({ rolloutStateReason: failed });
    });
    it('tasks that exit after they were RUNNING do not count', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.crashes), ...breaker(false) });
      await ecs.until(async () => (await ecs.tasks('STOPPED')).length > 8);
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'IN_PROGRESS', failedTasks: 0 });
    });
    it('a failed deployment starts no more tasks', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled), ...breaker(true) });
      await untilFailed(ecs);
      await ecs.pass(1000);
      expect(await ecs.tasks('STOPPED')).toHaveLength(3);
      expect(await ecs.service()).toMatchObject({ runningCount: 0, pendingCount: 0 });
    });
    it('a first deployment that fails has nothing to go back to', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled), ...breaker(true) });
      await untilFailed(ecs);
      expect((await ecs.service()).deployments).toHaveLength(1);
    });
    it('with rollback the service goes back to the last completed deployment', async (ecs) => {
      const good = await ecs.started({ desiredCount: 2, ...breaker(true) });
      const { id } = await ecs.primary();
      const before = (await ecs.tasks()).map(({ taskArn }) => taskArn);
      await ecs.update({ taskDefinition: await ecs.register(containers.cannotBePulled) });
      await untilFailed(ecs);
      expect(await ecs.primary()).toMatchObject({
        taskDefinition: good,
        rolloutState: 'IN_PROGRESS',
        rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${id}.`,
      });
      expect(await ecs.messages()).toContain(`(service web) rolling back to deployment ${id}.`);
      await ecs.untilCompleted();
      expect(await ecs.service()).toMatchObject({ taskDefinition: good, runningCount: 2 });
      expect((await ecs.tasks()).map(({ taskArn }) => taskArn)).toEqual(before);
    });
    it('without rollback the failed deployment stays, and the old tasks run on', async (ecs) => {
      const good = await ecs.started({ desiredCount: 2, ...breaker(false) });
      await ecs.update({ taskDefinition: await ecs.register(containers.cannotBePulled) });
      await untilFailed(ecs);
      await ecs.pass(300);
      expect((await ecs.tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([good, good]);
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'FAILED' });
    });
    it('a new deployment begins with a clean count', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled), ...breaker(false) });
      await untilFailed(ecs);
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      await ecs.untilCompleted();
      expect(await ecs.primary()).toMatchObject({ failedTasks: 0 });
    });
  });

  describe('service throttle', () => {
    const launches = async (ecs: Ecs) =>
      (await ecs.tasks('STOPPED')).map(({ createdAt }) => createdAt?.getTime() ?? 0).toSorted((a, b) => a - b);
    const gaps = (times: number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0));

    it('launches that never run come ever more slowly, and an event says so', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled) });
      await ecs.until(async () => (await launches(ecs)).length > 5);
      const [early = 0, late = 0] = [gaps(await launches(ecs))[0], gaps(await launches(ecs)).at(-1)];
      expect(late).toBeGreaterThan(2 * early);
      expect(await ecs.messages()).toContain(
        '(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
      );
    });
    it('a new task definition is tried at once', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled) });
      await ecs.until(async () => (await launches(ecs)).length > 5);
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      await ecs.pass(30);
      expect(await ecs.service()).toMatchObject({ runningCount: 1 });
    });
    it('tasks that run and then exit are replaced at full rate', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.crashes) });
      await ecs.until(async () => (await launches(ecs)).length > 6);
      const all = gaps(await launches(ecs));
      expect(Math.max(...all)).toBeLessThan(2 * Math.min(...all));
    });
    it('ECS never gives up', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled) });
      await ecs.pass(1800);
      const count = (await launches(ecs)).length;
      await ecs.pass(1000);
      expect((await launches(ecs)).length).toBeGreaterThan(count);
    });
  });

  describe('deployments of a service', () => {
    it('the newest is PRIMARY, the one that is being replaced ACTIVE', async (ecs) => {
      const old = await ecs.started();
      const next = await ecs.register(containers.runs);
      await ecs.update({ taskDefinition: next });
      expect((await ecs.service()).deployments).toMatchObject([
        { status: 'PRIMARY', taskDefinition: next, rolloutState: 'IN_PROGRESS' },
        { status: 'ACTIVE', taskDefinition: old, runningCount: 1 },
      ]);
    });
    it('says in words how far it has got', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.runs) });
      const { id, rolloutStateReason } = await ecs.primary();
      expect(rolloutStateReason).toBe(`ECS deployment ${id} in progress.`);
      await ecs.untilCompleted();
      expect((await ecs.primary()).rolloutStateReason).toBe(`ECS deployment ${id} completed.`);
    });
    it('counts its desired, pending and running tasks', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.runs), desiredCount: 2 });
      await ecs.until(async () => (await ecs.service()).pendingCount === 2);
      expect(await ecs.primary()).toMatchObject({ desiredCount: 2, pendingCount: 2, runningCount: 0 });
      await ecs.untilCompleted();
      expect(await ecs.primary()).toMatchObject({ desiredCount: 2, pendingCount: 0, runningCount: 2 });
    });
    it('a task says which deployment has started it', async (ecs) => {
      await ecs.started();
      const [task] = await ecs.tasks();
      expect(deploymentId(task ?? {})).toBe((await ecs.primary()).id);
      expect(deploymentId(task ?? {})).toMatch(/^ecs-svc\/\d{19}$/);
    });
    it('events are kept newest first, a hundred of them', async (ecs) => {
      await ecs.create({ taskDefinition: await ecs.register(containers.crashes), desiredCount: 4 });
      await ecs.pass(1200);
      const { events = [] } = await ecs.service();
      const times = events.map(({ createdAt }) => createdAt?.getTime() ?? 0);
      expect(events).toHaveLength(100);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });
    it('tells of starts, the end of the deployment and the steady state', async (ecs) => {
      await ecs.started();
      const [task] = await ecs.tasks();
      expect(await ecs.messages()).toEqual([
        '(service web) has reached a steady state.',
        `(service web) (deployment ${(await ecs.primary()).id}) deployment completed.`,
        `(service web) has started 1 tasks: (task ${task?.taskArn?.split('/').at(-1)}).`,
      ]);
    });
  });
}
