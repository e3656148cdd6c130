import type { Task } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import type { AwsEvent } from '../../../functions/events/event.ts';
import { containers } from '../../conformance/ecs-fixture.ts';
import { emulateEcs } from '../../support/emulation.ts';

const ofType = (events: readonly AwsEvent[], type: string) => events.filter((event) => event['detail-type'] === type);
const names = (events: readonly AwsEvent[]) => events.map(({ detail }) => (detail as { eventName: string }).eventName);

describe('ECS Task State Change', () => {
  test('tells each step of a task, in versions that grow by one', async () => {
    const { ecs, events } = await emulateEcs();
    await ecs.register(containers.runs);
    const [task] = await ecs.run({});
    await ecs.untilStatus(task, 'RUNNING');
    await ecs.stop(task);
    await ecs.untilStatus(task, 'STOPPED');
    const details = events.map(({ detail }) => detail as Task);
    expect(details.map(({ lastStatus, desiredStatus }) => `${lastStatus} ${desiredStatus}`)).toEqual([
      'PROVISIONING RUNNING',
      'PENDING RUNNING',
      'ACTIVATING RUNNING',
      'RUNNING RUNNING',
      'DEACTIVATING STOPPED',
      'STOPPING STOPPED',
      'DEPROVISIONING STOPPED',
      'STOPPED STOPPED',
    ]);
    expect(details.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('is an EventBridge event whose detail is the task as JSON', async () => {
    const { ecs, events } = await emulateEcs();
    await ecs.register(containers.healthy);
    const [task] = await ecs.run({ startedBy: 'me', tags: [{ key: 'team', value: 'shop' }] });
    await ecs.untilStatus(task, 'RUNNING');
    const event = events.at(-1);
    expect(event).toMatchObject({
      source: 'aws.ecs',
      region: 'us-east-1',
      account: '123456789012',
      time: expect.stringMatching(/^2026-01-01T00:00:\d\dZ$/),
      resources: [task?.taskArn],
      detail: {
        taskArn: task?.taskArn,
        clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/skiff',
        group: 'family:web',
        startedBy: 'me',
        createdAt: '2026-01-01T00:00:00.000Z',
        containers: [{ name: 'app', lastStatus: 'RUNNING', networkInterfaces: [{ privateIpv4Address: '10.0.0.4' }] }],
        attachments: [{ type: 'eni', status: 'ATTACHED' }],
      },
    });
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    expect(JSON.stringify(event)).not.toMatch(/healthStatus|"tags"/);
  });

  test('a change of health raises none', async () => {
    const { ecs, events, runtime } = await emulateEcs();
    await ecs.register(containers.healthy);
    const [task] = await ecs.run({});
    await ecs.untilStatus(task, 'RUNNING');
    const count = events.length;
    await ecs.pass(10);
    runtime.setHealthy({ taskId: task?.taskArn?.split('/').at(-1) ?? '', name: 'app' }, false);
    await ecs.pass(30);
    expect(await ecs.task(task)).toMatchObject({ healthStatus: 'UNHEALTHY' });
    expect(events).toHaveLength(count);
  });
});

describe('events of services', () => {
  test('a deployment tells of its begin and its end, then of the steady state', async () => {
    const { ecs, events } = await emulateEcs();
    await ecs.started();
    const { id } = await ecs.primary();
    const { serviceArn } = await ecs.service();
    expect(ofType(events, 'ECS Deployment State Change')).toMatchObject([
      {
        resources: [serviceArn],
        detail: {
          eventType: 'INFO',
          eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
          deploymentId: id,
          reason: `ECS deployment ${id} in progress.`,
        },
      },
      { detail: { eventName: 'SERVICE_DEPLOYMENT_COMPLETED', reason: `ECS deployment ${id} completed.` } },
    ]);
    expect(ofType(events, 'ECS Service Action')).toMatchObject([
      { resources: [serviceArn], detail: { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' } },
    ]);
  });

  test('a rollback tells of the failure and of the way back', async () => {
    const { ecs, events } = await emulateEcs();
    await ecs.started({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    events.length = 0;
    const { id: good } = await ecs.primary();
    await ecs.update({ taskDefinition: await ecs.register(containers.cannotBePulled) });
    const { id: bad } = await ecs.primary();
    await ecs.untilCompleted();
    expect(ofType(events, 'ECS Deployment State Change').map(({ detail }) => detail)).toMatchObject([
      { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS', deploymentId: bad },
      {
        eventType: 'ERROR',
        eventName: 'SERVICE_DEPLOYMENT_FAILED',
        deploymentId: bad,
        reason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
      {
        eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
        deploymentId: good,
        reason: `ECS deployment circuit breaker: rolling back to deploymentId ${good}.`,
      },
      { eventName: 'SERVICE_DEPLOYMENT_COMPLETED', deploymentId: good },
    ]);
  });

  test('launches that are slowed down are a warning', async () => {
    const { ecs, events } = await emulateEcs();
    await ecs.create({ taskDefinition: await ecs.register(containers.cannotBePulled) });
    await ecs.pass(300);
    const actions = ofType(events, 'ECS Service Action');
    expect(names(actions)).toEqual(['SERVICE_TASK_START_IMPAIRED']);
    expect(actions).toMatchObject([{ detail: { eventType: 'WARN' } }]);
  });

  test('stopped tasks are told of, and the next steady state', async () => {
    const { ecs, events } = await emulateEcs();
    await ecs.started({ desiredCount: 2 });
    events.length = 0;
    await ecs.update({ desiredCount: 1 });
    await ecs.pass(60);
    expect(names(ofType(events, 'ECS Service Action'))).toEqual(['TASKS_STOPPED', 'SERVICE_STEADY_STATE']);
  });
});
