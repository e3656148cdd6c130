import { noNotes } from '../notes.ts';
import type { KubernetesObject, ObjectKey } from '../object.ts';
import type { StoredObject } from '../store/store.ts';

/** What a dry run answers: a record that no store holds. Its resourceVersion is whatever the object says, if anything. */
export function unstored(key: ObjectKey, object: KubernetesObject): StoredObject {
  const text = JSON.stringify(object);
  return {
    key,
    uid: object.metadata.uid ?? '',
    revision: Number(object.metadata.resourceVersion ?? 0),
    labels: object.metadata.labels ?? {},
    text,
    notes: noNotes,
    parse: <T extends KubernetesObject>() => JSON.parse(text) as T,
  };
}
