import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../kubernetes/clock.ts';
import { errorMessage } from '../../kubernetes/error-message.ts';
import { RefusedKey, type WorkQueue } from '../../kubernetes/queue/queue.ts';
import { isNamed } from '../errors.ts';
import { formatMessage, messageGroup, type WorkMessage } from './message.ts';

/** The longest delay that SQS takes; a longer one takes several. */
export const maximumDelaySeconds = 900;

/** The largest body that SQS takes (its quotas, since August 2025). */
const maximumMessageBytes = 1024 * 1024;

export interface SqsQueueOptions {
  readonly client: SQSClient;
  /** A FIFO queue: what is due. */
  readonly queueUrl: string;
  /** A standard queue: what is due later. FIFO queues have no delay for a single message. */
  readonly delayQueueUrl: string;
  /** A FIFO queue: what was set aside. */
  readonly deadLetterQueueUrl: string;
  readonly clock: Clock;
  /** A new UUID. */
  newId(): string;
}

/**
 * The queue of the cloud. A key is its message group, so that SQS gives it out to one worker at a time. Messages of one
 * key that wait together come in one batch and are worked on once (work-batch.ts).
 */
export class SqsQueue implements WorkQueue {
  private readonly options: SqsQueueOptions;

  constructor(options: SqsQueueOptions) {
    this.options = options;
  }

  async enqueue(key: string, options: { readonly delaySeconds?: number } = {}): Promise<void> {
    await this.sendLater({ key, id: this.options.newId(), failures: 0 }, options.delaySeconds ?? 0);
  }

  /** Sends a message that is due after so many seconds. */
  async sendLater(message: WorkMessage, delaySeconds: number): Promise<void> {
    if (delaySeconds <= 0) await this.sendNow(message);
    else await this.delay({ ...message, due: this.options.clock.now() + delaySeconds * 1000 }, delaySeconds);
  }

  /** Sends a delayed message on: to the workers when it is due, else into another delay. */
  async sendOn(message: WorkMessage): Promise<void> {
    const seconds = ((message.due ?? 0) - this.options.clock.now()) / 1000;
    if (seconds > 0) await this.delay(message, seconds);
    else await this.sendNow({ key: message.key, id: message.id, failures: message.failures });
  }

  async setAside(message: WorkMessage): Promise<void> {
    await this.sendFifo(this.options.deadLetterQueueUrl, message);
  }

  private sendNow(message: WorkMessage): Promise<void> {
    return this.sendFifo(this.options.queueUrl, message);
  }

  private async sendFifo(queueUrl: string, message: WorkMessage): Promise<void> {
    await this.send({
      QueueUrl: queueUrl,
      MessageBody: formatMessage(message),
      MessageGroupId: messageGroup(message.key),
      // A send that is repeated because its answer was lost, and a delayed message that came twice, are one.
      MessageDeduplicationId: message.id,
    });
  }

  private async delay(message: WorkMessage, seconds: number): Promise<void> {
    await this.send({
      QueueUrl: this.options.delayQueueUrl,
      MessageBody: formatMessage(message),
      DelaySeconds: Math.min(maximumDelaySeconds, Math.ceil(seconds)),
    });
  }

  private async send(input: SendMessageCommandInput): Promise<void> {
    const bytes = Buffer.byteLength(input.MessageBody ?? '');
    if (bytes > maximumMessageBytes) {
      throw new RefusedKey(`a message of ${bytes} bytes, SQS takes ${maximumMessageBytes}`);
    }
    try {
      await this.options.client.send(new SendMessageCommand(input));
    } catch (error) {
      if (isNamed(error, 'InvalidMessageContents')) throw new RefusedKey(errorMessage(error), { cause: error });
      throw error;
    }
  }
}
