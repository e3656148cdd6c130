import type { FieldValidation } from '../../kubernetes/decode/decode.ts';
import { invalid, notSupported, tooLong, type FieldError } from '../../kubernetes/field-errors.ts';
import { invalidObject, type StatusError } from '../../kubernetes/status-error.ts';

/** What the query of a write says. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** To whom the written fields are attributed. */
  readonly manager: string;
  /** `fieldManager` as it was asked for, if it was. */
  readonly askedManager: string | undefined;
}

/** 422 for the options of a request: `CreateOptions.meta.k8s.io "" is invalid: …`. */
export const invalidOptions = (kind: string, errors: readonly FieldError[]): StatusError =>
  invalidObject({ group: 'meta.k8s.io', plural: '', kind }, '', errors);

/** Reads the query of a write. `optionsKind` is the name that errors give it; throws StatusError 422. */
export function writeOptions(query: URLSearchParams, headers: Headers, optionsKind: string): WriteOptions {
  const validation = query.get('fieldValidation') ?? '';
  const asked = query.get('fieldManager') ?? '';
  const errors = [
    ...dryRunProblems(query.getAll('dryRun')),
    ...managerProblems(asked),
    ...(validation === '' || isFieldValidation(validation)
      ? []
      : [notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ];
  if (errors.length > 0) throw invalidOptions(optionsKind, errors);
  return {
    dryRun: query.has('dryRun', 'All'),
    fieldValidation: isFieldValidation(validation) ? validation : 'Warn',
    manager: asked === '' ? managerOf(headers.get('user-agent')) : asked,
    askedManager: asked === '' ? undefined : asked,
  };
}

const isFieldValidation = (text: string): text is FieldValidation =>
  text === 'Strict' || text === 'Warn' || text === 'Ignore';

/** `dryRun` is All or nothing; the value is shown as Go prints a slice. */
export const dryRunProblems = (values: readonly string[]): readonly FieldError[] =>
  values.every((value) => value === 'All' || value === '') ? [] : [notSupported('dryRun', values, ['All'])];

const maximumManagerBytes = 128;

function managerProblems(manager: string): readonly FieldError[] {
  if (new TextEncoder().encode(manager).length > maximumManagerBytes)
    return [tooLong('fieldManager', maximumManagerBytes)];
  return /\p{Cc}/u.test(manager) ? [invalid('fieldManager', manager, 'should only contain printable characters')] : [];
}

/** A client that names no manager is known by its program: `my-agent/1.2 (linux)` is my-agent. */
const managerOf = (userAgent: string | null): string =>
  (userAgent ?? '')
    .split('/', 1)[0]
    ?.replaceAll(/\p{Cc}/gu, '')
    .slice(0, maximumManagerBytes) || 'unknown';
