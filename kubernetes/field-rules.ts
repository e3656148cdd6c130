import { invalid, notSupported, required, type FieldError } from './field-errors.ts';
import { portNameProblems, portNumberProblems } from './port.ts';
import type { IntOrString } from './schema.ts';

/** Rules that many fields share; each gives the errors of one value. */

/** What `problems` says of a value, as `Invalid value` errors. */
export const checked = (
  path: string,
  value: string,
  problems: (value: string) => readonly string[],
): readonly FieldError[] => problems(value).map((problem) => invalid(path, value, problem));

/** A text that must be there and pass `problems`. */
export const requiredText = (
  path: string,
  value: string | undefined,
  problems: (value: string) => readonly string[] = () => [],
): readonly FieldError[] => (value ? checked(path, value, problems) : [required(path)]);

/** A text that passes `problems` when there is one. */
export const optionalText = (
  path: string,
  value: string | undefined,
  problems: (value: string) => readonly string[],
): readonly FieldError[] => (value ? checked(path, value, problems) : []);

/** A value out of a few; an unset one is right. */
export const oneOf = (path: string, value: string | undefined, allowed: readonly string[]): readonly FieldError[] =>
  !value || allowed.includes(value) ? [] : [notSupported(path, value, allowed)];

/** The same, and it must be there. */
export const requiredOneOf = (
  path: string,
  value: string | undefined,
  allowed: readonly string[],
): readonly FieldError[] => (value ? oneOf(path, value, allowed) : [required(path)]);

export const nonNegative = (path: string, value: number | undefined): readonly FieldError[] =>
  value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : [];

/** A number in a range; an unset one is right. */
export const between = (
  path: string,
  value: number | undefined,
  [lowest, highest]: readonly [number, number],
): readonly FieldError[] =>
  value === undefined || (value >= lowest && value <= highest)
    ? []
    : [invalid(path, value, `must be between ${lowest} and ${highest}, inclusive`)];

/** Where in a list stands what stood before; in one pass, since a body can hold a hundred thousand items. */
export function repetitions(values: readonly string[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const repeated = new Set<number>();
  values.forEach((value, index) => (seen.has(value) ? repeated.add(index) : seen.add(value)));
  return repeated;
}

export const portNumber = (path: string, value: number): readonly FieldError[] =>
  portNumberProblems(value).map((problem) => invalid(path, value, problem));

/** A port by number, or by the name that it has in the container. */
export const portNumberOrName = (path: string, value: IntOrString): readonly FieldError[] =>
  typeof value === 'number' ? portNumber(path, value) : checked(path, value, portNameProblems);
