import { describe, expect, test } from 'vitest';
import { ecsServiceOf, parseEcsService, parseEcsTask, taskId } from '../../translate/ecs-state.ts';

const task = {
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/skiff/0123456789abcdef',
  lastStatus: 'RUNNING',
  version: 3,
  group: 'service:default_web_6f1c2d3e',
  attachments: [
    {
      type: 'eni',
      details: [
        { name: 'macAddress', value: '02:00' },
        { name: 'privateIPv4Address', value: '10.0.1.7' },
      ],
    },
  ],
  containers: [{ name: 'web', lastStatus: 'RUNNING', exitCode: 0, healthStatus: 'HEALTHY', gpuIds: null }],
  tags: [{ key: 'skiff.dev/name', value: 'web' }],
};

describe('a task', () => {
  test('is read from an answer of the SDK and from an event alike', () => {
    const fromSdk = parseEcsTask({ ...task, startedAt: new Date('2026-01-01T00:00:05.250Z') });
    const fromEvent = parseEcsTask({ ...task, startedAt: '2026-01-01T00:00:05.250Z' });
    expect(fromSdk).toEqual(fromEvent);
    expect(fromSdk).toMatchObject({
      startedAt: '2026-01-01T00:00:05.250Z',
      ipAddress: '10.0.1.7',
      tags: { 'skiff.dev/name': 'web' },
      containers: [{ name: 'web', exitCode: 0, healthStatus: 'HEALTHY' }],
    });
  });

  test('has its address from a container when no attachment tells it', () => {
    const containers = [{ name: 'web', networkInterfaces: [{ privateIpv4Address: '10.0.1.8' }] }];
    expect(parseEcsTask({ ...task, attachments: [], containers })?.ipAddress).toBe('10.0.1.8');
  });

  test('keeps what it does not know of health apart from what is unhealthy', () => {
    expect(parseEcsTask({ ...task, healthStatus: undefined })?.healthStatus).toBeUndefined();
    expect(parseEcsTask({ ...task, healthStatus: 'SOMETHING_NEW' })?.healthStatus).toBeUndefined();
  });

  test.each([undefined, null, 'x', 7, {}, { taskArn: 'a' }, { ...task, version: 'x' }])(
    'is not read from %j',
    (raw) => {
      expect(parseEcsTask(raw)).toBeUndefined();
    },
  );

  test('tells its id and its service', () => {
    expect(taskId(task)).toBe('0123456789abcdef');
    expect(ecsServiceOf(task)).toBe('default_web_6f1c2d3e');
    expect(ecsServiceOf({ group: 'family:web' })).toBeUndefined();
  });
});

describe('a service', () => {
  test('is read with its deployments', () => {
    const service = parseEcsService({
      serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/skiff/web',
      serviceName: 'web',
      status: 'ACTIVE',
      desiredCount: 2,
      deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'IN_PROGRESS', createdAt: new Date(0) }],
    });
    expect(service).toMatchObject({
      desiredCount: 2,
      runningCount: 0,
      deployments: [{ id: 'ecs-svc/1', failedTasks: 0, createdAt: '1970-01-01T00:00:00.000Z' }],
      events: [],
    });
  });
});
