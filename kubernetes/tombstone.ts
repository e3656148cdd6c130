import type { Noted } from './notes.ts';
import { parseKey, formatKey, type KubernetesObject, type ObjectKey } from './object.ts';
import type { Store, StoredObject, Write } from './store/store.ts';

const resource = 'tombstones.skiff.dev';

/**
 * What a deleted object leaves behind until all that was made for it in AWS is gone. It is written in the transaction of
 * the deletion, so nothing is ever removed from AWS because an object merely cannot be found.
 */
export interface Tombstone {
  readonly key: ObjectKey;
  readonly uid: string;
  /** The last state of the object. */
  readonly object: Noted;
  /** The record that stands for it in the store. */
  readonly record: StoredObject;
}

interface TombstoneObject extends KubernetesObject {
  readonly of: string;
  readonly object: Noted;
}

/** One per deleted object: a name that was taken again and freed again leaves another. No resource or name holds a colon. */
export const tombstoneKey = (key: ObjectKey, uid: string): ObjectKey => ({
  resource,
  namespace: key.namespace,
  name: `${key.resource}:${key.name}:${uid}`,
});

/** The write that leaves a tombstone of an object, for the transaction that deletes it. */
export function tombstoneWrite(key: ObjectKey, object: Noted): Write {
  const at = tombstoneKey(key, object.metadata.uid ?? '');
  const tombstone: TombstoneObject = {
    apiVersion: 'skiff.dev/v1',
    kind: 'Tombstone',
    metadata: { name: at.name, namespace: at.namespace },
    of: formatKey(key),
    object,
  };
  return { type: 'create', key: at, object: tombstone };
}

/** The tombstones of all objects that had this key, oldest deletion first. */
export async function findTombstones(store: Store, key: ObjectKey): Promise<readonly Tombstone[]> {
  const prefix = `${key.resource}:${key.name}:`;
  const found = await listTombstones(store, { namespace: key.namespace, where: (name) => name.startsWith(prefix) });
  return found.toSorted((a, b) => a.record.revision - b.record.revision);
}

/** Every tombstone there is. */
export const allTombstones = (store: Store): Promise<readonly Tombstone[]> => listTombstones(store, {});

/** Forgets a tombstone, once nothing of its object is left in AWS. Done twice it changes nothing. */
export async function removeTombstone(store: Store, tombstone: Tombstone): Promise<void> {
  await store.delete(tombstone.record.key, tombstone.record.revision);
}

async function listTombstones(
  store: Store,
  query: { readonly namespace?: string; readonly where?: (name: string) => boolean },
): Promise<readonly Tombstone[]> {
  const { namespace, where } = query;
  const page = await store.list({
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(where === undefined ? {} : { where: (record) => where(record.key.name) }),
  });
  return page.ok ? page.items.map(read) : [];
}

function read(record: StoredObject): Tombstone {
  const { of, object } = record.parse<TombstoneObject>();
  return { key: parseKey(of), uid: object.metadata.uid ?? '', object, record };
}
