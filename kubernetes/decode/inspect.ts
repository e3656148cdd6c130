import { maximumDocuments, maximumValues } from '../limits.ts';
import { requestTooLarge } from '../status-error.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** Far above what any manifest needs; everything that walks a body recursively relies on it. */
export const maximumDepth = 256;

/** Refuses more than there is time for: a body is small, and what it says may not be. Throws StatusError 413. */
export function checkValues(count: number, maximum: number = maximumValues): void {
  if (count > maximum) throw requestTooLarge(`The allowed maximum values in a body is ${maximum}`);
}

/** The same, of what one request brings. */
export function checkDocuments(count: number): void {
  if (count > maximumDocuments) throw requestTooLarge(`The allowed maximum documents is ${maximumDocuments}`);
}

/** The keys of a parsed value, and all its values: those and the items of its lists. */
export interface Counted {
  keys: number;
  values: number;
}

/**
 * Counts a parsed value. Refuses what the code after this must not meet: more values than there is time for, deep nesting,
 * and the key `__proto__`, which cannot be copied into an object as an ordinary field.
 */
export function countValues(value: unknown, maximum: number = maximumValues): Readonly<Counted> {
  const counted: Counted = { keys: 0, values: 0 };
  count(value, counted, 0);
  checkValues(counted.values, maximum);
  return counted;
}

function count(value: unknown, counted: Counted, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maximumDepth) throw new UnreadableBody(`exceeded max depth of ${maximumDepth}`);
  if (Array.isArray(value)) {
    counted.values += value.length;
    for (const item of value) count(item, counted, depth + 1);
    return;
  }
  const keys = Object.keys(value);
  counted.keys += keys.length;
  counted.values += keys.length;
  for (const key of keys) {
    if (key === '__proto__') throw new UnreadableBody('the key "__proto__" is not supported');
    const item: unknown = Reflect.get(value, key);
    if (typeof item === 'object') count(item, counted, depth + 1);
  }
}
