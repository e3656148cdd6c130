import type { StoredObject } from './store/store.ts';
import type { KubernetesObject } from './object.ts';

/**
 * What Skiff's controllers remember of an object: the ARN of its task, the secrets made for it. Notes live beside the object
 * in the store. No client reads or writes them: they are neither in an object's text nor in what `parse` gives.
 */
export type Notes = Readonly<Record<string, string>>;

/** An object with its notes, as controllers read it. */
export type Noted<T extends KubernetesObject = KubernetesObject> = T & { notes: Notes };

export const noNotes: Notes = Object.freeze({});

/** The object of a record with its notes, as a copy that is the caller's own. */
export const parseNoted = <T extends KubernetesObject>(record: StoredObject): Noted<T> => ({
  ...record.parse<T>(),
  notes: record.notes,
});

/** Takes the notes off again: what is left is what clients see. */
export function withoutNotes<T extends KubernetesObject>(noted: Noted<T>): T {
  const { notes: _, ...object } = noted;
  return object as unknown as T;
}
