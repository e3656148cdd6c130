import { isJsonObject, own, type JsonObject } from '../json-value.ts';
import { apiVersionOf, type Kind } from '../kind.ts';
import { schemaNode } from '../schema-node.ts';
import { compareObjects } from './compare.ts';
import { difference, emptySet, type FieldSet } from './field-set.ts';
import { fieldSetOf } from './owned-fields.ts';

/** Where client-side apply keeps what it applied last. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** kubectl's own manager name: only for it the annotation counts when an object moves to server-side apply. */
export const kubectlManager = 'kubectl';

function lastApplied(object: JsonObject): string | undefined {
  const metadata = own(object, 'metadata');
  const annotations = isJsonObject(metadata) ? own(metadata, 'annotations') : undefined;
  const text = isJsonObject(annotations) ? own(annotations, annotation) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/**
 * The fields that client-side apply set and that are still as it set them: kubectl may take those over without a conflict,
 * though an `Update` entry has them.
 */
export function fieldsLastApplied(kind: Pick<Kind, 'schema' | 'group' | 'version'>, live: JsonObject): FieldSet {
  const text = lastApplied(live);
  if (text === undefined) return emptySet;
  let applied: unknown;
  try {
    applied = JSON.parse(text);
  } catch {
    // Anybody may write the annotation; one that is no JSON says nothing.
    return emptySet;
  }
  if (!isJsonObject(applied) || own(applied, 'apiVersion') !== apiVersionOf(kind)) return emptySet;
  const node = schemaNode(kind.schema());
  const { changed, removed } = compareObjects(node, applied, live);
  return difference(difference(fieldSetOf(node, applied), changed), removed);
}

/** After kubectl's server-side apply the annotation, where there is one, tells what it applied, for older clients. */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  if (lastApplied(object) === undefined) return object;
  const { metadata } = object;
  if (!isJsonObject(metadata) || !isJsonObject(metadata['annotations'])) return object;
  const text = `${JSON.stringify(sortKeys(withoutAnnotation(applied)))}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata['annotations'], [annotation]: text } } };
}

function withoutAnnotation(applied: JsonObject): JsonObject {
  const { metadata } = applied;
  if (!isJsonObject(metadata) || !isJsonObject(metadata['annotations'])) return applied;
  const { [annotation]: _dropped, ...annotations } = metadata['annotations'];
  return { ...applied, metadata: { ...metadata, annotations } };
}

/** As Go writes maps. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
