/** How long ECS takes for things, in milliseconds. The only place that says so. */
export interface Timing {
  /** From a change to the service scheduler's looking at it. */
  readonly scheduler: number;
  /** Tasks that one look at a service starts or stops at most. AWS: 500 a minute for a service, of which there is a look a second. */
  readonly batch: number;
  /** PROVISIONING: the network interface is made. */
  readonly provisioning: number;
  /** PENDING: the task waits for its host. */
  readonly pending: number;
  /** DEACTIVATING: the task leaves target groups and service discovery. */
  readonly deactivating: number;
  /** DEPROVISIONING: the network interface goes. */
  readonly deprovisioning: number;
  /** RUNNING for so long, a task without container health checks counts as healthy. AWS documents 40 s. */
  readonly healthyAfter: number;
  /** How often a container that has not been healthy yet is checked besides its own interval; successes count, failures do not. */
  readonly earlyHealthCheck: number | undefined;
  /** The wait after launches that did not reach RUNNING: none for the first few, then doubling from `first` to `most`. */
  readonly throttle: { readonly free: number; readonly first: number; readonly most: number };
  /** Changes are saved together, so long after the first of them. */
  readonly save: number;
}

/** STOPPED tasks can be described for so long: AWS says at least one hour. */
export const stoppedTaskRetention = 3_600_000;

/**
 * `real` are AWS's documented figures (40 s, 15 min) and, where it documents none, what people observe; AWS does not
 * publish how the throttle grows. `fast` is for a developer who waits in front of a terminal. Neither touches what
 * the user has written: intervals of health checks, stop time-outs, grace periods.
 */
export const timings: Readonly<Record<'fast' | 'real', Timing>> = {
  real: {
    scheduler: 1000,
    batch: 8,
    provisioning: 8000,
    pending: 2000,
    deactivating: 2000,
    deprovisioning: 15_000,
    healthyAfter: 40_000,
    earlyHealthCheck: undefined,
    throttle: { free: 2, first: 30_000, most: 900_000 },
    save: 1000,
  },
  fast: {
    scheduler: 10,
    batch: 25,
    provisioning: 10,
    pending: 10,
    deactivating: 20,
    deprovisioning: 50,
    healthyAfter: 1000,
    earlyHealthCheck: 1000,
    throttle: { free: 2, first: 1000, most: 30_000 },
    save: 200,
  },
};

/** How long to wait with the next launch, after so many in a row that failed. */
export function launchDelay({ free, first, most }: Timing['throttle'], failures: number): number {
  return failures <= free ? 0 : Math.min(most, first * 2 ** (failures - free - 1));
}
