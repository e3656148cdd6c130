import { describe, expect, test } from 'vitest';
import { observeTasks, runTask, stopTask } from '../../aws/ecs/task.ts';
import { translateRunTask } from '../../translate/run-task.ts';
import { ownershipOf } from '../../translate/ownership.ts';
import { ownershipTags } from '../../translate/tags.ts';
import { installation } from '../translate/support/installation.ts';
import { awsError, recordedEcs } from './support/recorded-ecs.ts';

const owner = { kind: 'Pod', namespace: 'default', name: 'once', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const plan = translateRunTask({ owner, taskDefinitionArn: 'arn:td:1', attempt: 2 }, installation);
const taskNamed = (taskArn: string, startedBy?: string) => ({ taskArn, lastStatus: 'RUNNING', version: 1, startedBy });

describe('observing tasks', () => {
  test('reads running and stopped tasks of a service over all pages, a hundred at a time', async () => {
    const running = Array.from({ length: 150 }, (_, index) => `r${index}`);
    const aws = recordedEcs({
      ListTasks: ({ desiredStatus, nextToken }) => {
        if (desiredStatus === 'STOPPED') return { taskArns: ['s0', 'r0'] };
        return nextToken === undefined
          ? { taskArns: running.slice(0, 100), nextToken: 'more' }
          : { taskArns: running.slice(100) };
      },
      DescribeTasks: ({ tasks = [] }) => ({ tasks: tasks.map((arn) => taskNamed(arn)) }),
    });
    const tasks = await observeTasks(aws, 'skiff', { serviceName: 'web' });
    expect(tasks.map((task) => task.taskArn)).toEqual([...running, 's0']);
    expect(aws.calls.filter((call) => call.operation === 'DescribeTasks')).toHaveLength(2);
  });

  test('asks for nothing more when there are none', async () => {
    const aws = recordedEcs({ ListTasks: () => ({ taskArns: [] }) });
    expect(await observeTasks(aws, 'skiff', { serviceName: 'web' })).toEqual([]);
  });

  test('never combines startedBy with another filter', async () => {
    const aws = recordedEcs({
      ListTasks: () => ({ taskArns: ['a'] }),
      DescribeTasks: () => ({ tasks: [taskNamed('a', owner.uid)] }),
    });
    await observeTasks(aws, 'skiff', { startedBy: owner.uid });
    expect(aws.calls[0]?.input).toEqual({ cluster: 'skiff', startedBy: owner.uid, nextToken: undefined });
  });

  test('finds the stopped tasks of a pod by family, without those of others', async () => {
    const aws = recordedEcs({
      ListTasks: ({ desiredStatus }) => ({ taskArns: desiredStatus === 'STOPPED' ? ['mine', 'other'] : [] }),
      DescribeTasks: () => ({ tasks: [taskNamed('mine', owner.uid), taskNamed('other', 'x')] }),
    });
    const tasks = await observeTasks(aws, 'skiff', { startedBy: owner.uid, family: 'default_once' });
    expect(tasks.map((task) => task.taskArn)).toEqual(['mine']);
  });
});

describe('running a task', () => {
  test('answers the task and sends the same token for the same attempt', async () => {
    const aws = recordedEcs({
      DescribeTaskDefinition: () => ({ tags: plan.tags }),
      RunTask: () => ({ tasks: [taskNamed('a', owner.uid)], failures: [] }),
    });
    expect(await runTask(aws, plan)).toMatchObject({ task: { taskArn: 'a' } });
    expect(aws.calls.at(-1)?.input).toMatchObject({ clientToken: `${owner.uid}-2`, startedBy: owner.uid, count: 1 });
  });

  test('takes a 200 with failures for what it is', async () => {
    const failures = [{ arn: 'x', reason: 'RESOURCE:ENI', detail: 'no addresses left' }];
    const aws = recordedEcs({
      DescribeTaskDefinition: () => ({ tags: plan.tags }),
      RunTask: () => ({ tasks: [], failures }),
    });
    expect(await runTask(aws, plan)).toEqual({ failure: 'RESOURCE:ENI: no addresses left' });
  });
});

test("another object's task definition is not run", async () => {
  const tags = ownershipTags(installation, { ...owner, namespace: 'victim', uid: 'another' });
  const aws = recordedEcs({ DescribeTaskDefinition: () => ({ tags }) });
  await expect(runTask(aws, plan)).rejects.toThrow('was not made for this object');
  expect(aws.writes()).toEqual([]);
});

describe('stopping a task', () => {
  test("leaves another object's alone", async () => {
    const aws = recordedEcs({});
    const other = { ...request, ownership: { ...request.ownership, uids: ['another'] } };
    await expect(stopTask(aws, other)).rejects.toThrow('task a was not made for this object');
    expect(aws.writes()).toEqual([]);
  });

  const tags = Object.fromEntries(plan.tags.map(({ key, value }) => [key, value]));
  const request = {
    cluster: 'skiff',
    task: { taskArn: 'a', tags },
    ownership: ownershipOf(plan.tags),
    reason: 'x'.repeat(400),
  };

  test('asks with a reason that fits', async () => {
    const aws = recordedEcs({ StopTask: () => ({}) });
    expect(await stopTask(aws, request)).toBe('stopping');
    expect(aws.calls[0]?.input['reason']).toHaveLength(255);
  });

  test('is done when ECS does not know the task', async () => {
    const aws = recordedEcs({
      StopTask: () => {
        throw awsError('InvalidParameterException', 'The referenced task was not found.');
      },
      DescribeTasks: () => ({ tasks: [] }),
    });
    expect(await stopTask(aws, request)).toBe('gone');
  });

  test('passes on other wrong parameters', async () => {
    const aws = recordedEcs({
      StopTask: () => {
        throw awsError('InvalidParameterException', 'bad');
      },
      DescribeTasks: () => ({ tasks: [taskNamed('a')] }),
    });
    await expect(stopTask(aws, request)).rejects.toThrow('bad');
  });
});
