import { maximumDocuments, maximumValuesOfDocuments } from '../limits.ts';
import { cut } from '../shown-value.ts';
import { badRequest } from '../status-error.ts';
import type { ParsedBody } from './body.ts';
import { countKeys } from './inspect.ts';
import { parseJsonStream, tooManyDocuments } from './json-stream.ts';
import { parseJson } from './json.ts';
import { UnreadableBody } from './unreadable-body.ts';
import { parseYamlDocuments } from './yaml.ts';

/**
 * The objects of a text that may hold several: YAML documents between `---`, JSON values one after the other, and the items of a `kind: List`, in
 * order. Throws BadRequest when it cannot be read, and StatusError 413 when they, or one of them, are too much; what
 * the objects are is not looked at.
 */
export function parseDocuments(text: string): readonly ParsedBody[] {
  try {
    if (separators(text) > maximumDocuments) throw tooManyDocuments();
    const documents = read(text.replace(/^\ufeff/, '')).flatMap(flatten);
    if (documents.length > maximumDocuments) throw tooManyDocuments();
    for (const { value } of documents) countKeys(value);
    return documents;
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw badRequest(`error parsing the documents: ${cut(error.message)}`);
  }
}

/** Between YAML documents; counted before they are parsed, which takes its time for each. */
function separators(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n---'); at !== -1; at = text.indexOf('\n---', at + 1)) {
    if (/\s/.test(text.charAt(at + 4))) count += 1;
  }
  return count;
}

/** JSON is nearly a subset of YAML: it is tried first for its speed and for its errors. */
function read(text: string): readonly ParsedBody[] {
  if (!/^\s*[[{]/.test(text)) return parseYamlDocuments(text, maximumValuesOfDocuments);
  try {
    return [parseJson(text, maximumValuesOfDocuments)];
  } catch (jsonError) {
    if (!(jsonError instanceof UnreadableBody)) throw jsonError;
    return (
      attempt(() => parseJsonStream(text)) ??
      attempt(() => parseYamlDocuments(text, maximumValuesOfDocuments)) ??
      fail(jsonError)
    );
  }
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    return undefined;
  }
}

function fail(error: unknown): never {
  throw error;
}

function flatten(body: ParsedBody): readonly ParsedBody[] {
  const items = Array.isArray(body.value) ? body.value : listItems(body.value);
  if (items === undefined) return [body];
  const prefix = Array.isArray(body.value) ? '' : 'items';
  return items.flatMap((value: unknown, index) => {
    const start = `${prefix}[${index}].`;
    const duplicates = body.duplicates.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
    return flatten({ value, duplicates });
  });
}

/** The items of `List`, `ConfigMapList` …: whatever ends so and has items, as kubectl takes it. */
function listItems(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('items' in value)) return undefined;
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : undefined;
}
