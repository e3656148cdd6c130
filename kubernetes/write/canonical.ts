import type { KubernetesObject } from '../object.ts';

/**
 * The object with kind, apiVersion and metadata in front, as a kube-apiserver prints it. Answers rely on it: an item of
 * a list is the object's text without its beginning (see `functions/api/item-text.ts`).
 */
export function canonical<T extends KubernetesObject>(object: T): T {
  const { kind, apiVersion, metadata, ...rest } = object;
  return { kind, apiVersion, metadata, ...rest } as T;
}

export { equalJson as sameValue } from '../json-value.ts';
