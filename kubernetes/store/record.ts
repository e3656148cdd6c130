import { noNotes, type Notes } from '../notes.ts';
import type { KubernetesObject, ObjectKey } from '../object.ts';
import type { ObjectMeta } from '../object-meta.ts';
import type { StoredObject, Write } from './store.ts';

/** Stands between text and notes where both are kept. JSON holds no control character unescaped. */
const separator = '\u001e';

/** One revision of an object, as the stores keep it: its text, and what they look for without reading that. */
export class StoredRecord implements StoredObject {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly revision: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
  readonly notes: Notes;
  /** The uids among its ownerReferences. */
  readonly owners: readonly string[];

  private constructor(key: ObjectKey, text: string, { metadata, notes }: { metadata: ObjectMeta; notes: Notes }) {
    this.key = Object.freeze({ resource: key.resource, namespace: key.namespace, name: key.name });
    this.uid = metadata.uid ?? '';
    this.revision = Number(metadata.resourceVersion);
    this.labels = Object.freeze({ ...metadata.labels });
    this.text = text;
    this.notes = notes;
    this.owners = [...new Set((metadata.ownerReferences ?? []).map(({ uid }) => uid))];
    Object.freeze(this);
  }

  /** What a write makes under a revision, which goes into its `metadata.resourceVersion`. `previous`: what was there. */
  static of(write: Exclude<Write, { type: 'delete' }>, revision: number, previous?: StoredRecord): StoredRecord {
    const { key, object, notes = previous?.notes } = write;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const text = JSON.stringify({ ...object, metadata });
    return new StoredRecord(key, text, {
      metadata,
      notes: notes === undefined ? noNotes : Object.freeze({ ...notes }),
    });
  }

  /** A record from what was kept of an earlier one. */
  static fromKept(key: ObjectKey, kept: string): StoredRecord {
    const [text = '', notes] = kept.split(separator);
    const { metadata }: KubernetesObject = JSON.parse(text);
    return new StoredRecord(key, text, {
      metadata,
      notes: notes === undefined ? noNotes : Object.freeze(JSON.parse(notes) as Notes),
    });
  }

  /** Text and notes as one line, for where records are kept. */
  get kept(): string {
    return Object.keys(this.notes).length === 0 ? this.text : this.text + separator + JSON.stringify(this.notes);
  }

  /** The same object under another revision. */
  at(revision: number): StoredRecord {
    return StoredRecord.of({ type: 'create', key: this.key, object: this.parse(), notes: this.notes }, revision);
  }

  parse<T extends KubernetesObject = KubernetesObject>(): T {
    return JSON.parse(this.text) as T;
  }
}
