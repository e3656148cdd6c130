import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SqsBatchResponse, SqsEvent } from '../../aws/sqs/event.ts';
import type { Clock } from '../../kubernetes/clock.ts';

export interface EventSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly clock: Clock;
  /** How many batches are worked on at the same time. */
  readonly concurrency: number;
  /** How often it looks without being told to. */
  readonly pollMilliseconds: number;
  /** The function: what it throws brings the whole batch back. */
  handle(event: SqsEvent): Promise<SqsBatchResponse>;
  /** Told of batches that failed as a whole, and of trouble with the queue. */
  report(error: unknown): void;
}

/** What Lambda does between a queue and a function: receives batches, calls, deletes what went well. */
export class EventSource {
  private readonly options: EventSourceOptions;
  private readonly invocations = new Set<Promise<void>>();
  private cancelTimer: () => void = () => {};
  private state: 'new' | 'running' | 'stopped' = 'new';
  private receiving = false;
  private wanted = false;

  constructor(options: EventSourceOptions) {
    this.options = options;
  }

  start(): void {
    if (this.state !== 'new') return;
    this.state = 'running';
    this.poll();
  }

  /** Looks at once, because something was sent. */
  poke(): void {
    this.wanted = true;
    if (this.state === 'running' && !this.receiving) void this.receive();
  }

  /** Receives no more and ends when what was received is worked on. */
  async stop(): Promise<void> {
    this.state = 'stopped';
    this.cancelTimer();
    await Promise.all(this.invocations);
  }

  private poll(): void {
    this.poke();
    this.cancelTimer = this.options.clock.after(this.options.pollMilliseconds, () => this.poll());
  }

  private async receive(): Promise<void> {
    this.receiving = true;
    try {
      while (this.wanted && this.state === 'running' && this.invocations.size < this.options.concurrency) {
        this.wanted = false;
        const { Messages: messages = [] } = await this.options.client.send(
          new ReceiveMessageCommand({
            QueueUrl: this.options.queueUrl,
            MaxNumberOfMessages: 10,
            MessageSystemAttributeNames: ['ApproximateReceiveCount'],
          }),
        );
        if (messages.length === 0) continue;
        this.wanted = true;
        this.invoke(messages);
      }
    } catch (error) {
      this.options.report(error);
    } finally {
      this.receiving = false;
    }
  }

  private invoke(messages: readonly Message[]): void {
    const invocation = this.work(messages).catch((error: unknown) => this.options.report(error));
    this.invocations.add(invocation);
    void invocation.then(() => {
      this.invocations.delete(invocation);
      // Its keys are free again.
      this.poke();
    });
  }

  private async work(messages: readonly Message[]): Promise<void> {
    const { batchItemFailures } = await this.options.handle({ Records: messages.map(recordOf) });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId: id }) => !failed.has(id ?? ''));
    if (done.length === 0) return;
    const entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.options.client.send(
      new DeleteMessageBatchCommand({ QueueUrl: this.options.queueUrl, Entries: entries }),
    );
  }
}

const recordOf = (message: Message) => ({
  messageId: message.MessageId ?? '',
  receiptHandle: message.ReceiptHandle ?? '',
  body: message.Body ?? '',
  attributes: { ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? '1' },
});
