import { invalid, type FieldError } from '../../field-errors.ts';
import { between } from '../../field-rules.ts';

/** A path that does not climb: no element of it is `..`. */
export const pathWithoutBacksteps = (path: string, value: string): readonly FieldError[] =>
  value.split('/').includes('..') ? [invalid(path, value, "must not contain '..'")] : [];

/** A path that stays below where it is used. */
export const descendingPath = (path: string, value: string): readonly FieldError[] => [
  ...(value.startsWith('/') ? [invalid(path, value, 'must be a relative path')] : []),
  ...pathWithoutBacksteps(path, value),
];

/** The same, for files in volumes that the node writes: names that begin with two dots are its own. */
export const fileInVolume = (path: string, value: string): readonly FieldError[] => [
  ...descendingPath(path, value),
  ...(/^\.\.(?!\/|$)/.test(value) ? [invalid(path, value, "must not start with '..'")] : []),
];

/** The permission bits of a file. */
export const fileMode = (path: string, value: number | undefined): readonly FieldError[] =>
  between(path, value, [0, 0o777]).map(() =>
    invalid(path, value, 'must be a number between 0 and 0777 (octal), both inclusive'),
  );
