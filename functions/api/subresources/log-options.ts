import { forbidden, invalid, type FieldError } from '../../../kubernetes/field-errors.ts';
import { quoted } from '../../../kubernetes/shown-value.ts';
import { badRequest, invalidObject } from '../../../kubernetes/status-error.ts';
import { isTrue } from '../request-info.ts';

/** PodLogOptions, as far as Skiff honours them. */
export interface AskedLog {
  /** '' when none is named. */
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly tail: number | undefined;
  readonly limitBytes: number | undefined;
}

/** Reads the query. Throws StatusError 400 for what cannot be read and 422 for what makes no sense. */
export function logOptions(query: URLSearchParams, { name, now }: { name: string; now: number }): AskedLog {
  const tail = wholeNumber(query.get('tailLines'));
  const limitBytes = wholeNumber(query.get('limitBytes'));
  const sinceSeconds = wholeNumber(query.get('sinceSeconds'));
  const sinceTime = query.get('sinceTime') || undefined;
  const errors = [
    ...atLeast(0, 'tailLines', tail),
    ...atLeast(1, 'limitBytes', limitBytes),
    ...(sinceSeconds !== undefined && sinceTime !== undefined
      ? [forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
      : atLeast(1, 'sinceSeconds', sinceSeconds)),
  ];
  if (errors.length > 0) throw invalidObject({ group: '', plural: '', kind: 'PodLogOptions' }, name, errors);
  return {
    container: query.get('container') ?? '',
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    since: sinceTime === undefined ? sinceSeconds && now - sinceSeconds * 1000 : moment(sinceTime),
    tail,
    limitBytes,
  };
}

function atLeast(least: 0 | 1, field: string, value: number | undefined): FieldError[] {
  if (value === undefined || value >= least) return [];
  return [invalid(field, value, least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0')];
}

function wholeNumber(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quoted(text)}: invalid syntax`);
  return Number(text);
}

function moment(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw badRequest(`parsing time ${quoted(text)} as "2006-01-02T15:04:05Z07:00": cannot parse it`);
  return time;
}
