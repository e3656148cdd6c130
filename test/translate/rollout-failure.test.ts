import { describe, expect, test } from 'vitest';
import type { EcsDeployment, EcsTask } from '../../translate/ecs-state.ts';
import { exitsAfterRunning, exitThreshold, rolloutOutcome } from '../../translate/rollout-failure.ts';

const deployment = (taskDefinition: string, changes: Partial<EcsDeployment> = {}): EcsDeployment => ({
  id: `ecs-svc/${taskDefinition}`,
  status: 'PRIMARY',
  taskDefinition,
  desiredCount: 3,
  pendingCount: 0,
  runningCount: 0,
  failedTasks: 0,
  rolloutState: 'IN_PROGRESS',
  rolloutStateReason: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  ...changes,
});
const tripped = 'ECS deployment circuit breaker: tasks failed to start.';
const goingBack = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
const failed = deployment('b', { rolloutState: 'FAILED', rolloutStateReason: tripped });

describe('what became of a task definition that a service was given', () => {
  const cases: [string, { begun: boolean; certain: boolean; deployments: EcsDeployment[] }, object][] = [
    ['no service yet', { begun: false, certain: true, deployments: [] }, { state: 'not-begun' }],
    ['not told yet', { begun: false, certain: true, deployments: [deployment('a')] }, { state: 'not-begun' }],
    ['under way', { begun: false, certain: true, deployments: [deployment('b')] }, { state: 'under-way' }],
    [
      'completed',
      { begun: true, certain: true, deployments: [deployment('b', { rolloutState: 'COMPLETED' })] },
      { state: 'completed' },
    ],
    ['failed, and left so', { begun: true, certain: false, deployments: [failed] }, { state: 'failed', why: tripped }],
    [
      'failed, and goes back',
      { begun: true, certain: false, deployments: [deployment('a'), { ...failed, status: 'ACTIVE' }] },
      { state: 'failed', why: tripped },
    ],
    [
      'goes back, the failed one forgotten',
      { begun: true, certain: false, deployments: [deployment('a', { rolloutStateReason: goingBack })] },
      { state: 'failed', why: goingBack },
    ],
    [
      'not told yet, while the service goes back from the revision before',
      { begun: false, certain: true, deployments: [deployment('a', { rolloutStateReason: goingBack })] },
      { state: 'not-begun' },
    ],
    [
      'shows another one a moment after it was told',
      { begun: true, certain: false, deployments: [deployment('a')] },
      { state: 'unseen' },
    ],
    [
      'shows another one for good',
      { begun: true, certain: true, deployments: [deployment('a')] },
      { state: 'failed', why: 'ECS has gone back to another revision' },
    ],
  ];
  test.each(cases)('%s', (_, { deployments, ...seen }, outcome) => {
    expect(rolloutOutcome({ wanted: 'b', ...seen, ecsService: { deployments } })).toEqual(outcome);
  });
});

describe('exits after running', () => {
  const task = (changes: Partial<EcsTask>): Partial<EcsTask> => ({
    startedBy: 'ecs-svc/1',
    startedAt: '2026-01-01T00:00:00Z',
    stopCode: 'EssentialContainerExited',
    ...changes,
  });
  test.each([
    ['an exit', {}, 1],
    ['of another deployment', { startedBy: 'ecs-svc/2' }, 0],
    ['that never ran', { startedAt: undefined, stopCode: 'TaskFailedToStart' }, 0],
    ['that was stopped by somebody', { stopCode: 'UserInitiated' }, 0],
    ['that was scaled in', { stopCode: 'ServiceSchedulerInitiated' }, 0],
  ])('%s', (_, changes, count) => {
    expect(exitsAfterRunning([task(changes) as EcsTask], 'ecs-svc/1')).toHaveLength(count);
  });

  test.each([
    [0, 3],
    [1, 3],
    [6, 3],
    [7, 4],
    [20, 10],
    [400, 200],
    [1000, 200],
  ])('of %i tasks make a rollout fail when there are %i', (desired, threshold) => {
    expect(exitThreshold(desired)).toBe(threshold);
  });
});
