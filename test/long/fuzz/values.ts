import type { ScalarNode, SchemaNode } from '../../../kubernetes/schema-node.ts';
import type { Chance } from './chance.ts';
import { text } from './texts.ts';

/** Stands for so many lists in each other, which no function that calls itself could write; see `serialise`. */
const deepMark = 'deep-nesting-of-';
/** Stands for the same key so many times. */
export const againKey = 'the-same-key-again';

/** A value of a type, as a client would write it, in at most so many levels. */
export function value(node: SchemaNode, chance: Chance, levels = 4): unknown {
  if (levels === 0 && node.type !== 'scalar') return chance.pick([{}, [], null]);
  switch (node.type) {
    case 'struct': {
      const fields = [...node.fields.values()];
      const kept = fields.filter((field) => chance.happens(!field.optional || fields.length < 5 ? 0.8 : 0.2));
      return Object.fromEntries(kept.map((field) => [field.name, value(field.node, chance, levels - 1)]));
    }
    case 'list':
      return Array.from({ length: chance.below(3) }, () => value(node.item, chance, levels - 1));
    case 'map':
      return { [text(chance, 20)]: value(node.value, chance, levels - 1), a: value(node.value, chance, levels - 1) };
    case 'any':
      return anything(chance, levels);
    case 'scalar':
      return chance.happens(0.9) ? scalar(node, chance) : anything(chance, 1);
  }
}

function scalar({ scalar: type }: ScalarNode, chance: Chance): unknown {
  switch (type) {
    case 'string':
      return chance.happens(0.5)
        ? chance.pick(['a', 'web', 'nginx:1', '/data', 'TCP', 'Always', 'app'])
        : text(chance, 300);
    case 'int32':
    case 'int64':
    case 'number':
      return chance.pick([0, 1, 80, 8080, -1, 65_536, 2_147_483_647, 2_147_483_648, 1e300, 0.5]);
    case 'boolean':
      return chance.happens(0.5);
    case 'int-or-string':
      return chance.pick([80, 'http', '25%', '%', -1, text(chance, 100)]);
    case 'quantity':
      return chance.pick(['100m', '64Mi', '1', '1e3', 0.1, text(chance, 600)]);
    case 'time':
    case 'micro-time':
      return chance.pick(['2025-01-01T00:00:00Z', '2025-01-01T00:00:00.000000Z', text(chance, 50)]);
    case 'bytes':
      return chance.pick(['aGVsbG8=', 'a', text(chance, 1000)]);
  }
}

/** JSON of any shape. */
export function anything(chance: Chance, levels: number): unknown {
  if (levels > 0 && chance.happens(0.3))
    return Array.from({ length: chance.below(4) }, () => anything(chance, levels - 1));
  if (levels > 0 && chance.happens(0.4)) {
    return Object.fromEntries(
      Array.from({ length: chance.below(4) }, () => [text(chance, 10), anything(chance, levels - 1)]),
    );
  }
  return chance.pick<unknown>([null, true, false, 0, -1, 1.5, 1e21, '', 'a', text(chance, 100), [], {}]);
}

/** A value that is far too large for its type, of about so many bytes. */
export function huge(node: SchemaNode, chance: Chance, bytes: number): unknown {
  const shape = chance.pick(['long', 'long', 'long', 'deep', 'other', 'again']);
  if (shape === 'deep') return `${deepMark}${chance.pick(['list', 'map'])}-${chance.size(Math.max(2, bytes / 6))}`;
  if (shape === 'again') return { [`${againKey}-${Math.ceil(bytes / 30)}`]: 'a' };
  if (shape === 'other' || node.type === 'any') {
    const item = anything(chance, 2);
    return Array.from({ length: count(item, bytes) }, () => item);
  }
  if (node.type === 'list') return longList(value(node.item, chance, 3), chance, bytes);
  if (node.type === 'scalar') return text(chance, bytes);
  const inner = node.type === 'map' ? node.value : undefined;
  const item = inner === undefined ? 'a' : value(inner, chance, 2);
  const key = chance.pick(['key', 'example.com/', 'A_', text(chance, 20)]);
  return Object.fromEntries(Array.from({ length: count([key, item], bytes) }, (_, index) => [`${key}${index}`, item]));
}

const count = (item: unknown, bytes: number): number => Math.ceil(bytes / (JSON.stringify(item).length + 6));

/** The same item again and again, or with a name of its own each time. */
export function longList(item: unknown, chance: Chance, bytes: number): unknown[] {
  const length = count(item, bytes);
  if (typeof item === 'string') {
    return Array.from({ length }, (_, index) => (chance.happens(0.5) ? item : `${item}${index}`));
  }
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return Array.from({ length }, () => item);
  const named = chance.pick(['name', 'name', 'uid', 'mountPath', 'ip', 'port', 'key', 'none']);
  return Array.from({ length }, (_, index) =>
    named === 'none' ? item : { ...item, [named]: named === 'port' ? index % 65_536 : `a${index}` },
  );
}

/** JSON text, with what stands for more than JSON.stringify can write put in: once, since it is huge. */
export function serialise(object: unknown): string {
  return JSON.stringify(object)
    .replace(/"deep-nesting-of-(list|map)-(\d+)"/, (_, shape: string, levels: string) => deep(shape, Number(levels)))
    .replace(/"the-same-key-again-(\d+)":/, (_, times: string) => '"again":"a",'.repeat(Number(times)) + '"again":');
}

const deep = (shape: string, levels: number): string =>
  shape === 'list' ? '['.repeat(levels) + ']'.repeat(levels) : '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
