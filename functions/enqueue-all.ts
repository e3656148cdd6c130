import { RefusedKey } from '../kubernetes/queue/queue.ts';
import type { Context } from './context.ts';
import { shownKey } from './shown-key.ts';

/**
 * Asks for work on keys, each after so many seconds. A key that the queue will never take is reported and passed over.
 * Throws when the queue cannot be reached: then all of them are to be asked for again.
 */
export async function enqueueAll(
  context: Pick<Context, 'queue' | 'report'>,
  keys: Iterable<readonly [key: string, delaySeconds: number]>,
): Promise<void> {
  for (const [key, delaySeconds] of keys) {
    try {
      await context.queue.enqueue(key, delaySeconds === 0 ? {} : { delaySeconds });
    } catch (error) {
      if (!(error instanceof RefusedKey)) throw error;
      context.report(new Error(`there will be no work on ${shownKey(key)}`, { cause: error }));
    }
  }
}
