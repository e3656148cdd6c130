import type { Notes } from '../notes.ts';
import type { KubernetesObject, ObjectKey } from '../object.ts';

/**
 * Where objects live. Two implementations, one conformance suite (test/conformance/store.ts).
 *
 * **Revisions.** One counter serves the whole store. Every change takes a number of its own, larger than all before;
 * it is the object's `metadata.resourceVersion`, written by the store. A deletion is a change too.
 *
 * **Order.** A reader of `changes` sees every change once, in revision order, from any revision that is still kept. A
 * list names a revision below which nothing is missing, so that list-then-watch loses and doubles nothing.
 *
 * **Conflicts.** A write that depends on a revision succeeds only while the object still has it. Refused writes change
 * nothing and are answered, not thrown; what is thrown is a fault of the store itself, after which the write may or may
 * not have happened.
 *
 * **Ownership.** The store takes a copy of what it is given (as text) and gives out immutable records.
 */
export interface Store {
  get(key: ObjectKey): Promise<StoredObject | undefined>;

  /** Objects in order of namespace, then name. */
  list(query: ListQuery): Promise<ListPage | Expired>;

  create(key: ObjectKey, object: KubernetesObject): Promise<WriteResult>;

  /** Replaces the object if it still has that revision. Its notes stay; `transact` writes those too. */
  update(key: ObjectKey, object: KubernetesObject, revision: number): Promise<WriteResult>;

  /** Removes the object if it still has that revision; the answer is its last state, under the deletion's revision. */
  delete(key: ObjectKey, revision: number): Promise<WriteResult>;

  /** Several writes, at most `maximumTransactionWrites` and each to another key: all of them or none. Their revisions follow each other in the order given. */
  transact(writes: readonly Write[]): Promise<TransactionResult>;

  /** The changes after a revision, at once, possibly none; `expired` when they are no longer all kept. */
  changes(query: ChangesQuery): Promise<ChangeBatch | Expired>;

  /** Ends when there may be a change after the revision, or when the signal aborts; never throws for the latter. */
  changed(query: ChangesQuery, signal: AbortSignal): Promise<void>;

  /** The objects that name this uid among their `metadata.ownerReferences`. */
  dependents(uid: string): Promise<readonly StoredObject[]>;

  /** The revision of the newest change that every reader can see. */
  revision(): Promise<number>;
}

/** One revision of an object. Immutable: an object that changes gets another record. */
export interface StoredObject {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly revision: number;
  readonly labels: Readonly<Record<string, string>>;
  /** The object as JSON, `metadata.resourceVersion` included. Made once a revision: answers are put together from it. */
  readonly text: string;
  /** What controllers remember of it; see notes.ts. */
  readonly notes: Notes;
  /** The object without its notes, as a copy that is the caller's own. */
  parse<T extends KubernetesObject = KubernetesObject>(): T;
}

export interface ListQuery {
  readonly resource: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Asked of each object where the data is; must depend on the object alone. */
  readonly where?: (object: StoredObject) => boolean;
  /** At most so many objects (that pass `where`). */
  readonly limit?: number;
  /** From an earlier page: the next ones, as all objects stood at the first page's revision. */
  readonly continue?: string;
}

export interface ListPage {
  readonly ok: true;
  readonly items: readonly StoredObject[];
  /** The state that the page shows. */
  readonly revision: number;
  /** Present when there is more. */
  readonly continue?: string;
  /** How many there are after this page; absent when that would have to be counted through `where`. */
  readonly remaining?: number;
}

/** The revision asked for is no longer kept. `continue` goes on from where a page ended, at the newest revision. */
export interface Expired {
  readonly ok: false;
  readonly reason: 'Expired';
  /** The smallest revision after which all changes are still kept. */
  readonly oldest: number;
  readonly continue?: string;
}

export type Write =
  | { readonly type: 'create'; readonly key: ObjectKey; readonly object: KubernetesObject; readonly notes?: Notes }
  | {
      readonly type: 'update';
      readonly key: ObjectKey;
      readonly object: KubernetesObject;
      readonly revision: number;
      /** Absent: the object keeps those that it has. */
      readonly notes?: Notes;
    }
  | { readonly type: 'delete'; readonly key: ObjectKey; readonly revision: number };

export interface Refusal {
  readonly ok: false;
  readonly reason: 'AlreadyExists' | 'NotFound' | 'Conflict';
  /** The key that stood in the way. */
  readonly key: ObjectKey;
}

export type WriteResult = { readonly ok: true; readonly object: StoredObject } | Refusal;

/** The written objects in the order of the writes. */
export type TransactionResult = { readonly ok: true; readonly objects: readonly StoredObject[] } | Refusal;

export interface ChangesQuery {
  /** Changes with a larger revision than this. */
  readonly after: number;
  /** Absent: every resource. */
  readonly resource?: string;
  readonly namespace?: string;
  /** At most so many changes. */
  readonly limit?: number;
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The object after the change; for DELETED its last state, under the deletion's revision. */
  readonly object: StoredObject;
  /** The object before the change; absent for ADDED. */
  readonly previous?: StoredObject;
}

export interface ChangeBatch {
  readonly ok: true;
  readonly changes: readonly Change[];
  /** Nothing up to here is missing: ask for what comes after it next. */
  readonly revision: number;
}
