import { gzipSync } from 'node:zlib';
import type { Chance } from './chance.ts';
import { protobufBody } from './protobuf.ts';
import { text } from './texts.ts';
import { anything, serialise } from './values.ts';

export interface Body {
  /** What it is, for those who read a finding. */
  readonly shape: string;
  readonly type: string | undefined;
  readonly bytes: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

const json = 'application/json';
const yaml = 'application/yaml';
const protobuf = 'application/vnd.kubernetes.protobuf';

/** An object in one of the forms that clients send, or in one that they do not. `bytes` is about how large it may be. */
export function bodyOf(object: Values, chance: Chance, bytes: number): Body {
  const form = chance.below(100);
  if (form < 55) return { shape: 'json', type: json, bytes: Buffer.from(serialise(object)) };
  if (form < 68) return { shape: 'json as yaml', type: yaml, bytes: Buffer.from(serialise(object)) };
  if (form < 78) return { shape: 'aliases', type: yaml, bytes: Buffer.from(aliases(object, chance, bytes)) };
  if (form < 88) return { shape: 'protobuf', type: protobuf, bytes: Buffer.from(protobufBody(object)) };
  return garbage(object, chance, bytes);
}

/** YAML whose aliases stand for far more than is written. */
function aliases(object: Values, chance: Chance, bytes: number): string {
  const before = JSON.stringify({ ...object, spec: undefined, data: undefined }).slice(0, -1);
  const part = Math.max(10, Math.floor(bytes / 2));
  const [field, anchored] = chance.pick([
    ['data', JSON.stringify('x'.repeat(part))],
    ['data', JSON.stringify(text(chance, part))],
    ['spec', `[${'a,'.repeat(Math.ceil(part / 2))}a]`],
    ['spec', JSON.stringify(anything(chance, 3))],
  ] as const);
  const times = chance.size(Math.max(10, bytes / 12));
  const entries = Array.from({ length: times }, (_, index) => `"k${index}": *a`);
  const nested = Array.from({ length: 12 }, (_, index) => `"n${index}": &n${index} [${`*n${index - 1},`.repeat(9)}a]`);
  nested[0] = '"n0": &n0 [a]';
  const merged = Array.from({ length: Math.min(times, 2000) }, (_, index) => `"m${index}": {<<: *m, b: c}`);
  const inside = chance.pick([
    [`"k": &a ${anchored}`, ...entries],
    nested,
    ['"m": &m {a: b}', ...merged],
    ['"r": &r [*r]'],
    Array.from({ length: times }, (_, index) => `"k${index}": &k${index} a`),
  ]);
  return `${before}, "${field}": {${inside.join(', ')}}}`;
}

/** What no client sends. */
function garbage(object: Values, chance: Chance, bytes: number): Body {
  const random = Buffer.from(Array.from({ length: chance.size(Math.min(bytes, 5000) + 10) }, () => chance.below(256)));
  const whole = Buffer.from(serialise(object));
  const shape = chance.pick([
    'cbor',
    'form',
    'protobuf garbage',
    'cut',
    'text',
    'gzip',
    'blanks',
    'documents',
    'block',
    'bytes',
  ]);
  switch (shape) {
    case 'cbor':
      return { shape, type: 'application/cbor', bytes: Buffer.concat([Buffer.from([0xd9, 0xd9, 0xf7]), random]) };
    case 'form':
      return {
        shape,
        type: 'application/x-www-form-urlencoded',
        bytes: Buffer.from(`a=${encodeURIComponent(String(whole)).slice(0, bytes)}`),
      };
    case 'protobuf garbage':
      return { shape, type: protobuf, bytes: Buffer.concat([Buffer.from('k8s\0'), random]) };
    case 'cut':
      return { shape, type: chance.pick([json, yaml]), bytes: whole.subarray(0, chance.below(whole.length + 1)) };
    case 'text':
      return {
        shape,
        type: chance.pick(['text/plain', '', 'application/xml', 'application/json; charset=latin1', undefined]),
        bytes: whole,
      };
    case 'gzip':
      return { shape, type: json, bytes: gzipSync(Buffer.alloc(bytes * 10)), headers: { 'content-encoding': 'gzip' } };
    case 'blanks':
      return {
        shape,
        type: chance.pick([json, yaml]),
        bytes: Buffer.alloc(bytes, chance.pick([' ', '\n', '\t', '# a\n', '- ', '[', '"', ': ', '? '])),
      };
    case 'documents':
      return {
        shape,
        type: yaml,
        bytes: Buffer.from(`${String(whole.subarray(0, 500))}\n---\n`.repeat(Math.ceil(bytes / 500))),
      };
    case 'block':
      return { shape, type: yaml, bytes: Buffer.from(`a: |\n${' x\n'.repeat(Math.ceil(bytes / 3))}`) };
    default:
      return { shape, type: chance.pick([json, yaml, protobuf]), bytes: random };
  }
}
