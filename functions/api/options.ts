import type { FieldValidation } from '../../kubernetes/decode/decode.ts';
import { notSupported, type FieldError } from '../../kubernetes/field-errors.ts';
import { managerProblems, maximumManagerBytes } from '../../kubernetes/object-meta-validation.ts';
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
    ...managerProblems(asked, 'fieldManager'),
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

/** A client that names no manager is known by its program: `my-agent/1.2 (linux)` is my-agent. */
function managerOf(userAgent: string | null): string {
  const program = (userAgent ?? '').split('/', 1)[0]?.replaceAll(/\p{Cc}/gu, '') ?? '';
  const bytes = new TextEncoder().encode(program).subarray(0, maximumManagerBytes);
  // With `stream`, a character that was cut in the middle is left out.
  return new TextDecoder().decode(bytes, { stream: true }) || 'unknown';
}
