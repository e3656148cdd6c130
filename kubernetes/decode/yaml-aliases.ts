import { UnreadableBody } from './unreadable-body.ts';

/** So many values a document may have when its aliases are written out: a body of 3 MiB has fewer without aliases. */
const maximumValues = 1_000_000;

/**
 * A document in which each alias stands for a copy of its own. Refuses one that would grow beyond bounds ("billion
 * laughs") or that holds itself; the size is known before anything is copied.
 */
export function expandAliases(root: unknown): unknown {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  if (sizeOf(root, sizes, open) > maximumValues)
    throw new UnreadableBody('error converting YAML to JSON: yaml: document contains excessive aliasing');
  return copy(root);
}

function sizeOf(value: unknown, sizes: Map<object, number>, open: Set<object>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  if (open.has(value)) throw new UnreadableBody('error converting YAML to JSON: yaml: anchor value contains itself');
  open.add(value);
  let size = 1;
  for (const item of Object.values(value)) size += sizeOf(item, sizes, open);
  open.delete(value);
  sizes.set(value, size);
  return size;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
