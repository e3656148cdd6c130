import { forbidden, type FieldError } from '../../../kubernetes/field-errors.ts';
import { invalidOptions } from '../options.ts';
import { isTrue } from '../request-info.ts';
import { parseInteger, parseRevision } from '../resource-version.ts';

export interface WatchOptions {
  /** The watch tells of what comes after it; undefined: of what comes after the newest state. */
  readonly after: number | undefined;
  /** The watch begins with what there is. */
  readonly initialEvents: boolean;
  /** A bookmark marks where those end. */
  readonly marksInitialEvents: boolean;
  readonly bookmarks: boolean;
  readonly seconds: number;
}

/** Reads a watch's query; throws StatusError 400 and 422. */
export function watchOptions(query: URLSearchParams, maximumSeconds: number): WatchOptions {
  const errors = initialEventsProblems(query);
  if (errors.length > 0) throw invalidOptions('ListOptions', errors);
  const text = query.get('resourceVersion') ?? '';
  const revision = text === '' ? 0 : parseRevision(text);
  const sendInitialEvents = query.get('sendInitialEvents');
  const bookmarks = isTrue(query.get('allowWatchBookmarks'));
  const asked = parseInteger(query, 'timeoutSeconds') ?? 0;
  const initialEvents = sendInitialEvents === null ? revision === 0 : isTrue(sendInitialEvents);
  return {
    after: revision === 0 || initialEvents ? undefined : revision,
    initialEvents,
    marksInitialEvents: initialEvents && sendInitialEvents !== null && bookmarks,
    bookmarks,
    seconds: asked > 0 ? Math.min(asked, maximumSeconds) : maximumSeconds,
  };
}

function initialEventsProblems(query: URLSearchParams): FieldError[] {
  const match = query.get('resourceVersionMatch') ?? '';
  const field = 'resourceVersionMatch';
  if (query.get('sendInitialEvents') === null) {
    return match === ''
      ? []
      : [forbidden(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')];
  }
  return match === 'NotOlderThan'
    ? []
    : [forbidden(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')];
}
