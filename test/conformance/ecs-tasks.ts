import {
  ClientException,
  ClusterNotFoundException,
  ConflictException,
  DescribeServicesCommand,
  DescribeTasksCommand,
  InvalidParameterException,
  ListTasksCommand,
  ServiceNotFoundException,
  type Task,
} from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { containers, type Ecs } from './ecs-fixture.ts';
import type { Case } from './ecs.ts';

const list = async (ecs: Ecs, input: object = {}) =>
  (await ecs.client.send(new ListTasksCommand({ cluster: ecs.cluster, ...input }))).taskArns ?? [];

const address = (task: Task): string | undefined =>
  task.attachments?.[0]?.details?.find(({ name }) => name === 'privateIPv4Address')?.value;

async function statuses(ecs: Ecs, task: Task | undefined): Promise<string[]> {
  const seen: string[] = [];
  await ecs.until(
    async () => (await ecs.task(task)).lastStatus === 'STOPPED',
    async () => {
      const { lastStatus = '' } = await ecs.task(task);
      if (seen.at(-1) !== lastStatus) seen.push(lastStatus);
    },
  );
  return seen;
}

export function taskTests(it: Case): void {
  describe('life of a task', () => {
    it('begins with PROVISIONING, and what it passes comes in ECS’s order', async (ecs) => {
      await ecs.register(containers.ends);
      const [task] = await ecs.run({});
      expect(task).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING' });
      const order = [
        'PROVISIONING',
        'PENDING',
        'ACTIVATING',
        'RUNNING',
        'DEACTIVATING',
        'STOPPING',
        'DEPROVISIONING',
        'STOPPED',
      ];
      const seen = await statuses(ecs, task);
      expect(seen).toEqual(order.filter((status) => seen.includes(status)));
      expect(seen.length).toBeGreaterThan(4);
    });
    it('its moments follow each other', async (ecs) => {
      await ecs.register(containers.ends);
      const [task] = await ecs.run({});
      const {
        createdAt,
        connectivityAt,
        pullStartedAt,
        pullStoppedAt,
        startedAt,
        stoppingAt,
        executionStoppedAt,
        stoppedAt,
      } = await ecs.untilStatus(task, 'STOPPED');
      const times = [
        createdAt,
        connectivityAt,
        pullStartedAt,
        pullStoppedAt,
        startedAt,
        stoppingAt,
        executionStoppedAt,
        stoppedAt,
      ];
      const numbers = times.map((time) => time?.getTime() ?? Number.NaN);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    });
    it('version grows with every change', async (ecs) => {
      await ecs.register(containers.runs);
      const [task] = await ecs.run({});
      const running = await ecs.untilStatus(task, 'RUNNING');
      await ecs.stop(task);
      const stopped = await ecs.untilStatus(task, 'STOPPED');
      expect(running.version).toBeGreaterThan(task?.version ?? 0);
      expect(stopped.version).toBeGreaterThan(running.version ?? 0);
    });
    it('each task has a network interface and an address of its own', async (ecs) => {
      await ecs.started({ desiredCount: 4 });
      const tasks = await ecs.tasks();
      expect(new Set(tasks.map(address)).size).toBe(4);
      expect(tasks[0]).toMatchObject({
        attachments: [{ type: 'ElasticNetworkInterface', status: 'ATTACHED' }],
        containers: [{ networkInterfaces: [{ privateIpv4Address: address(tasks[0] ?? {}) }] }],
      });
    });
    it('a task of a service names the service as its group', async (ecs) => {
      await ecs.started();
      expect((await ecs.tasks())[0]).toMatchObject({ group: 'service:web', launchType: 'FARGATE' });
    });
    it('the exit of an essential container stops the task, even with exit code 0', async (ecs) => {
      await ecs.register({ app: containers.ends, other: containers.runs });
      const [task] = await ecs.run({});
      expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({
        desiredStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'app', lastStatus: 'STOPPED', exitCode: 0 },
          { name: 'other', lastStatus: 'STOPPED', exitCode: 0 },
        ],
      });
    });
    it('the exit of another container does not', async (ecs) => {
      await ecs.register({ app: containers.runs, other: { ...containers.crashes, essential: false } });
      const [task] = await ecs.run({});
      await ecs.untilStatus(task, 'RUNNING');
      await ecs.pass(20);
      expect(await ecs.task(task)).toMatchObject({
        lastStatus: 'RUNNING',
        containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'STOPPED', exitCode: 1 }],
      });
    });
    it('the health of another container does not count', async (ecs) => {
      await ecs.register({ app: containers.healthy, other: { ...containers.unhealthy, essential: false } });
      const [task] = await ecs.run({});
      await ecs.until(async () => (await ecs.task(task)).healthStatus === 'HEALTHY');
      await ecs.pass(30);
      expect(await ecs.task(task)).toMatchObject({
        healthStatus: 'HEALTHY',
        containers: [{ healthStatus: 'HEALTHY' }, { healthStatus: 'UNHEALTHY' }],
      });
    });
    it('refuses a task definition without an essential container', async (ecs) => {
      const registered = ecs.register({ app: { ...containers.runs, essential: false } });
      await expect(registered).rejects.toBeInstanceOf(ClientException);
    });
    it('refuses stopTimeout and startTimeout of more than 120 seconds', async (ecs) => {
      for (const timeout of [{ stopTimeout: 121 }, { startTimeout: 121 }])
        await expect(ecs.register({ ...containers.runs, ...timeout })).rejects.toBeInstanceOf(ClientException);
    });
    it('startTimeout bounds how long others wait for a container', async (ecs) => {
      const first = { ...containers.unhealthy, essential: false, startTimeout: 20 };
      await ecs.register({
        first,
        app: { ...containers.runs, dependsOn: [{ containerName: 'first', condition: 'HEALTHY' }] },
      });
      const [task] = await ecs.run({});
      expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({ stopCode: 'TaskFailedToStart' });
    });
    it('an image that cannot be pulled makes the task fail to start', async (ecs) => {
      await ecs.register(containers.cannotBePulled);
      const [task] = await ecs.run({});
      const stopped = await ecs.untilStatus(task, 'STOPPED');
      const reason = expect.stringMatching(/^CannotPullContainerError: /);
      expect(stopped).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason, containers: [{ reason }] });
      expect(stopped.startedAt).toBeUndefined();
    });
    it('StopTask stops a task and gives its reason', async (ecs) => {
      await ecs.register(containers.runs);
      const [task] = await ecs.run({});
      await ecs.untilStatus(task, 'RUNNING');
      expect(await ecs.stop(task, 'no longer needed')).toMatchObject({
        desiredStatus: 'STOPPED',
        stopCode: 'UserInitiated',
        stoppedReason: 'no longer needed',
      });
      expect(await ecs.untilStatus(task, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 0 }] });
    });
    it('a container that ignores its stop signal is killed after its stopTimeout', async (ecs) => {
      await ecs.register({ ...containers.ignoresTerm, stopTimeout: 20 });
      const [task] = await ecs.run({});
      await ecs.untilStatus(task, 'RUNNING');
      await ecs.stop(task);
      const stopped = await ecs.untilStatus(task, 'STOPPED');
      expect(stopped).toMatchObject({ containers: [{ exitCode: 137 }] });
      const took = (stopped.executionStoppedAt?.getTime() ?? 0) - (stopped.stoppingAt?.getTime() ?? 0);
      expect(took).toBeGreaterThanOrEqual(20_000);
    });
    it('without a stopTimeout a container has 30 seconds', async (ecs) => {
      await ecs.register(containers.ignoresTerm);
      const [task] = await ecs.run({});
      await ecs.untilStatus(task, 'RUNNING');
      await ecs.stop(task);
      const { executionStoppedAt, stoppingAt } = await ecs.untilStatus(task, 'STOPPED');
      const took = (executionStoppedAt?.getTime() ?? 0) - (stoppingAt?.getTime() ?? 0);
      expect(took).toBeGreaterThanOrEqual(30_000);
      expect(took).toBeLessThan(45_000);
    });
    it('refuses to stop a task that is not there', async (ecs) => {
      await expect(ecs.stop({ taskArn: 'f'.repeat(32) })).rejects.toThrow('The referenced task was not found.');
    });
  });

  describe('looking at tasks', () => {
    it('ListTasks gives those that are to run', async (ecs) => {
      await ecs.register(containers.runs);
      const [first, second] = await ecs.run({ count: 2 });
      await ecs.stop(first);
      expect(await list(ecs)).toEqual([second?.taskArn]);
      expect(await list(ecs, { desiredStatus: 'STOPPED' })).toEqual([first?.taskArn]);
    });
    it('the desired status PENDING finds nothing', async (ecs) => {
      await ecs.register(containers.runs);
      await ecs.run({});
      expect(await list(ecs, { desiredStatus: 'PENDING' })).toEqual([]);
    });
    it('ListTasks finds by family, by service and by startedBy', async (ecs) => {
      await ecs.started();
      await ecs.register(containers.runs, 'other');
      const [task] = await ecs.run({ taskDefinition: 'other', startedBy: 'me' });
      const [ofService] = await ecs.tasks();
      expect(await list(ecs, { family: 'other' })).toEqual([task?.taskArn]);
      expect(await list(ecs, { startedBy: 'me' })).toEqual([task?.taskArn]);
      expect(await list(ecs, { serviceName: 'web' })).toEqual([ofService?.taskArn]);
    });
    it('refuses startedBy together with another filter', async (ecs) => {
      await expect(list(ecs, { startedBy: 'me', family: 'web' })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('ListTasks does not find a service or cluster that is not there', async (ecs) => {
      await expect(list(ecs, { serviceName: 'none' })).rejects.toBeInstanceOf(ServiceNotFoundException);
      await expect(list(ecs, { cluster: 'none' })).rejects.toBeInstanceOf(ClusterNotFoundException);
    });
    it('ListTasks gives a hundred a page', async (ecs) => {
      await ecs.register(containers.runs);
      for (let index = 0; index < 11; index += 1) await ecs.run({ count: 10 });
      const first = await ecs.client.send(new ListTasksCommand({ cluster: ecs.cluster }));
      expect(first.taskArns).toHaveLength(100);
      expect(await list(ecs, { nextToken: first.nextToken })).toHaveLength(10);
    });
    it('DescribeTasks names what it does not find', async (ecs) => {
      await ecs.register(containers.runs);
      const [task] = await ecs.run({});
      const missing = 'f'.repeat(32);
      const described = await ecs.client.send(
        new DescribeTasksCommand({ cluster: ecs.cluster, tasks: [task?.taskArn ?? '', missing] }),
      );
      expect(described.tasks).toHaveLength(1);
      expect(described.failures).toMatchObject([
        { arn: expect.stringMatching(new RegExp(`${missing}$`)), reason: 'MISSING' },
      ]);
    });
    it('refuses to describe more than 100 tasks or 10 services at once', async (ecs) => {
      const tasks = Array.from({ length: 101 }, (_, index) => `${index}`.padStart(32, '0'));
      const services = Array.from({ length: 11 }, (_, index) => `web-${index}`);
      const { client, cluster } = ecs;
      await expect(client.send(new DescribeTasksCommand({ cluster, tasks }))).rejects.toBeInstanceOf(
        InvalidParameterException,
      );
      await expect(client.send(new DescribeServicesCommand({ cluster, services }))).rejects.toBeInstanceOf(
        InvalidParameterException,
      );
    });
    it('tags are told only when asked for', async (ecs) => {
      await ecs.register(containers.runs);
      const [task] = await ecs.run({ tags: [{ key: 'team', value: 'shop' }] });
      const tasks = [task?.taskArn ?? ''];
      const without = await ecs.client.send(new DescribeTasksCommand({ cluster: ecs.cluster, tasks }));
      expect(without.tasks?.[0]?.tags).toEqual([]);
      expect((await ecs.task(task)).tags).toEqual([{ key: 'team', value: 'shop' }]);
    });
    it('a STOPPED task can be described for an hour', async (ecs) => {
      await ecs.register(containers.ends);
      const [task] = await ecs.run({});
      await ecs.untilStatus(task, 'STOPPED');
      await ecs.pass(3500);
      expect(await ecs.task(task)).toMatchObject({ lastStatus: 'STOPPED' });
    });
  });

  describe('RunTask', () => {
    it('starts one to ten tasks', async (ecs) => {
      await ecs.register(containers.runs);
      expect(await ecs.run({ count: 10 })).toHaveLength(10);
      await expect(ecs.run({ count: 11 })).rejects.toBeInstanceOf(InvalidParameterException);
      await expect(ecs.run({ count: 0 })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('takes the newest ACTIVE revision of a family', async (ecs) => {
      const first = await ecs.register(containers.runs);
      await ecs.deregister(await ecs.register(containers.runs));
      const [task] = await ecs.run({ taskDefinition: 'web' });
      expect(task?.taskDefinitionArn).toBe(first);
    });
    it('refuses a revision that was deregistered, and one that is not there', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      await ecs.deregister(taskDefinition);
      await expect(ecs.run({ taskDefinition })).rejects.toThrow('TaskDefinition is inactive');
      await expect(ecs.run({ taskDefinition: 'none' })).rejects.toThrow('TaskDefinition not found.');
    });
    it('a task is not replaced when it ends', async (ecs) => {
      await ecs.register(containers.crashes);
      const [task] = await ecs.run({});
      await ecs.untilStatus(task, 'STOPPED');
      await ecs.pass(60);
      expect(await list(ecs)).toEqual([]);
    });
    it('a task is not stopped for its health', async (ecs) => {
      await ecs.register(containers.unhealthy);
      const [task] = await ecs.run({});
      await ecs.pass(120);
      expect(await ecs.task(task)).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY' });
    });
    it('the group is the family unless it is given, and startedBy is kept', async (ecs) => {
      await ecs.register(containers.runs);
      expect(await ecs.run({ startedBy: 'job/1' })).toMatchObject([{ group: 'family:web', startedBy: 'job/1' }]);
      expect(await ecs.run({ group: 'nightly' })).toMatchObject([{ group: 'nightly' }]);
    });
    it('refuses a startedBy of more than 128 characters, or with others than letters, digits, / _ and -', async (ecs) => {
      await ecs.register(containers.runs);
      for (const startedBy of ['x'.repeat(129), 'a.b', 'a b'])
        await expect(ecs.run({ startedBy })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('overrides take the place of command and environment, and are told', async (ecs) => {
      await ecs.register(containers.runs);
      const containerOverrides = [{ name: 'app', command: ['true'], environment: [{ name: 'A', value: 'b' }] }];
      expect(await ecs.run({ overrides: { containerOverrides } })).toMatchObject([
        { overrides: { containerOverrides } },
      ]);
    });
    it('a capacity provider is told instead of nothing', async (ecs) => {
      await ecs.register(containers.runs);
      const strategy = [{ capacityProvider: 'FARGATE_SPOT' }];
      const [task] = await ecs.run({ launchType: undefined, capacityProviderStrategy: strategy });
      expect(task).toMatchObject({ capacityProviderName: 'FARGATE_SPOT' });
    });
    it('without a client token each call starts another task', async (ecs) => {
      await ecs.register(containers.runs);
      const [[first], [second]] = [await ecs.run({}), await ecs.run({})];
      expect(second?.taskArn).not.toBe(first?.taskArn);
    });
    it('refuses a client token of more than 64 characters, or with others than printable ones', async (ecs) => {
      await ecs.register(containers.runs);
      for (const clientToken of ['x'.repeat(65), 'with blank', 'ünprintable'])
        await expect(ecs.run({ clientToken })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('registering the same twice makes two revisions', async (ecs) => {
      expect(await ecs.register(containers.runs)).not.toBe(await ecs.register(containers.runs));
    });
    it('the same call with the same client token answers the same task', async (ecs) => {
      await ecs.register(containers.runs);
      const [first] = await ecs.run({ clientToken: 'token' });
      const [again] = await ecs.run({ clientToken: 'token' });
      expect(again?.taskArn).toBe(first?.taskArn);
      expect(await list(ecs)).toHaveLength(1);
    });
    it('another call with the same client token is a conflict that names the task', async (ecs) => {
      await ecs.register(containers.runs);
      const [first] = await ecs.run({ clientToken: 'token' });
      const error: unknown = await ecs.run({ clientToken: 'token', count: 2 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConflictException);
      expect(error).toMatchObject({ name: 'ConflictException', resourceIds: [first?.taskArn] });
    });
    it('a client token belongs to its cluster', async (ecs) => {
      await ecs.register(containers.runs);
      const [first] = await ecs.run({ clientToken: 'token' });
      const [other] = await ecs.run({ clientToken: 'token', cluster: ecs.under.otherCluster });
      expect(other?.taskArn).not.toBe(first?.taskArn);
    });
    it('a client token is free an hour after the task has ended', async (ecs) => {
      await ecs.register(containers.ends);
      const [first] = await ecs.run({ clientToken: 'token' });
      await ecs.untilStatus(first, 'STOPPED');
      await ecs.pass(3700);
      const [second] = await ecs.run({ clientToken: 'token' });
      expect(second?.taskArn).not.toBe(first?.taskArn);
    });
    it('refuses overrides of more than 8192 characters', async (ecs) => {
      await ecs.register(containers.runs);
      const environment = [{ name: 'LONG', value: 'x'.repeat(8192) }];
      const overrides = { containerOverrides: [{ name: 'app', environment }] };
      await expect(ecs.run({ overrides })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('refuses overrides of a container that is not there', async (ecs) => {
      await ecs.register(containers.runs);
      const overrides = { containerOverrides: [{ name: 'none', command: ['true'] }] };
      await expect(ecs.run({ overrides })).rejects.toThrow(
        'Override for container named none is not a container in the TaskDefinition.',
      );
    });
    it('refuses a launch type together with a capacity provider strategy', async (ecs) => {
      await ecs.register(containers.runs);
      const run = ecs.run({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] });
      await expect(run).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('refuses to take tags from a service', async (ecs) => {
      await ecs.register(containers.runs);
      await expect(ecs.run({ propagateTags: 'SERVICE' })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('refuses to run without a network configuration', async (ecs) => {
      await ecs.register(containers.runs);
      await expect(ecs.run({ networkConfiguration: undefined })).rejects.toThrow(
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      );
    });
  });
}
