import { StatusError } from '../kubernetes/status-error.ts';
import { endOfTurn } from './end-of-turn.ts';
import { shownKey } from './shown-key.ts';

export interface Apart<T> {
  /** What a failure is told of, `configmaps/default/a`. */
  name(item: T): string;
  work(item: T): Promise<unknown>;
}

const itemsInTurn = 50;

/** More would not help who reads them. */
const maximumErrors = 20;

/** Does the work with every item, and answers what has failed: an item that cannot be processed does not hold up the others. */
export async function failuresOf<T>(items: Iterable<T>, apart: Apart<T>): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  let done = 0;
  for (const item of items) {
    // A store in the same process never makes anybody wait.
    if ((done += 1) % itemsInTurn === 0) await endOfTurn();
    try {
      await apart.work(item);
    } catch (error) {
      // Workers tell refusals of the API apart, and those name their object.
      failures.push(error instanceof StatusError ? error : new Error(shownKey(apart.name(item)), { cause: error }));
    }
  }
  return failures;
}

/** Does the work with every item, then throws when some have failed, so that all of it is done again later. */
export async function eachApart<T>(items: Iterable<T>, apart: Apart<T>): Promise<void> {
  throwAll(await failuresOf(items, apart));
}

/** Throws what has failed as one error; nothing when there is nothing. */
export function throwAll(failures: readonly unknown[]): void {
  if (failures.length === 0) return;
  if (failures.length === 1) throw failures[0];
  throw new AggregateError(failures.slice(0, maximumErrors), `${failures.length} failures`);
}
