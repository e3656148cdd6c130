import { stringify } from 'yaml';
import { maximumYamlCharacters } from '../../kubernetes/limits.ts';
import { notAcceptable } from '../../kubernetes/status-error.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Representation } from './negotiate.ts';
import { partialMetadataText } from './object-text.ts';
import { tableText } from './table.ts';
import { boundedWarnings, warningHeader } from './warning.ts';

export interface Answer {
  /** 200 when absent. */
  readonly status?: number;
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer whose body is JSON text already. */
export function json(text: string, answer: Answer = {}): Response {
  const { status = 200, warnings = [], headers } = answer;
  const type = { 'Content-Type': 'application/json' };
  if (warnings.length === 0) return new Response(text, { status, headers: { ...type, ...headers } });
  const warning = boundedWarnings(warnings).map(warningHeader).join(', ');
  // Node sends headers in the encoding of a body that is a string: as bytes it leaves them as they are.
  const body = new TextEncoder().encode(text);
  return new Response(body, { status, headers: { ...type, Warning: warning, ...headers } });
}

/** JSON text in the media type that was negotiated. */
export function encoded(text: string, media: Representation['media'], answer: Answer = {}): Response {
  if (media === 'application/json') return json(text, answer);
  return json(yamlOf(text), {
    ...answer,
    headers: { ...answer.headers, 'Content-Type': media },
  });
}

/** JSON text as YAML. Long text stays as it is, since JSON is YAML: to write it in lines takes a hundred times as long. */
const yamlOf = (text: string): string =>
  text.length > maximumYamlCharacters ? `${text}\n` : yamlText(JSON.parse(text));

/** The same of an item of a list. */
export const yamlItem = (text: string): string =>
  text.length > maximumYamlCharacters ? `- ${text}\n` : yamlText([JSON.parse(text)]);

export const yamlText = (value: unknown): string => stringify(value, { sortMapEntries: true, lineWidth: 0 });

export interface ObjectAnswer extends Answer {
  readonly kind: Kind;
  readonly object: StoredObject;
  readonly representation: Representation;
  /** `includeObject` of Tables. */
  readonly includeObject: string | null;
  readonly now: number;
}

/** One object in the form that was negotiated. */
export function objectResponse(answer: ObjectAnswer): Response {
  const { representation, kind, object } = answer;
  switch (representation.as) {
    case 'Object':
      return encoded(object.text, representation.media, answer);
    case 'Table': {
      const table = {
        kind,
        items: [object],
        metadata: { resourceVersion: String(object.revision) },
        version: representation.version,
      };
      return encoded(
        tableText({ ...table, includeObject: answer.includeObject, now: answer.now }),
        representation.media,
        answer,
      );
    }
    case 'PartialObjectMetadata':
      return encoded(partialMetadataText(object, representation.version), representation.media, answer);
    case 'PartialObjectMetadataList':
      throw notAcceptable(['application/json', 'application/yaml']);
  }
}
