import type { Clock } from '../../kubernetes/clock.ts';

export interface QueueSettings {
  readonly url: string;
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  /** Where a message goes that has been received so often. */
  readonly redrive?: { readonly maximumReceives: number; readonly deadLetterUrl: string };
}

export interface Message {
  readonly id: string;
  readonly body: string;
  /** '' in standard queues. */
  readonly group: string;
  readonly sequence: number;
  /** Milliseconds since the epoch: delayed, or given out, until then. */
  visibleAt: number;
  receives: number;
  /** Of the last time that it was given out. */
  receipt: string;
}

/** How long SQS remembers what it has been sent. */
const deduplicationMilliseconds = 5 * 60 * 1000;

/** One queue. */
export class QueueState {
  readonly settings: QueueSettings;
  readonly messages: Message[] = [];
  private readonly clock: Pick<Clock, 'now'>;
  private readonly sent = new Map<string, { readonly message: Message; readonly until: number }>();

  constructor(settings: QueueSettings, clock: Pick<Clock, 'now'>) {
    this.settings = settings;
    this.clock = clock;
  }

  add(message: Message): void {
    this.messages.push(message);
  }

  /** The message that was sent under this id within the last five minutes, even if it has been deleted since. */
  sentBefore(deduplicationId: string): Message | undefined {
    const known = this.sent.get(deduplicationId);
    return known === undefined || known.until <= this.clock.now() ? undefined : known.message;
  }

  remember(deduplicationId: string, message: Message): void {
    this.sent.set(deduplicationId, { message, until: this.clock.now() + deduplicationMilliseconds });
  }

  /**
   * The messages that may be given out, in order. A FIFO group is closed while one of its messages is out; of an open
   * group several may go out together.
   */
  available(): Message[] {
    const now = this.clock.now();
    const closed = new Set(
      this.messages.flatMap(({ group, visibleAt }) => (this.settings.fifo && visibleAt > now ? [group] : [])),
    );
    return this.messages.filter(({ group, visibleAt }) => visibleAt <= now && !closed.has(group));
  }

  remove(message: Message): void {
    const index = this.messages.indexOf(message);
    if (index >= 0) this.messages.splice(index, 1);
  }
}
