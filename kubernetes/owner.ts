import { apiVersionOf, type KindNames } from './kind.ts';
import type { KubernetesObject } from './object.ts';
import type { OwnerReference } from './object-meta.ts';

type Owned = Pick<KubernetesObject, 'metadata'>;

/** The one owner that manages the object: a Pod's ReplicaSet, a ReplicaSet's Deployment. */
export const controllerOf = (object: Owned): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((reference) => reference.controller === true);

/**
 * Whether a reference of `object` means `owner`. Clients write references: uid, name, kind and group have to agree, and the
 * namespace is the object's own, unless the owner has none.
 */
export const refersTo = (reference: OwnerReference, object: Owned, { kind, owner }: OwnerOf): boolean =>
  reference.uid === owner.metadata.uid &&
  reference.name === owner.metadata.name &&
  reference.kind === kind.kind &&
  groupOf(reference.apiVersion) === kind.group &&
  (!kind.namespaced || object.metadata.namespace === owner.metadata.namespace);

export interface OwnerOf {
  readonly kind: KindNames;
  readonly owner: Owned;
}

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** Whether `owner` manages the object. */
export function isControlledBy(object: Owned, owner: OwnerOf): boolean {
  const reference = controllerOf(object);
  return reference !== undefined && refersTo(reference, object, owner);
}

/** The reference by which `object` manages others; they hold up its foreground deletion. */
export const controllerReference = (kind: KindNames, object: Owned): OwnerReference => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  name: object.metadata.name ?? '',
  uid: object.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});
