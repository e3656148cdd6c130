import { Duration } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functions, type FunctionName } from '../functions.ts';

/** A message that was received so often without an end has killed whoever worked on it. */
const workReceives = 4;
/** Nothing that a delayed message says can kill: it comes back while SQS or Lambda is in trouble, and waits an hour. */
const delayReceives = 60;

/**
 * How long messages stay hidden from others: as long as the function may work on them, and a little for Lambda to call it.
 * Not longer, for so long waits what a process has died of.
 */
const visibility = (name: FunctionName): Duration => Duration.seconds(functions[name].timeoutSeconds + 30);

/** SQS keeps a message for so long at most. */
const longest = Duration.days(14);

const safe = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } satisfies QueueProps;

/** The queues of aws/sqs, and one of what could not be delivered. */
export class Queues extends Construct {
  readonly work: Queue;
  readonly delay: Queue;
  readonly deadLetter: Queue;
  /** Events of ECS and delayed messages that came to nobody. A resync finds what they would have told. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetter = new Queue(this, 'DeadLetter', { ...safe, fifo: true, retentionPeriod: longest });
    this.undelivered = new Queue(this, 'Undelivered', { ...safe, retentionPeriod: longest });
    this.work = new Queue(this, 'Work', {
      ...safe,
      fifo: true,
      contentBasedDeduplication: false,
      // Thousands of calls a second instead of 300, for the same price. A message's id is in one group only.
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      visibilityTimeout: visibility('reconcile'),
      deadLetterQueue: { queue: this.deadLetter, maxReceiveCount: workReceives },
    });
    this.delay = new Queue(this, 'Delay', {
      ...safe,
      visibilityTimeout: visibility('delays'),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: delayReceives },
    });
  }
}
