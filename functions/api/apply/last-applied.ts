import { isJsonObject, own, type JsonObject } from '../../../kubernetes/json-value.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';

/** kubectl's own annotation, so that `kubectl apply` and POST /apply go on from each other. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

/** A manifest that carries itself in the annotation, written as kubectl writes it: keys in order, and a line end. */
export function withLastApplied(manifest: JsonObject): JsonObject {
  const metadata = objectOf(own(manifest, 'metadata'));
  const { [annotation]: _earlier, ...annotations } = objectOf(own(metadata, 'annotations'));
  const text = `${JSON.stringify(sorted({ ...manifest, metadata: { ...metadata, annotations } }))}\n`;
  return { ...manifest, metadata: { ...metadata, annotations: { ...annotations, [annotation]: text } } };
}

/** What was applied to an object last; undefined when nothing was, or nothing that can be read. */
export function lastApplied({ metadata }: KubernetesObject): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(metadata.annotations?.[annotation] ?? 'null');
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
