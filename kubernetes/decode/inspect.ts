import { maximumValues } from '../limits.ts';
import { requestTooLarge, type StatusError } from '../status-error.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** Far above what any manifest needs; everything that walks a body recursively relies on it. */
export const maximumDepth = 256;

/** 413: a body is small, and what it says is not. */
export const tooManyValues = (maximum: number = maximumValues): StatusError =>
  requestTooLarge(`The allowed maximum values in a body is ${maximum}`);

/**
 * The number of keys in a parsed value. Refuses what the code after this must not meet: more values than there is time
 * for, deep nesting, and the key `__proto__`, which cannot be copied into an object as an ordinary field.
 */
export function countKeys(value: unknown, maximum: number = maximumValues): number {
  const counts = { keys: 0, items: 0, maximum };
  count(value, 0, counts);
  return counts.keys;
}

interface Counts {
  keys: number;
  items: number;
  readonly maximum: number;
}

function count(value: unknown, depth: number, counts: Counts): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maximumDepth) throw new UnreadableBody(`exceeded max depth of ${maximumDepth}`);
  if (Array.isArray(value)) {
    counts.items += value.length;
    if (counts.keys + counts.items > counts.maximum) throw tooManyValues(counts.maximum);
    for (const item of value) count(item, depth + 1, counts);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw new UnreadableBody('the key "__proto__" is not supported');
    counts.keys += 1;
    if (typeof item === 'object') count(item, depth + 1, counts);
  }
  if (counts.keys + counts.items > counts.maximum) throw tooManyValues(counts.maximum);
}
