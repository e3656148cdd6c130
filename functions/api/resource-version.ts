import { forbidden, notSupported, type FieldError } from '../../kubernetes/field-errors.ts';
import { quoted } from '../../kubernetes/shown-value.ts';
import { badRequest } from '../../kubernetes/status-error.ts';
import { invalidOptions } from './options.ts';

/** Which state of the collection a list or watch asks for: what resourceVersion and resourceVersionMatch say. */
export interface AskedRevision {
  /** undefined: the newest; 0: any. */
  readonly revision: number | undefined;
  readonly match: 'Exact' | 'NotOlderThan' | undefined;
}

/** Reads a list's query; throws StatusError 400 and 422. */
export function askedRevision(query: URLSearchParams): AskedRevision {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const errors = matchProblems(match, text);
  if (errors.length > 0) throw invalidOptions('ListOptions', errors);
  return {
    revision: text === '' ? undefined : parseRevision(text, 'invalid resource version: '),
    match: match === 'Exact' || match === 'NotOlderThan' ? match : undefined,
  };
}

function matchProblems(match: string, revision: string): FieldError[] {
  if (match === '') return [];
  const field = 'resourceVersionMatch';
  if (revision === '')
    return [forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided')];
  if (match === 'Exact' && revision === '0') {
    return [forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')];
  }
  return match === 'Exact' || match === 'NotOlderThan'
    ? []
    : [notSupported(field, match, ['Exact', 'NotOlderThan', ''])];
}

/** A revision as clients write it; throws StatusError 400 with Go's text. */
export function parseRevision(text: string, before = ''): number {
  const revision = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(revision)) return revision;
  throw badRequest(
    `${before}resourceVersion: Invalid value: ${quoted(text)}: strconv.ParseUint: parsing ${quoted(text)}: invalid syntax`,
  );
}

/** A number of the query; throws StatusError 400 with Go's text. */
export function parseInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (/^[+-]?[0-9]+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${quoted(text)}: invalid syntax`);
}
