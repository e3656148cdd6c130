import { apiVersionOf, resourceOf, type KindNames } from './kind.ts';
import type { KubernetesObject, ObjectKey } from './object.ts';
import { controllerOf } from './owner.ts';

/** The key of the object that manages this one, if it is of one of these kinds. */
export function controllerKey(
  object: Pick<KubernetesObject, 'metadata'>,
  kinds: readonly KindNames[],
): ObjectKey | undefined {
  const reference = controllerOf(object);
  const kind = kinds.find((each) => each.kind === reference?.kind && apiVersionOf(each) === reference.apiVersion);
  if (reference === undefined || kind === undefined) return undefined;
  return { resource: resourceOf(kind), namespace: object.metadata.namespace ?? '', name: reference.name };
}
