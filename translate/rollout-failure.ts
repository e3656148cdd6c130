import { primaryOf, type EcsDeployment, type EcsService, type EcsTask } from './ecs-state.ts';

/** What ECS has made of a task definition that a service was given. */
export type RolloutOutcome =
  /** The service runs something else, and has not been told yet. */
  | { readonly state: 'not-begun' }
  | { readonly state: 'under-way' }
  | { readonly state: 'completed' }
  /** ECS has given it up, and may have gone back to another one. */
  | { readonly state: 'failed'; readonly why: string }
  /** It was told, but shows something else: that may be an old answer, or the end of a failure. */
  | { readonly state: 'unseen' };

export interface RolloutObservation {
  /** The task definition. */
  readonly wanted: string;
  /** The service has been seen with it, for the revision that is wanted now. */
  readonly begun: boolean;
  /** So long ago that no answer can be older. */
  readonly certain: boolean;
  readonly ecsService: Pick<EcsService, 'deployments'> | undefined;
}

/**
 * Reads the outcome from the deployments that a service shows. ECS marks a deployment FAILED; with rollback it makes an
 * older task definition the primary deployment again, and the failed one goes away when its tasks have.
 */
export function rolloutOutcome({ wanted, begun, certain, ecsService }: RolloutObservation): RolloutOutcome {
  const deployments = ecsService?.deployments ?? [];
  const primary = primaryOf(ecsService);
  if (primary === undefined) return { state: 'not-begun' };
  if (primary.taskDefinition === wanted) return ofPrimary(primary);
  if (!begun) return { state: 'not-begun' };
  const failed = deployments.find((each) => each.taskDefinition === wanted && each.rolloutState === 'FAILED');
  if (failed !== undefined) return givenUp(failed);
  if (primary.rolloutStateReason?.includes('rolling back') === true) return givenUp(primary);
  return certain ? { state: 'failed', why: 'ECS has gone back to another revision' } : { state: 'unseen' };
}

function ofPrimary(primary: EcsDeployment): RolloutOutcome {
  if (primary.rolloutState === 'FAILED') return givenUp(primary);
  return { state: primary.rolloutState === 'COMPLETED' ? 'completed' : 'under-way' };
}

const givenUp = ({ rolloutStateReason: why = 'ECS has given it up' }: EcsDeployment): RolloutOutcome => ({
  state: 'failed',
  why,
});

/**
 * Tasks of a deployment whose containers ended by themselves after they had been RUNNING: the circuit breaker counts
 * those only that never run, or fail health checks (aws-facts: circuit breaker).
 */
export const exitsAfterRunning = (tasks: readonly EcsTask[], deploymentId: string): readonly EcsTask[] =>
  tasks.filter(
    ({ startedBy, startedAt, stopCode }) =>
      startedBy === deploymentId && startedAt !== undefined && stopCode === 'EssentialContainerExited',
  );

/** How many of them make a rollout fail: as many as the circuit breaker takes by default, half of the tasks but 3 to 200. */
export const exitThreshold = (desiredCount: number): number => Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));

/**
 * Whether the service has, by its own words, started no more tasks since its newest deployment began than it wants: none
 * of them can have been replaced then, and nobody need look for tasks that have stopped. Other words say nothing.
 */
export function hasStartedEachOnce(ecsService: EcsService): boolean {
  const { desiredCount, events } = ecsService;
  const begun = Date.parse(primaryOf(ecsService)?.createdAt ?? '');
  const started = events
    .filter(({ createdAt }) => Date.parse(createdAt ?? '') >= begun)
    .map(({ message }) => Number(/has started (\d+) tasks?:/.exec(message)?.[1] ?? 0))
    .reduce((sum, count) => sum + count, 0);
  return started > 0 && started <= desiredCount;
}
