import { type Noted, withoutNotes } from '../kubernetes/notes.ts';
import type { KubernetesObject, ObjectKey } from '../kubernetes/object.ts';
import type { StoredObject } from '../kubernetes/store/store.ts';
import { canonical } from '../kubernetes/write/canonical.ts';
import { firstOf } from '../kubernetes/write/removal.ts';
import type { Context } from './context.ts';

interface NotedWrite {
  readonly key: ObjectKey;
  readonly noted: Noted;
  /** Of the object that it replaces; absent: there is none yet. */
  readonly revision?: number;
}

/** Writes an object with its notes, past the rules for clients. Undefined when somebody else has written meanwhile. */
export async function writeNoted(
  { store }: Pick<Context, 'store'>,
  { key, noted, revision }: NotedWrite,
): Promise<StoredObject | undefined> {
  const content = { key, object: canonical<KubernetesObject>(withoutNotes(noted)), notes: noted.notes };
  const result = await store.transact([
    revision === undefined ? { type: 'create', ...content } : { type: 'update', ...content, revision },
  ]);
  return result.ok ? firstOf(result.objects) : undefined;
}
