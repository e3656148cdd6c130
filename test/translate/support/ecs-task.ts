import type { EcsContainer, EcsTask } from '../../../translate/ecs-state.ts';

/** Whether a task is the first of a pod or a later one. */
export const taskArn = (id: string): string => `arn:aws:ecs:eu-west-1:123456789012:task/skiff/${id}`;

/** A container as ECS tells of one that runs. */
export const ecsContainer = (name: string, changes: Partial<EcsContainer> = {}): EcsContainer => ({
  name,
  containerArn: undefined,
  runtimeId: undefined,
  image: undefined,
  imageDigest: undefined,
  lastStatus: 'RUNNING',
  exitCode: undefined,
  reason: undefined,
  healthStatus: undefined,
  ...changes,
});

/** A running task of one container `web`. */
export const ecsTask = (changes: Partial<EcsTask> = {}): EcsTask => ({
  taskArn: taskArn('first'),
  clusterArn: undefined,
  taskDefinitionArn: undefined,
  group: undefined,
  startedBy: undefined,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  healthStatus: undefined,
  stopCode: undefined,
  stoppedReason: undefined,
  version: 1,
  availabilityZone: 'eu-west-1a',
  ipAddress: '10.0.1.7',
  createdAt: '2026-01-01T00:00:00.500Z',
  pullStartedAt: undefined,
  pullStoppedAt: undefined,
  startedAt: '2026-01-01T00:00:10.000Z',
  stoppingAt: undefined,
  executionStoppedAt: undefined,
  stoppedAt: undefined,
  containers: [ecsContainer('web')],
  tags: {},
  ...changes,
});

/** A task that has stopped, with how its containers ended. */
export const stoppedTask = (containers: readonly EcsContainer[], changes: Partial<EcsTask> = {}): EcsTask =>
  ecsTask({
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    executionStoppedAt: '2026-01-01T00:01:00.000Z',
    stoppedAt: '2026-01-01T00:01:10.000Z',
    containers: containers.map((container) => ({ ...container, lastStatus: 'STOPPED' })),
    ...changes,
  });
