import { resourceOf } from '../../../kubernetes/kind.ts';
import { formatKey, parseKey, type ObjectKey } from '../../../kubernetes/object.ts';
import type { OwnerReference } from '../../../kubernetes/object-meta.ts';
import { kindOf } from '../../../kubernetes/registry.ts';

export const garbageResource = 'garbage.skiff.dev';

/** An object that others name as their owner, or did. */
export interface OwnerIdentity {
  readonly uid: string;
  readonly key: ObjectKey;
}

/** The key of the work on everything that names this object as its owner: `garbage.skiff.dev//<uid>/<key of the owner>`. */
export const garbageKey = ({ uid, key }: OwnerIdentity): string =>
  formatKey({ resource: garbageResource, namespace: '', name: `${uid}/${formatKey(key)}` });

/** Reads the name of such a key. */
export function parseGarbageName(name: string): OwnerIdentity {
  const [uid = '', ...rest] = name.split('/');
  return { uid, key: parseKey(rest.join('/')) };
}

/**
 * The object that a reference means: in the dependent's own namespace, or one of the cluster. Undefined when that cannot
 * be told, so that nothing may follow from it: a kind that this server does not have, or a namespaced owner of an object
 * that has no namespace.
 */
export function referredOwner(dependent: ObjectKey, reference: OwnerReference): OwnerIdentity | undefined {
  const kind = kindOf(reference.apiVersion, reference.kind);
  if (kind === undefined || (kind.namespaced && dependent.namespace === '')) return undefined;
  const namespace = kind.namespaced ? dependent.namespace : '';
  return { uid: reference.uid, key: { resource: resourceOf(kind), namespace, name: reference.name } };
}
