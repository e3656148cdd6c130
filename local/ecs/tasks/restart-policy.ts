import type { ContainerRestartPolicy } from '@aws-sdk/client-ecs';

const standardAttemptPeriodSeconds = 300;

export interface Ending {
  readonly exitCode: number | undefined;
  /** Since the container was last started. */
  readonly ranMilliseconds: number;
}

/**
 * The ECS agent's rule: a container starts again when its exit code is known and not ignored, and it has run for
 * `restartAttemptPeriod` since it was last started. There is neither a back-off nor a greatest number; what ends
 * sooner stays ended. (amazon-ecs-agent, ecs-agent/api/container/restart/restart_tracker.go)
 */
export function restarts(policy: ContainerRestartPolicy | undefined, ending: Ending): boolean {
  if (policy?.enabled !== true || ending.exitCode === undefined) return false;
  if (policy.ignoredExitCodes?.includes(ending.exitCode) === true) return false;
  return ending.ranMilliseconds >= (policy.restartAttemptPeriod ?? standardAttemptPeriodSeconds) * 1000;
}
