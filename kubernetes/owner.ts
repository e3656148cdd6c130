import { apiVersionOf, type KindNames } from './kind.ts';
import type { KubernetesObject } from './object.ts';
import type { OwnerReference } from './object-meta.ts';

type Owned = Pick<KubernetesObject, 'metadata'>;

/** The one owner that manages the object: a Pod's ReplicaSet, a ReplicaSet's Deployment. */
export const controllerOf = (object: Owned): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((reference) => reference.controller === true);

/** Whether the object with this uid manages it. */
export const isControlledBy = (object: Owned, uid: string): boolean => controllerOf(object)?.uid === uid;

/** The reference by which `object` manages others; they hold up its foreground deletion. */
export const controllerReference = (kind: KindNames, object: Owned): OwnerReference => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  name: object.metadata.name ?? '',
  uid: object.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});
