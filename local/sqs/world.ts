import type { Clock } from '../../kubernetes/clock.ts';
import { queueNotFound } from './errors.ts';
import type { QueueSettings, QueueState } from './queue-state.ts';

export interface SqsOptions {
  readonly clock: Clock;
  readonly queues: readonly QueueSettings[];
  /** A new UUID. */
  newId(): string;
  /** Told when a queue has a message to give out: one that came, whose delay is over, or that comes back. */
  arrived?(queueUrl: string): void;
  /** Whether a message of a standard queue stays where it is though it is given out: it comes at least once. */
  doubles?(): boolean;
}

export interface SqsWorld {
  readonly options: SqsOptions;
  readonly queues: ReadonlyMap<string, QueueState>;
  /** Numbers the messages of FIFO queues. */
  nextSequence(): number;
}

/** Tells who waits for messages that there is one after so many seconds. */
export function announce({ options }: SqsWorld, queueUrl: string, seconds: number): void {
  if (options.arrived === undefined) return;
  if (seconds > 0) options.clock.after(seconds * 1000, () => options.arrived?.(queueUrl));
  else options.arrived(queueUrl);
}

export function queueOf(world: SqsWorld, url: string | undefined): QueueState {
  const queue = world.queues.get(url ?? '');
  if (queue === undefined) throw queueNotFound();
  return queue;
}
