import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';

const fewest = 3;
const most = 200;

/**
 * How many failed tasks make a deployment fail: half of the desired count, rounded up, but 3 to 200, unless the
 * service says otherwise (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html).
 */
export function failureThreshold(breaker: DeploymentCircuitBreaker, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker.thresholdConfiguration ?? {};
  const percentage = Math.ceil((desiredCount * value) / 100);
  switch (type) {
    case 'COUNT':
      return value;
    case 'UNBOUNDED_PERCENT':
      return Math.max(1, percentage);
    default:
      return Math.min(most, Math.max(fewest, percentage));
  }
}

export const hasTripped = (
  breaker: DeploymentCircuitBreaker | undefined,
  { failures, desiredCount }: { failures: number; desiredCount: number },
): boolean => breaker?.enable === true && failures >= failureThreshold(breaker, desiredCount);
