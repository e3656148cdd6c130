import { formatQuantity, parseQuantity } from '../quantity.ts';
import type { ScalarNode } from '../schema-node.ts';
import { quoted } from '../shown-value.ts';

/** A scalar as the server keeps it, or what is wrong: a type that does not fit, or a text that says more. */
export type DecodedScalar =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem?: string };

const mismatch: DecodedScalar = { ok: false };
const wrong = (problem: string): DecodedScalar => ({ ok: false, problem });
const right = (value: unknown): DecodedScalar => ({ ok: true, value });

/** Reads a scalar as Go's decoder and the types' own UnmarshalJSON do. `value` is not null. */
export const decodeScalar = (node: ScalarNode, value: unknown): DecodedScalar => readers[node.scalar](value);

const readers: Readonly<Record<ScalarNode['scalar'], (value: unknown) => DecodedScalar>> = {
  string: (value) => (typeof value === 'string' ? right(value) : mismatch),
  boolean: (value) => (typeof value === 'boolean' ? right(value) : mismatch),
  number: (value) => (typeof value === 'number' ? right(value) : mismatch),
  int32: (value) => (isInt32(value) ? right(value) : mismatch),
  int64: (value) => (Number.isSafeInteger(value) ? right(value) : mismatch),
  'int-or-string': (value) => (typeof value === 'string' || isInt32(value) ? right(value) : mismatch),
  quantity: decodeQuantity,
  time: (value) => (typeof value === 'string' ? decodeTime(value, false) : mismatch),
  'micro-time': (value) => (typeof value === 'string' ? decodeTime(value, true) : mismatch),
  bytes: (value) => (typeof value === 'string' ? decodeBase64(value) : mismatch),
};

const isInt32 = (value: unknown): boolean => typeof value === 'number' && (value | 0) === value;

/** A quantity may be a number in JSON; it is kept as canonical text. */
function decodeQuantity(value: unknown): DecodedScalar {
  const parsed = parseQuantity(typeof value === 'number' || typeof value === 'string' ? String(value) : '');
  return parsed.ok ? right(formatQuantity(parsed.value)) : wrong(parsed.message);
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9}))?(?:Z|[+-]\d{2}:\d{2})$/;

/** Times are kept in UTC, with whole seconds or with microseconds. */
function decodeTime(text: string, micro: boolean): DecodedScalar {
  const [, date = '', fraction = ''] = rfc3339.exec(text) ?? [];
  const milliseconds = isDate(date) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    return wrong(`parsing time ${quoted(text)} as "${layout}": cannot parse ${quoted(text)} as "2006"`);
  }
  const seconds = new Date(milliseconds).toISOString().slice(0, 19);
  return right(micro ? `${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}Z` : `${seconds}Z`);
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDate(date: string): boolean {
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date);
}

/** What follows the digits of a base64 text. A search for it reads a megabyte in a millisecond. */
const notBase64 = /[^A-Za-z0-9+/]/;

function decodeBase64(text: string): DecodedScalar {
  // Line breaks are passed over, as Go does.
  const plain = text.replaceAll(/[\r\n]/g, '');
  const end = plain.search(notBase64);
  const padding = end === -1 ? '' : plain.slice(end, end + 3);
  if (
    plain.length % 4 === 0 &&
    (padding === '' || ((padding === '=' || padding === '==') && end + padding.length === plain.length))
  )
    return right(plain);
  const stray = /[^A-Za-z0-9+/\r\n]/.exec(text);
  return wrong(`illegal base64 data at input byte ${stray === null ? plain.length - (plain.length % 4) : stray.index}`);
}
