import type { Body } from './bodies.ts';
import type { Chance } from './chance.ts';
import { text } from './texts.ts';
import { anything, serialise } from './values.ts';

type Values = Readonly<Record<string, unknown>>;

/** A PATCH of one of the types that there are, made from a spoiled object. */
export function patchOf(object: Values, chance: Chance, bytes: number): Body {
  const shape = chance.pick([
    'json patch',
    'json patch',
    'merge patch',
    'strategic patch',
    'strategic patch',
    'apply',
    'other patch',
  ]);
  switch (shape) {
    case 'json patch':
      return {
        shape,
        type: 'application/json-patch+json',
        bytes: Buffer.from(serialise(operations(object, chance, bytes))),
      };
    case 'merge patch':
      return { shape, type: 'application/merge-patch+json', bytes: Buffer.from(serialise(object)) };
    case 'strategic patch':
      return {
        shape,
        type: 'application/strategic-merge-patch+json',
        bytes: Buffer.from(serialise(directed(object, chance))),
      };
    case 'apply':
      return { shape, type: 'application/apply-patch+yaml', bytes: Buffer.from(serialise(object)) };
    default:
      return {
        shape,
        type: chance.pick(['application/json', 'application/apply-patch+cbor', 'text/plain', undefined]),
        bytes: Buffer.from(serialise(object)),
      };
  }
}

function operations(object: Values, chance: Chance, bytes: number): unknown {
  const paths = [
    '/metadata/labels/a',
    '/metadata',
    '/spec',
    '/data',
    '/data/a',
    '/spec/template/spec/containers/0',
    '/spec/containers/-',
  ];
  const lists = [
    '/spec/containers/0/env',
    '/metadata/finalizers',
    '/spec/ports',
    '/endpoints',
    '/metadata/annotations',
  ];
  const pointer = (): string =>
    chance.pick([...paths, ...lists, '', '/', '//', '/~', '/-1', '/01', `/${text(chance, 50)}`]);
  const operation = (): unknown => ({
    op: chance.pick(['add', 'replace', 'remove', 'test', 'copy', 'move', 'bogus']),
    path: pointer(),
    from: pointer(),
    value: chance.happens(0.2) ? object : anything(chance, 2),
  });
  if (bytes < 1000) return Array.from({ length: chance.below(6) }, operation);
  const list = chance.pick(lists);
  const item = { name: 'a' };
  const long = Array.from({ length: Math.ceil(bytes / 20) }, () => item);
  const again = (one: unknown, size: number): unknown[] =>
    Array.from({ length: Math.ceil(Math.min(bytes, 600_000) / size) }, () => one);
  return chance.pick([
    () => [{ op: 'add', path: list, value: long }, ...again({ op: 'add', path: `${list}/0`, value: item }, 60)],
    () => [{ op: 'add', path: list, value: long }, ...again({ op: 'remove', path: `${list}/0` }, 45)],
    () => [
      { op: 'add', path: '/metadata/annotations', value: {} },
      ...again({ op: 'copy', from: '/metadata', path: '/metadata/annotations/a' }, 70),
    ],
    () => again({ op: 'test', path: '', value: object }, JSON.stringify(object).length),
    () => again({ op: 'add', path: `/metadata${'/a'.repeat(500)}`, value: 1 }, 1050),
    () => [{ op: 'add', path: `/${text(chance, bytes)}`, value: 1 }],
  ])();
}

/** A strategic merge patch with directives in it, at their place or not. */
function directed(object: Values, chance: Chance): Values {
  const directive = (): Values =>
    chance.pick<Values>([
      { $patch: chance.pick(['delete', 'replace', 'merge', 'bogus', 1, null]) },
      { $retainKeys: chance.pick([['a'], 'a', [1], []]) },
      { '$setElementOrder/containers': chance.pick([[{ name: 'web' }], ['a'], [{}], 'a']) },
      { '$deleteFromPrimitiveList/finalizers': chance.pick([['a'], 'a', [{}]]) },
      { '$setElementOrder/': [] },
      { $bogus: 1 },
    ]);
  const place = chance.pick(['', 'spec', 'metadata', 'data']);
  const inside = object[place];
  if (place === '') return { ...object, ...directive() };
  return { ...object, [place]: { ...(typeof inside === 'object' ? inside : {}), ...directive() } };
}
