/** A number or `25%`, as maxSurge and maxUnavailable are. */
type IntOrPercent = number | string;

export interface RollingUpdate {
  readonly maxSurge?: IntOrPercent | undefined;
  readonly maxUnavailable?: IntOrPercent | undefined;
}

const share = (value: IntOrPercent, total: number, round: (value: number) => number): number =>
  typeof value === 'number' ? value : round((Number.parseInt(value, 10) * total) / 100);

/**
 * How many pods above and below the wanted number a rolling update may have, as Kubernetes rounds: surge up, unavailable
 * down, and one unavailable when both come to nothing (ResolveFenceposts).
 */
export function rollingNumbers(
  replicas: number,
  { maxSurge = '25%', maxUnavailable = '25%' }: RollingUpdate = {},
): { readonly surge: number; readonly unavailable: number } {
  const surge = share(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(share(maxUnavailable, replicas, Math.floor), replicas);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

export interface RollingPercentages {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
}

/**
 * The percentages with which ECS comes to the same numbers. It rounds the minimum up and the maximum down (aws-facts:
 * DeploymentConfiguration), so that a minimum rounded down and a maximum rounded up give exactly the integers up to 100
 * replicas. Above, one percent is more than one task: the nearest that keeps the promise is taken, unless that would leave
 * a rollout no room at all.
 */
export function rollingPercentages(replicas: number, strategy?: RollingUpdate): RollingPercentages {
  const desired = Math.max(replicas, 1);
  const { surge, unavailable } = rollingNumbers(desired, strategy);
  const healthy = desired - unavailable;
  const most = desired + surge;
  const exactMinimum = Math.floor((100 * healthy) / desired);
  const exactMaximum = Math.ceil((100 * most) / desired);
  const safeMinimum =
    lowest(exactMinimum, desired) < healthy && (surge > 0 || lowest(exactMinimum + 1, desired) < desired)
      ? exactMinimum + 1
      : exactMinimum;
  const safeMaximum =
    highest(exactMaximum, desired) > most && (unavailable > 0 || highest(exactMaximum - 1, desired) > desired)
      ? exactMaximum - 1
      : exactMaximum;
  const movable = lowest(safeMinimum, desired) < desired || highest(safeMaximum, desired) > desired;
  return movable
    ? { minimumHealthyPercent: safeMinimum, maximumPercent: safeMaximum }
    : { minimumHealthyPercent: exactMinimum, maximumPercent: exactMaximum };
}

/**
 * Percentages that leave a deployment no room: no task may be stopped below the number wanted, nor started above it. It
 * stays where it is, but that ECS still makes up for tasks that end. ECS refuses 100 beside a minimum of 100: this is the
 * largest percentage that still rounds down to the number itself, and so from 100 replicas on there is a task's room.
 */
export const holdingPercentages = (replicas: number): RollingPercentages => ({
  minimumHealthyPercent: 100,
  maximumPercent: Math.max(101, 99 + Math.ceil(100 / Math.max(1, replicas))),
});

/** Tasks that ECS keeps healthy. */
export const lowest = (minimumHealthyPercent: number, desired: number): number =>
  Math.ceil((minimumHealthyPercent * desired) / 100);

/** Tasks that ECS has at most. */
export const highest = (maximumPercent: number, desired: number): number =>
  Math.floor((maximumPercent * desired) / 100);
