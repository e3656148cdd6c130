/**
 * Kubernetes' quantities, `500m`, `1.5Gi`, `1e3`: read exactly, compared, and written as apimachinery writes them
 * (pkg/api/resource/quantity.go). Never a floating point number inside.
 */

/** `unscaled` × 10 ^ `scale`, to be written in the given family of suffixes. */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
  /** The text it was read from, where the server keeps that instead of the canonical form. */
  readonly text?: string;
}

export type ParsedQuantity =
  | { readonly ok: true; readonly value: Quantity }
  | { readonly ok: false; readonly message: string };

const formatProblem = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffixProblem = "unable to parse quantity's suffix";

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = -9;
const milli = -3;

/** At each character one way to go on: the zeros in front are taken off afterwards. */
const syntax = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<suffix>(?:[eEinumkKMGTP]+[+-]?\d*|[+-]\d*)?)$/;

/** Longer texts, and exponents that are further from zero, mean nothing and would only cost time. */
const maximumLength = 500;
const maximumExponent = 999;

/** Reads a quantity; the message of a failure is what a kube-apiserver answers, `quantities must match …`. */
export function parseQuantity(given: string): ParsedQuantity {
  const text = given.trim();
  const parts = text === '' || text.length > maximumLength ? undefined : syntax.exec(text)?.groups;
  if (parts === undefined) return { ok: false, message: formatProblem };
  const unit = readSuffix(parts['suffix'] ?? '');
  if (unit === undefined) return { ok: false, message: suffixProblem };
  const digits = { whole: parts['whole']?.replace(/^0+/, '') || '0', fraction: parts['fraction'] ?? '' };
  const magnitude = BigInt(digits.whole + digits.fraction) * unit.factor;
  const scale = unit.exponent - digits.fraction.length;
  const limited = unit.format === 'BinarySI' && scale === 0 ? smaller(magnitude, largest) : magnitude;
  const value = toNano({
    unscaled: parts['sign'] === '-' ? -limited : limited,
    scale,
    format: unit.format,
  });
  return { ok: true, value: keepsText(digits, unit) ? { ...value, text } : value };
}

const largest = 2n ** 63n - 1n;
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

interface Unit {
  readonly format: Quantity['format'];
  readonly factor: bigint;
  /** Of ten. */
  readonly exponent: number;
}

function readSuffix(suffix: string): Unit | undefined {
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { format: 'DecimalSI', factor: 1n, exponent: decimal * 3 + nano };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { format: 'BinarySI', factor: 1024n ** BigInt(binary), exponent: 0 };
  if (!/^[eE][+-]?\d+$/.test(suffix)) return undefined;
  const exponent = Number(suffix.slice(1));
  return Math.abs(exponent) > maximumExponent ? undefined : { format: 'DecimalExponent', factor: 1n, exponent };
}

interface Digits {
  readonly whole: string;
  readonly fraction: string;
}

/**
 * Texts that apimachinery takes for canonical without working it out, and so keeps: `1.500` stays, while `1.5` becomes
 * `1500m`.
 */
function keepsText({ whole, fraction }: Digits, unit: Unit): boolean {
  const digits = whole + fraction;
  if (unit.format === 'BinarySI') {
    const precision = 14 - whole.length - Math.trunc(bits(unit) * 0.3);
    return fraction === '' && precision >= 0 && (BigInt(digits) & 7n) !== 0n;
  }
  const scale = unit.exponent - fraction.length;
  if (digits.length > 18 || scale < nano || scale % 3 !== 0) return false;
  return !digits.endsWith('000') && !digits.startsWith('0');
}

const bits = (unit: Unit): number => unit.factor.toString(2).length - 1;

/** Finer than a billionth is rounded away from zero: whoever asks for a little gets a little. */
function toNano(quantity: Quantity): Quantity {
  if (quantity.scale >= nano) return quantity;
  return { ...quantity, unscaled: roundAway(quantity, nano), scale: nano };
}

/** The value in units of 10 ^ scale, rounded away from zero. */
function roundAway({ unscaled, scale: from }: Quantity, to: number): bigint {
  if (from >= to) return unscaled * 10n ** BigInt(from - to);
  const divisor = 10n ** BigInt(to - from);
  const quotient = unscaled / divisor;
  if (quotient * divisor === unscaled) return quotient;
  return unscaled < 0n ? quotient - 1n : quotient + 1n;
}

/** The form in which the server stores and prints it. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  if (quantity.unscaled === 0n) return '0';
  if (quantity.format === 'BinarySI') {
    const whole = roundAway(quantity, 0);
    const exact = compare(quantity, { unscaled: whole, scale: 0, format: 'BinarySI' }) === 0;
    if (exact && (whole >= 1024n || whole <= -1024n)) return formatBinary(whole);
  }
  return formatDecimal(quantity);
}

function formatBinary(whole: bigint): string {
  let rest = whole;
  let power = 0;
  for (; rest % 1024n === 0n && power < binarySuffixes.length - 1; power += 1) rest /= 1024n;
  return `${rest}${binarySuffixes[power]}`;
}

function formatDecimal(quantity: Quantity): string {
  let { unscaled, scale } = quantity;
  for (; unscaled % 10n === 0n; scale += 1) unscaled /= 10n;
  for (; scale % 3 !== 0; scale -= 1) unscaled *= 10n;
  const suffix = quantity.format === 'DecimalExponent' ? undefined : decimalSuffixes[(scale - nano) / 3];
  if (suffix !== undefined) return `${unscaled}${suffix}`;
  return scale === 0 ? String(unscaled) : `${unscaled}e${scale}`;
}

const zero: Quantity = { unscaled: 0n, scale: 0, format: 'DecimalSI' };

/** A quantity of a decoded object, which has been read once; what cannot be read counts as 0. */
const known = (text: string): Quantity => {
  const parsed = parseQuantity(text);
  return parsed.ok ? parsed.value : zero;
};

/** `1000m` -> `1`, `0.5` -> `500m`, `1024Mi` -> `1Gi`; what cannot be read stays as it is. */
export function canonicalQuantity(text: string): string {
  const parsed = parseQuantity(text);
  return parsed.ok ? formatQuantity(parsed.value) : text;
}

/** The same, rounded up to thousandths: what the amounts of resources are kept in. */
export function roundedToMilli(text: string): string {
  const parsed = parseQuantity(text);
  if (!parsed.ok) return text;
  const { value } = parsed;
  if (value.scale >= milli) return formatQuantity(value);
  return formatQuantity({ unscaled: roundAway(value, milli), scale: milli, format: value.format });
}

/** Below zero when `a` is less than `b`, 0 when they are the same amount: `1` and `1000m`. */
export const compareQuantities = (a: string, b: string): number => compare(known(a), known(b));

function compare(a: Quantity, b: Quantity): number {
  const scale = Math.min(a.scale, b.scale);
  const difference = roundAway(a, scale) - roundAway(b, scale);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** Thousandths, rounded up: `1.5` gives 1500. CPU units of Kubernetes. */
export const milliValue = (text: string): number => Number(roundAway(known(text), milli));

/** Whole units, rounded up: `1Ki` gives 1024, `500m` gives 1. */
export const wholeValue = (text: string): number => Number(roundAway(known(text), 0));
