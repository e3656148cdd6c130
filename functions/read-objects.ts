import { keyOf, resourceOf, type Kind } from '../kubernetes/kind.ts';
import { type Noted, parseNoted } from '../kubernetes/notes.ts';
import type { KubernetesObject, ObjectKey } from '../kubernetes/object.ts';
import { isControlledBy, type OwnerOf } from '../kubernetes/owner.ts';
import type { Store, StoredObject } from '../kubernetes/store/store.ts';

/** The object with this key, and its notes, as a copy of the caller's own; undefined when there is none. */
export async function readObject<T extends KubernetesObject>(
  store: Store,
  _kind: Kind<T>,
  key: ObjectKey,
): Promise<Noted<T> | undefined> {
  const record = await store.get(key);
  return record === undefined ? undefined : parseNoted<T>(record);
}

/** All objects of a kind (in a namespace) that fit; `where` is asked of the record, before it is parsed. */
export async function listObjects<T extends KubernetesObject>(
  store: Store,
  kind: Kind<T>,
  query: { readonly namespace?: string; readonly where?: (record: StoredObject) => boolean } = {},
): Promise<Noted<T>[]> {
  return (await listRecords(store, resourceOf(kind), query)).map((record) => parseNoted<T>(record));
}

/** The objects of a kind that an object controls. */
export async function listControlled<T extends KubernetesObject>(
  store: Store,
  kind: Kind<T>,
  owner: OwnerOf,
): Promise<Noted<T>[]> {
  const resource = resourceOf(kind);
  const found = await store.dependents(owner.owner.metadata.uid ?? '');
  return found
    .filter(({ key }) => key.resource === resource)
    .map((record) => parseNoted<T>(record))
    .filter((object) => isControlledBy(object, owner));
}

/** Whether an object has a controller, or seems to: told from its text, without parsing it. */
export const hasController = ({ text }: StoredObject): boolean => text.includes('"controller":true');

/** The same as records, by resource. */
export async function listRecords(
  store: Store,
  resource: string,
  query: { readonly namespace?: string; readonly where?: (record: StoredObject) => boolean } = {},
): Promise<readonly StoredObject[]> {
  const page = await store.list({ resource, ...query });
  // Without a `continue` token there is nothing to expire.
  return page.ok ? page.items : [];
}

/** The key of an object of this kind in a namespace. */
export const keyFor = (kind: Kind, namespace: string, name: string): ObjectKey =>
  keyOf(kind, { metadata: { namespace, name } });
