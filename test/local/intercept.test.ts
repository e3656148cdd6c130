import {
  CreateClusterCommand,
  DescribeClustersCommand,
  ECSServiceException,
  ListAccountSettingsCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  paginateListTasks,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import type { Call, CallFault } from '../../local/faults.ts';
import { containers } from '../conformance/ecs-fixture.ts';
import { emulateAws, emulateEcs } from '../support/emulation.ts';

describe('clients that are answered in this process', () => {
  test('need neither credentials nor network', async () => {
    const { clients } = emulateAws();
    const { cluster } = await clients.ecs.send(new CreateClusterCommand({ clusterName: 'c' }));
    expect(cluster).toMatchObject({ clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/c', status: 'ACTIVE' });
  });

  test('refuse an operation that is not emulated, by name', async () => {
    const { clients } = emulateAws();
    await expect(clients.ecs.send(new ListAccountSettingsCommand({}))).rejects.toThrow('ListAccountSettings of ecs');
  });

  test('refuse names that every object has', async () => {
    const { clients } = emulateAws();
    class toStringCommand extends ListAccountSettingsCommand {}
    await expect(clients.ecs.send(new toStringCommand({}))).rejects.toThrow('not emulated');
  });

  test('throw the SDK’s own errors', async () => {
    const { clients } = emulateAws();
    const error: unknown = await clients.ecs
      .send(new StopTaskCommand({ task: 'x' }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ECSServiceException);
    expect(error).toMatchObject({ name: 'ClusterNotFoundException', $metadata: { httpStatusCode: 400 } });
  });

  test('share no memory with the emulation', async () => {
    const { clients } = emulateAws();
    const tags = [{ key: 'a', value: '1' }];
    const { cluster } = await clients.ecs.send(new CreateClusterCommand({ clusterName: 'c', tags }));
    tags[0] = { key: 'b', value: '2' };
    cluster?.tags?.push({ key: 'c', value: '3' });
    const described = await clients.ecs.send(new DescribeClustersCommand({ clusters: ['c'], include: ['TAGS'] }));
    expect(described.clusters?.[0]?.tags).toEqual([{ key: 'a', value: '1' }]);
  });

  test('page through lists', async () => {
    const { ecs, clients } = await emulateEcs();
    await ecs.register(containers.runs);
    await ecs.run({ count: 5 });
    const sizes: number[] = [];
    for await (const { taskArns } of paginateListTasks({ client: clients.ecs, pageSize: 2 }, { cluster: ecs.cluster }))
      sizes.push(taskArns?.length ?? 0);
    expect(sizes).toEqual([2, 2, 1]);
  });
});

describe('faults', () => {
  const faulty = (fault: (call: Call) => CallFault | undefined) => emulateEcs({ faults: { call: fault } });

  test('the SDK tries again after a throttled call', async () => {
    const attempts: number[] = [];
    const { ecs } = await faulty(({ operation, attempt }) => {
      if (operation !== 'RegisterTaskDefinition') return undefined;
      attempts.push(attempt);
      return attempt < 3 ? 'throttle' : undefined;
    });
    await ecs.register(containers.runs);
    expect(attempts).toEqual([1, 2, 3]);
  });

  test.each([
    ['throttle', 'ThrottlingException', 'Rate exceeded'],
    ['unavailable', 'ServerException', 'Service Unavailable'],
    ['lost-answer', 'TimeoutError', 'socket hang up'],
  ] as const)('%s is %s when it does not end', async (fault, name, message) => {
    const { ecs } = await faulty(({ operation }) => (operation === 'RegisterTaskDefinition' ? fault : undefined));
    const error: unknown = await ecs.register(containers.runs).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name,
      message: expect.stringContaining(message),
      $metadata: { attempts: 3 },
    });
  });

  test('a lost answer has done its work, and the client token keeps RunTask from doing it twice', async () => {
    const { ecs } = await faulty(({ operation, attempt }) =>
      operation === 'RunTask' && attempt === 1 ? 'lost-answer' : undefined,
    );
    await ecs.register(containers.runs);
    const [task] = await ecs.run({});
    expect(task?.lastStatus).toBe('PROVISIONING');
    const tasks: string[] = [];
    for await (const page of paginateListTasks({ client: ecs.client }, { cluster: ecs.cluster }))
      tasks.push(...(page.taskArns ?? []));
    expect(tasks).toEqual([task?.taskArn]);
  });

  test('a lost RegisterTaskDefinition leaves another revision behind', async () => {
    let lost = false;
    const { clients } = await faulty(({ operation }) => {
      if (operation !== 'RegisterTaskDefinition' || lost) return undefined;
      lost = true;
      return 'lost-answer';
    });
    const { taskDefinition } = await clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'app', image: 'nginx' }],
      }),
    );
    expect(taskDefinition?.revision).toBe(2);
  });

  test('stale reads show what was, writes act on what is', async () => {
    const { ecs } = await emulateEcs({ faults: { staleMilliseconds: 5000 } });
    await ecs.pass(10);
    const taskDefinition = await ecs.register(containers.runs);
    const [task] = await ecs.run({ taskDefinition });
    expect(await ecs.task(task)).toEqual({});
    await ecs.pass(5);
    expect(await ecs.task(task)).toMatchObject({ lastStatus: 'PROVISIONING' });
    await ecs.pass(20);
    await ecs.stop(task);
    expect(await ecs.task(task)).toMatchObject({ desiredStatus: 'RUNNING' });
    await ecs.pass(5);
    expect(await ecs.task(task)).toMatchObject({ desiredStatus: 'STOPPED' });
  });
});
