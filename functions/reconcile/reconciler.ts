import type { ObjectKey } from '../../kubernetes/object.ts';
import { again, done, type Outcome } from '../../kubernetes/queue/queue.ts';
import type { Tombstone } from '../../kubernetes/tombstone.ts';
import type { Context } from '../context.ts';

/** What makes AWS (and the objects that depend on it) as the objects of one kind say. */
export interface Reconciler {
  /**
   * Looks at the object with this key, which may be gone, and does what is left to do. Reads all it needs; may be called
   * at any time, any number of times.
   */
  reconcile(context: Context, key: ObjectKey): Promise<Outcome>;
  /** Removes from AWS what was made for a deleted object. `done` when nothing is left. */
  remove?(context: Context, tombstone: Tombstone): Promise<Outcome>;
}

/** Of several outcomes the one that looks again first. */
export function soonest(...outcomes: readonly (Outcome | number | undefined)[]): Outcome {
  const seconds = outcomes.flatMap((outcome) => {
    if (outcome === undefined) return [];
    if (typeof outcome === 'number') return [outcome];
    return 'again' in outcome ? [outcome.again] : [];
  });
  return seconds.length === 0 ? done : again(Math.min(...seconds));
}

/**
 * Seconds until a look at something that ECS tells nothing of, such as a task's health: soon at first, later and later
 * the longer it has been waited for.
 */
export const pollSeconds = (since: number, now: number): number =>
  Math.min(60, Math.max(1, Math.ceil((now - since) / 10_000)));
