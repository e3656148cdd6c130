import { maximumValuesOfDocuments } from '../limits.ts';
import { cut } from '../shown-value.ts';
import { badRequest } from '../status-error.ts';
import type { ParsedBody } from './body.ts';
import { checkDocuments, checkValues, countValues } from './inspect.ts';
import { jsonPieces } from './json-stream.ts';
import { parseJson } from './json.ts';
import { UnreadableBody } from './unreadable-body.ts';
import { yamlPieces, type YamlPiece } from './yaml-pieces.ts';
import { parseYamlDocuments, type YamlContext } from './yaml.ts';

/**
 * The objects of a text that may hold several: YAML documents between `---`, JSON values one after the other, and the items of a `kind: List`, in
 * order. Throws BadRequest when it cannot be read, and StatusError 413 when they, or one of them, are too much; what
 * the objects are is not looked at.
 */
export const parseDocuments = (text: string): readonly ParsedBody[] => [...documentsOf(text)];

/** The same, one after the other: whoever has others to serve does so in between. */
export function* documentsOf(text: string): Generator<ParsedBody> {
  let [pieces, count, values] = [0, 0, 0];
  const context = { maximum: maximumValuesOfDocuments, expanded: { characters: 0 } };
  try {
    for (const piece of yamlPieces(text.replace(/^\ufeff/, ''))) {
      pieces += 1;
      checkDocuments(pieces);
      if (piece.text.trim() === '---') continue;
      for (const body of read(piece, context)) {
        for (const each of flatten(body)) {
          count += 1;
          checkDocuments(count);
          values += countValues(each.value).values;
          checkValues(values, maximumValuesOfDocuments);
          yield each;
        }
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw badRequest(`error parsing the documents: ${cut(error.message)}`);
  }
}

const beginsJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** JSON is nearly a subset of YAML: it is tried first for its speed and for its errors. */
function* read({ text, firstLine }: YamlPiece, shared: YamlContext): Generator<ParsedBody> {
  const context = { ...shared, firstLine };
  if (!beginsJson(text)) return yield* parseYamlDocuments(text, context);
  try {
    return yield parseJson(text, maximumValuesOfDocuments);
  } catch (jsonError) {
    if (!(jsonError instanceof UnreadableBody)) throw jsonError;
    const pieces = jsonPieces(text);
    if (pieces.length > 1 && pieces.every(beginsJson))
      for (const piece of pieces) yield parseJson(piece, maximumValuesOfDocuments);
    else yield* readFlow(text, context, jsonError);
  }
}

/** Braces begin a YAML document too. What is neither is told as JSON, which it most likely was to be. */
function readFlow(text: string, context: YamlContext, jsonError: UnreadableBody): readonly ParsedBody[] {
  try {
    return parseYamlDocuments(text, context);
  } catch (error) {
    throw error instanceof UnreadableBody ? jsonError : error;
  }
}

function* flatten(body: ParsedBody): Generator<ParsedBody> {
  const items = Array.isArray(body.value) ? body.value : listItems(body.value);
  if (items === undefined) return yield body;
  const prefix = Array.isArray(body.value) ? '' : 'items';
  for (const [index, value] of items.entries()) {
    const start = `${prefix}[${index}].`;
    const duplicates = body.duplicates.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
    yield* flatten({ value, duplicates });
  }
}

/** The items of `List`, `ConfigMapList` …: whatever ends so and has items, as kubectl takes it. */
function listItems(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('items' in value)) return undefined;
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : undefined;
}
