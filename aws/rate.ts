import { ECSServiceException } from '@aws-sdk/client-ecs';
import type { Clock } from '../kubernetes/clock.ts';
import type { OperationName } from './operations.ts';

/** So many calls at once, and so many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** The token buckets of the ECS API, for one account and region (ECS developer guide, "Request throttling"). */
const buckets = {
  clusterModify: { burst: 20, perSecond: 1 },
  clusterRead: { burst: 50, perSecond: 20 },
  taskDefinitionModify: { burst: 20, perSecond: 1 },
  taskDefinitionRead: { burst: 50, perSecond: 20 },
  serviceModify: { burst: 50, perSecond: 5 },
  serviceRead: { burst: 100, perSecond: 20 },
  taskModify: { burst: 100, perSecond: 40 },
  taskRead: { burst: 100, perSecond: 20 },
} as const satisfies Record<string, Rate>;

export type BucketName = keyof typeof buckets;

/** The bucket that each operation draws on. */
export const bucketOf: Readonly<Record<OperationName<'ecs'>, BucketName>> = {
  CreateCluster: 'clusterModify',
  CreateService: 'serviceModify',
  DeleteService: 'serviceModify',
  DeregisterTaskDefinition: 'taskDefinitionModify',
  DescribeClusters: 'clusterRead',
  DescribeServiceDeployments: 'serviceRead',
  DescribeServices: 'serviceRead',
  DescribeTaskDefinition: 'taskDefinitionRead',
  DescribeTasks: 'taskRead',
  ListServiceDeployments: 'serviceRead',
  ListServices: 'serviceRead',
  ListTaskDefinitions: 'taskDefinitionRead',
  ListTasks: 'taskRead',
  RegisterTaskDefinition: 'taskDefinitionModify',
  RunTask: 'taskModify',
  StopServiceDeployment: 'serviceModify',
  StopTask: 'taskModify',
  UpdateService: 'serviceModify',
  UpdateTaskProtection: 'taskModify',
};

/** Who may be called only so often, and is counted in a bucket. */
export const isLimited = (operation: string): operation is OperationName<'ecs'> => Object.hasOwn(bucketOf, operation);

/** A token bucket: full at first, filled again at its rate. Callers are served in the order in which they come. */
export class TokenBucket {
  private readonly rate: Rate;
  private readonly clock: Pick<Clock, 'now'>;
  /** Thousandths, so that a millisecond's share is a whole number. Below 0 when tokens are promised that have yet to come. */
  private thousandths: number;
  private filledAt: number;

  constructor(rate: Rate, clock: Pick<Clock, 'now'>) {
    this.rate = rate;
    this.clock = clock;
    this.thousandths = rate.burst * 1000;
    this.filledAt = clock.now();
  }

  /** Takes a token and says in how many milliseconds it may be used; 0: at once. */
  take(): number {
    const milliseconds = this.wait();
    this.thousandths -= 1000;
    return milliseconds;
  }

  /** Milliseconds that a call would have to wait now. Takes nothing. */
  wait(): number {
    this.fill();
    return Math.max(0, Math.ceil((1000 - this.thousandths) / this.rate.perSecond));
  }

  private fill(): void {
    const now = this.clock.now();
    const since = (now - this.filledAt) * this.rate.perSecond;
    this.thousandths = Math.min(this.rate.burst * 1000, this.thousandths + since);
    this.filledAt = now;
  }
}

/** One bucket of each name, full. */
export class EcsBuckets {
  private readonly clock: Pick<Clock, 'now'>;
  private readonly buckets = new Map<BucketName, TokenBucket>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.clock = clock;
  }

  of(operation: OperationName<'ecs'>): TokenBucket {
    const name = bucketOf[operation];
    const known = this.buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(buckets[name], this.clock);
    this.buckets.set(name, bucket);
    return bucket;
  }
}

/**
 * Longer than this no call waits for its token: who wants it gives way to other work and comes again, as the queue has
 * it do after any error that passes.
 */
const longestWaitMilliseconds = 5000;

/** Keeps the calls of one process below the limits of the ECS API. */
export class RateLimiter {
  private readonly clock: Clock;
  private readonly buckets: EcsBuckets;

  constructor(clock: Clock) {
    this.clock = clock;
    this.buckets = new EcsBuckets(clock);
  }

  /**
   * Takes a token and resolves when the operation may be called. Throws at once what ECS would answer, without taking
   * one, when that were too long to wait.
   */
  async acquire(operation: OperationName<'ecs'>): Promise<void> {
    const bucket = this.buckets.of(operation);
    if (bucket.wait() > longestWaitMilliseconds) throw rateExceeded();
    const milliseconds = bucket.take();
    if (milliseconds > 0) await new Promise<void>((resolve) => this.clock.after(milliseconds, resolve));
  }
}

/** What ECS answers to who calls too often. */
export const rateExceeded = (attempts = 0): ECSServiceException =>
  new ECSServiceException({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $fault: 'client',
    $metadata: { httpStatusCode: 400, attempts },
  });
