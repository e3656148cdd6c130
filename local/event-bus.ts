import type { AwsEvent } from '../functions/events/event.ts';
import type { Clock } from '../kubernetes/clock.ts';

/** A delivery that fails is repeated so often, the wait doubling each time, and then given up and reported. */
const attempts = 8;
const firstRetryMilliseconds = 1000;

export interface EventBus {
  publish(event: AwsEvent): void;
  /** Deliveries that are under way or waiting. */
  readonly pending: number;
  /** Drops what waits and delivers nothing any more. */
  stop(): void;
}

export interface EventBusOptions {
  readonly clock: Clock;
  deliver(event: AwsEvent): Promise<void>;
  report(error: unknown): void;
  /** See Faults. */
  readonly deliveries?: ((event: AwsEvent) => readonly number[]) | undefined;
}

/**
 * Takes events to the program as EventBridge does: each at least once, not in any promised order (none waits for
 * another), and again when the delivery fails. EventBridge itself goes on for 24 hours; here a program that fails
 * eight times is broken, and its developer is told.
 */
export function createEventBus(options: EventBusOptions): EventBus {
  const waiting = new Set<() => void>();
  let underWay = 0;
  let stopped = false;

  const later = (milliseconds: number, run: () => void): void => {
    const cancel = options.clock.after(milliseconds, () => {
      waiting.delete(cancel);
      run();
    });
    waiting.add(cancel);
  };

  const deliver = async (event: AwsEvent, attempt: number): Promise<void> => {
    if (stopped) return;
    underWay += 1;
    try {
      await options.deliver(event);
    } catch (error) {
      if (attempt < attempts)
        later(firstRetryMilliseconds * 2 ** (attempt - 1), () => void deliver(event, attempt + 1));
      else
        options.report(
          new Error(`delivering ${event['detail-type']} ${event.id} failed ${attempts} times`, { cause: error }),
        );
    } finally {
      underWay -= 1;
    }
  };

  return {
    publish(event) {
      for (const milliseconds of options.deliveries?.(event) ?? [0]) {
        const copy = structuredClone(event);
        // Never within the change that the event tells of: what it tells must be there when somebody looks.
        if (milliseconds === 0) queueMicrotask(() => void deliver(copy, 1));
        else later(milliseconds, () => void deliver(copy, 1));
      }
    },
    get pending() {
      return underWay + waiting.size;
    },
    stop() {
      stopped = true;
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}
