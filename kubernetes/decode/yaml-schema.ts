import { defineMappingTag, defineScalarTag, mergeTag, NOT_RESOLVED, Schema, seqTag, strTag } from 'js-yaml';
import { maximumDuplicates } from './json.ts';

/** A key that a mapping holds twice. */
export interface DuplicateKey {
  readonly mapping: object;
  readonly key: string;
}

type Mapping = Record<string, unknown>;

/**
 * The scalars of go-yaml v2, on which sigs.k8s.io/yaml is built, so that a manifest means here what it means to kubectl.
 * Duplicate keys are added to `duplicates`, at most 100; the last one counts.
 */
export const yamlSchema = (duplicates: DuplicateKey[]): Schema =>
  new Schema([strTag, nullTag, booleanTag, integerTag, floatTag, mergeTag, seqTag, mappingTag(duplicates)]);

const words = (text: string): readonly string[] => text.split(' ');
const yes = new Set(words('y Y yes Yes YES true True TRUE on On ON'));
const no = new Set(words('n N no No NO false False FALSE off Off OFF'));
const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);

const nullTag = defineScalarTag<null>('tag:yaml.org,2002:null', {
  implicit: true,
  implicitFirstChars: ['', '~', 'n', 'N'],
  resolve: (source) => (nulls.has(source) ? null : NOT_RESOLVED),
  identify: (value) => value === null,
});

const booleanTag = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: 'yYnNtTfFoO'.split(''),
  resolve: (source) => (yes.has(source) ? true : no.has(source) ? false : NOT_RESOLVED),
  identify: (value) => typeof value === 'boolean',
});

const integerTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: '+-0123456789'.split(''),
  resolve: (source) => parseInteger(source.replaceAll('_', '')) ?? NOT_RESOLVED,
  identify: Number.isInteger,
});

const digits: readonly { readonly pattern: RegExp; readonly radix: number; readonly prefix: number }[] = [
  { pattern: /^(?:0|[1-9][0-9]*)$/, radix: 10, prefix: 0 },
  { pattern: /^0[xX][0-9a-fA-F]+$/, radix: 16, prefix: 2 },
  { pattern: /^0[bB][01]+$/, radix: 2, prefix: 2 },
  { pattern: /^0[oO][0-7]+$/, radix: 8, prefix: 2 },
  { pattern: /^0[0-7]+$/, radix: 8, prefix: 1 },
];

/** As strconv.ParseInt with base 0: `12`, `0x1f`, `0b11`, `0o17` and, octal too, `017`. */
function parseInteger(source: string): number | undefined {
  const negative = source.startsWith('-');
  const digitsOnly = negative || source.startsWith('+') ? source.slice(1) : source;
  const form = digits.find(({ pattern }) => pattern.test(digitsOnly));
  if (form === undefined) return undefined;
  const value = Number.parseInt(digitsOnly.slice(form.prefix), form.radix);
  return negative && value !== 0 ? -value : value;
}

const floatPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: '+-.0123456789'.split(''),
  resolve: (source) => {
    const plain = source.replaceAll('_', '');
    if (!floatPattern.test(plain)) return NOT_RESOLVED;
    const value = Number(plain);
    return Number.isFinite(value) ? value : NOT_RESOLVED;
  },
  identify: (value) => typeof value === 'number',
});

function mappingTag(duplicates: DuplicateKey[]) {
  // A merge (`<<`) asks `has` before each key it adds; such a key may be given again by the mapping itself.
  let asked: DuplicateKey | undefined;
  const merged = new WeakMap<Mapping, Set<string>>();
  const noteMerged = (mapping: Mapping, key: string): void => {
    merged.set(mapping, (merged.get(mapping) ?? new Set()).add(key));
  };
  return defineMappingTag<Mapping>('tag:yaml.org,2002:map', {
    create: () => ({}),
    addPair: (mapping, key, value) => {
      const name = keyText(key);
      if (name === undefined) return 'unsupported map key';
      if (name === '__proto__') return 'the key "__proto__" is not supported';
      const byMerge = asked?.mapping === mapping && asked.key === name;
      asked = undefined;
      if (byMerge) noteMerged(mapping, name);
      else if (
        Object.hasOwn(mapping, name) &&
        !merged.get(mapping)?.delete(name) &&
        duplicates.length < maximumDuplicates
      )
        duplicates.push({ mapping, key: name });
      mapping[name] = value;
      return '';
    },
    has: (mapping, key) => {
      asked = { mapping, key: keyText(key) ?? '' };
      return Object.hasOwn(mapping, asked.key);
    },
    keys: (mapping) => Object.keys(mapping),
    get: (mapping, key) => mapping[keyText(key) ?? ''],
    identify: (value) => typeof value === 'object' && value !== null,
  });
}

/** Keys of JSON are strings: `80: x` and `on: x` become "80" and "true", as in sigs.k8s.io/yaml. */
function keyText(key: unknown): string | undefined {
  if (typeof key === 'string') return key;
  return typeof key === 'number' || typeof key === 'boolean' ? String(key) : undefined;
}
