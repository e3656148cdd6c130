import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { threeWayMerge } from '../../../kubernetes/patch/three-way.ts';
import { objectMeta } from '../../../kubernetes/object-meta.ts';
import { atomicList, mapList, stringMap, struct } from '../../../kubernetes/schema.ts';

const boat = struct('test.Boat', {
  kind: z.literal('Boat'),
  apiVersion: z.literal('test/v1'),
  metadata: objectMeta(),
  name: z.string().optional(),
  labels: stringMap().optional(),
  sails: mapList(struct('test.Sail', { name: z.string(), area: z.int().optional(), colour: z.string().optional() }), [
    'name',
  ]).optional(),
  log: atomicList(z.string()).optional(),
  crew: z.array(z.string()).meta({ listType: 'set', patchStrategy: 'merge' }).optional(),
  drive: struct('test.Drive', {
    type: z.string().optional(),
    engine: struct('test.Engine', { power: z.int().optional(), fuel: z.string().optional() }).optional(),
  })
    .meta({ patchStrategy: 'retainKeys' })
    .optional(),
});
const kind = { schema: () => boat };

type Json = Record<string, unknown>;
const merge = (original: Json | undefined, modified: Json, current: Json): unknown =>
  threeWayMerge(kind, { original, modified, current });

describe('a three-way merge', () => {
  test('sets what is applied and keeps what others set', () => {
    expect(merge(undefined, { labels: { a: '1' } }, { name: 'x', labels: { b: '2' } })).toEqual({
      name: 'x',
      labels: { a: '1', b: '2' },
    });
  });

  test('takes away what was applied and is no longer', () => {
    const current = { name: 'x', labels: { a: '1', b: '2', c: '3' }, log: ['l'] };
    expect(merge({ labels: { a: '1', b: '2' }, log: ['l'] }, { labels: { a: '1' } }, current)).toEqual({
      name: 'x',
      labels: { a: '1', c: '3' },
    });
  });

  test('merges lists by key, and orders them as applied', () => {
    const current = { sails: [{ name: 'main', area: 9, colour: 'white' }, { name: 'jib' }, { name: 'other' }] };
    const original = { sails: [{ name: 'main', area: 9, colour: 'white' }, { name: 'jib' }] };
    const modified = { sails: [{ name: 'storm' }, { name: 'main', area: 10 }] };
    expect(merge(original, modified, current)).toEqual({
      sails: [{ name: 'storm' }, { name: 'main', area: 10 }, { name: 'other' }],
    });
  });

  test('leaves a list alone that names a key twice and is there already', () => {
    const sails = [{ name: 'main', area: 9 }, { name: 'jib' }, { name: 'main', colour: 'red' }];
    const current = { sails: [{ name: 'main', area: 9, colour: 'white' }, { name: 'jib' }, sails[2]] };
    expect(merge({ sails }, { sails }, current)).toEqual(current);
  });

  test('merges sets, and replaces lists that are atomic', () => {
    const current = { crew: ['ann', 'bob', 'eve'], log: ['x', 'y'] };
    const merged = merge({ crew: ['ann', 'bob'], log: ['x'] }, { crew: ['bob', 'cy'], log: ['z'] }, current);
    expect(merged).toEqual({ crew: ['bob', 'cy', 'eve'], log: ['z'] });
  });

  test('drops the alternatives to what a union chooses, though nobody applied them', () => {
    const current = { drive: { type: 'engine', engine: { power: 5 } } };
    expect(merge({ drive: { type: 'engine' } }, { drive: { type: 'oars' } }, current)).toEqual({
      drive: { type: 'oars' },
    });
    const kept = merge({ drive: { type: 'engine' } }, { drive: { type: 'engine' } }, current);
    expect(kept).toEqual(current);
  });

  test('changes nothing the second time', () => {
    const applied = { name: 'x', sails: [{ name: 'main', area: 1 }], crew: ['ann'], drive: { type: 'oars' } };
    const once = merge(undefined, applied, { labels: { z: '1' }, drive: { type: 'engine', engine: { fuel: 'oil' } } });
    expect(merge(applied, applied, once as Json)).toEqual(once);
  });

  test('leaves its arguments as they are', () => {
    const frozen = (value: Json): Json => JSON.parse(JSON.stringify(value), (_key, each) => Object.freeze(each));
    const current = frozen({ sails: [{ name: 'main' }], drive: { type: 'engine', engine: { power: 5 } } });
    merge(
      frozen({ sails: [{ name: 'main' }] }),
      frozen({ sails: [{ name: 'jib' }], drive: { type: 'oars' } }),
      current,
    );
    expect(current).toEqual({ sails: [{ name: 'main' }], drive: { type: 'engine', engine: { power: 5 } } });
  });
});
