import { apiVersionOf, type Kind } from '../../../kubernetes/kind.ts';
import type { Status } from '../../../kubernetes/status-error.ts';
import type { Change, StoredObject } from '../../../kubernetes/store/store.ts';
import type { Representation } from '../negotiate.ts';
import { partialMetadataText } from '../object-text.ts';
import { tableText } from '../table.ts';

/** The lines of one watch, in the form that its client negotiated. */
export interface EventLines {
  object(type: Change['type'], object: StoredObject): Uint8Array;
  /** `initial`: it ends the events that the watch began with. */
  bookmark(revision: number, initial?: boolean): Uint8Array;
  error(status: Status): Uint8Array;
}

const encoder = new TextEncoder();
const line = (type: string, object: string): Uint8Array => encoder.encode(`{"type":"${type}","object":${object}}\n`);

export interface EventForm {
  readonly kind: Kind;
  readonly representation: Representation;
  readonly includeObject: string | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function eventLines(form: EventForm): EventLines {
  return { ...objectLines(form), error: (status) => line('ERROR', JSON.stringify(status)) };
}

function objectLines(form: EventForm): Omit<EventLines, 'error'> {
  const { kind, representation } = form;
  const { version } = representation;
  const meta = (name: string) => ({ kind: name, apiVersion: `meta.k8s.io/${version}` });
  switch (representation.as) {
    case 'Object':
      return { object: sharedLine, bookmark: bookmarks({ kind: kind.kind, apiVersion: apiVersionOf(kind) }) };
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return {
        object: (type, object) => line(type, partialMetadataText(object, version)),
        bookmark: bookmarks(meta('PartialObjectMetadata')),
      };
    case 'Table':
      return { object: tableLine(form), bookmark: bookmarks(meta('Table'), { columnDefinitions: null, rows: [] }) };
  }
}

const sharedLines = new WeakMap<StoredObject, Partial<Record<Change['type'], Uint8Array>>>();

/** The line of an object as it is: the same bytes for every watch. */
function sharedLine(type: Change['type'], object: StoredObject): Uint8Array {
  const known = sharedLines.get(object);
  if (known !== undefined) return (known[type] ??= line(type, object.text));
  const bytes = line(type, object.text);
  sharedLines.set(object, { [type]: bytes });
  return bytes;
}

/** Tables of one row, of which the first brings the columns along. */
function tableLine({ kind, representation, includeObject, now }: EventForm): EventLines['object'] {
  let withoutColumns = false;
  return (type, object) => {
    const metadata = { resourceVersion: String(object.revision) };
    const { version } = representation;
    const table = tableText({ kind, items: [object], metadata, version, includeObject, now: now(), withoutColumns });
    withoutColumns = true;
    return line(type, table);
  };
}

const bookmarks =
  (names: object, rest: object = {}): EventLines['bookmark'] =>
  (revision, initial = false) => {
    const metadata = {
      resourceVersion: String(revision),
      ...(initial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    };
    return line('BOOKMARK', JSON.stringify({ ...names, metadata, ...rest }));
  };
