import { UnreadableBody } from './unreadable-body.ts';

/** Far above what any manifest needs; everything that walks a body recursively relies on it. */
export const maximumDepth = 256;

/**
 * The number of keys in a parsed value. Refuses what the code after this must not meet: deep nesting, and the key
 * `__proto__`, which cannot be copied into an object as an ordinary field.
 */
export function countKeys(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maximumDepth) throw new UnreadableBody(`exceeded max depth of ${maximumDepth}`);
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item, depth + 1);
    return count;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw new UnreadableBody('the key "__proto__" is not supported');
    count += 1;
    if (typeof item === 'object') count += countKeys(item, depth + 1);
  }
  return count;
}
