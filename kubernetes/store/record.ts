import type { KubernetesObject, ObjectKey } from '../object.ts';
import type { StoredObject } from './store.ts';

/** One revision of an object, as the stores keep it: its text, and what they look for without reading that. */
export class StoredRecord implements StoredObject {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly revision: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
  /** The uids among its ownerReferences. */
  readonly owners: readonly string[];

  private constructor(key: ObjectKey, text: string, metadata: KubernetesObject['metadata']) {
    this.key = Object.freeze({ resource: key.resource, namespace: key.namespace, name: key.name });
    this.uid = metadata.uid ?? '';
    this.revision = Number(metadata.resourceVersion);
    this.labels = Object.freeze({ ...metadata.labels });
    this.text = text;
    this.owners = [...new Set((metadata.ownerReferences ?? []).map(({ uid }) => uid))];
    Object.freeze(this);
  }

  /** The object under a revision, which goes into its `metadata.resourceVersion`. */
  static of(key: ObjectKey, object: KubernetesObject, revision: number): StoredRecord {
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    return new StoredRecord(key, JSON.stringify({ ...object, metadata }), metadata);
  }

  /** A record from the text of an earlier one. */
  static fromText(key: ObjectKey, text: string): StoredRecord {
    const object: KubernetesObject = JSON.parse(text);
    return new StoredRecord(key, text, object.metadata);
  }

  /** The same object under another revision. */
  at(revision: number): StoredRecord {
    return StoredRecord.of(this.key, this.parse(), revision);
  }

  parse<T extends KubernetesObject = KubernetesObject>(): T {
    return JSON.parse(this.text) as T;
  }
}
