import type { KubernetesObject, ObjectKey } from '../../kubernetes/object.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Context } from '../context.ts';
import { resyncKey } from '../reconcile/resync.ts';
import { enqueueChanges } from '../triggers.ts';

/** Changes that become work together, and after which it is noted down how far it has come. */
const batchSize = 500;

/** The record of the last change that was seen to become work. */
const markKey: ObjectKey = { resource: 'marks.skiff.dev', namespace: '', name: 'changes' };

interface Mark extends KubernetesObject {
  readonly revision: number;
}

const markAt = (revision: number): Mark => ({
  apiVersion: 'skiff.dev/v1',
  kind: 'Mark',
  metadata: { name: markKey.name },
  revision,
});

/**
 * Turns the changes since its last run into work. Nearly all of it has been done: who writes asks for the work itself, but
 * may die between the two. Keys are asked for once a run, however many changes there were. When changes have been missed,
 * or nobody knows since when, everything is looked at. May run twice at once: then one of them ends early.
 */
export async function healChanges(context: Context): Promise<void> {
  const { store, queue } = context;
  let mark = await store.get(markKey);
  if (mark === undefined) {
    const revision = await store.revision();
    await queue.enqueue(resyncKey);
    await store.create(markKey, markAt(revision));
    return;
  }
  while (mark !== undefined) {
    const after: number = mark.parse<Mark>().revision;
    const batch = await store.changes({ after, limit: batchSize });
    if (batch.ok) {
      // The mark's own changes are no news: else each run would leave some for the next.
      const changes = batch.changes.filter(({ object }) => object.key.resource !== markKey.resource);
      if (changes.length === 0) return;
      await enqueueChanges(context, changes);
      mark = await moveTo(context, mark, batch.revision);
    } else {
      const revision = await store.revision();
      await queue.enqueue(resyncKey);
      await moveTo(context, mark, revision);
      return;
    }
  }
}

/** The mark as it is now; undefined when somebody else has moved it. */
async function moveTo(context: Context, mark: StoredObject, revision: number): Promise<StoredObject | undefined> {
  const result = await context.store.update(markKey, markAt(revision), mark.revision);
  return result.ok ? result.object : undefined;
}
