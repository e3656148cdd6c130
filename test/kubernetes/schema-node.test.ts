import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  atomicList,
  int32,
  int64,
  intOrString,
  mapList,
  microTime,
  quantity,
  stringMap,
  struct,
  time,
} from '../../kubernetes/schema.ts';
import { childNode, schemaNode, type SchemaNode } from '../../kubernetes/schema-node.ts';

const item = struct('test.Item', { name: z.string(), port: int32().optional() });
const root = struct('test.Root', {
  text: z.string(),
  flag: z.boolean().optional(),
  count: int64().optional(),
  share: intOrString().optional(),
  amounts: z.record(z.string(), quantity()).optional(),
  at: time().nullable().optional(),
  exactly: microTime().optional(),
  labels: stringMap().optional(),
  merged: mapList(item, ['name'], 'port').optional(),
  atomic: atomicList(z.string()).optional(),
  plain: z.array(z.string()).optional(),
  set: z.array(z.string()).meta({ listType: 'set', patchStrategy: 'merge' }).optional(),
  inner: item.meta({ patchStrategy: 'retainKeys' }).optional(),
  filled: item.default(() => ({ name: '' })),
  open: z.record(z.string(), z.unknown()).optional(),
});

const node = schemaNode(root);
const field = (name: string) => (node.type === 'struct' ? node.fields.get(name) : undefined);

describe('a schema as a tree', () => {
  test('is the same one each time', () => {
    expect(schemaNode(root)).toBe(node);
  });

  test.each<[string, Partial<SchemaNode> | { scalar: string }]>([
    ['text', { type: 'scalar', scalar: 'string', goType: 'string' }],
    ['flag', { type: 'scalar', scalar: 'boolean', goType: 'bool' }],
    ['count', { type: 'scalar', scalar: 'int64', format: 'int64' }],
    ['share', { type: 'scalar', scalar: 'int-or-string' }],
    ['at', { type: 'scalar', scalar: 'time' }],
    ['exactly', { type: 'scalar', scalar: 'micro-time' }],
    ['labels', { type: 'map', atomic: false }],
    ['merged', { type: 'list', listType: 'map', keys: ['name'] }],
    ['atomic', { type: 'list', listType: 'atomic', isPlain: false }],
    ['plain', { type: 'list', listType: 'atomic', isPlain: true }],
    ['set', { type: 'list', listType: 'set' }],
    ['inner', { type: 'struct', id: 'test.Item', name: 'Item' }],
    ['open', { type: 'map' }],
  ])('knows what %s is', (name, expected) => {
    expect(field(name)?.node).toMatchObject(expected);
  });

  test('knows quantities in maps, and JSON of any shape', () => {
    expect(childNode(field('amounts')?.node ?? node, 'cpu')).toMatchObject({ scalar: 'quantity' });
    expect(childNode(field('open')?.node ?? node, 'x')).toEqual({ type: 'any' });
  });

  test('knows which fields clients may leave out, and which are there all the same', () => {
    expect(field('text')).toMatchObject({ optional: false, filled: true });
    expect(field('flag')).toMatchObject({ optional: true, filled: false });
    expect(field('filled')).toMatchObject({ optional: true, filled: true });
    expect(node.type === 'struct' && node.filled.map(({ name }) => name)).toEqual(['text', 'filled']);
  });

  test('knows how patches merge a field', () => {
    expect(field('merged')).toMatchObject({ patchStrategies: ['merge'], patchMergeKey: 'port' });
    expect(field('inner')).toMatchObject({ patchStrategies: ['retainKeys'] });
    expect(field('set')).toMatchObject({ patchStrategies: ['merge'], patchMergeKey: undefined });
    expect(field('atomic')).toMatchObject({ patchStrategies: [] });
  });

  test('has no children that are not declared', () => {
    expect(childNode(node, 'constructor')).toBeUndefined();
    expect(childNode(node, 'zzz')).toBeUndefined();
  });
});
