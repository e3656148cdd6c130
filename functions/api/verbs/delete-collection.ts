import { StatusError } from '../../../kubernetes/status-error.ts';
import type { StoredObject } from '../../../kubernetes/store/store.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import type { Handler } from '../call.ts';
import { deleteOptions } from '../delete-options.ts';
import { endOfTurn } from '../../end-of-turn.ts';
import { listResponse } from '../list-response.ts';
import { negotiate } from '../negotiate.ts';
import { readPage } from './list.ts';

/** How many deletions are under way at once, and after how many others have their turn. */
const width = 16;
const inTurn = width * 8;

/** DELETE of a collection, or of what the selectors choose of it: answers the list of what was deleted. */
export const deleteCollection: Handler = async (call) => {
  const { dependencies, kind, request, query } = call;
  const representation = negotiate(request.headers.get('accept'));
  const options = await deleteOptions(request, query);
  const page = await readPage(call);
  const deleted: StoredObject[] = [];
  const failures: unknown[] = [];
  for (let start = 0; start < page.items.length; start += width) {
    if (start > 0 && start % inTurn === 0) await endOfTurn();
    const deletions = page.items.slice(start, start + width).map(async ({ key }) => {
      try {
        return [(await deleteObject(dependencies, kind, { ...options, key })).object];
      } catch (error) {
        if (error instanceof StatusError && error.code === 404) return [];
        throw error;
      }
    });
    for (const outcome of await Promise.allSettled(deletions)) {
      if (outcome.status === 'fulfilled') deleted.push(...outcome.value);
      else failures.push(outcome.reason);
    }
  }
  // One that cannot be deleted does not keep the others; the answer is what was wrong with the first.
  if (failures.length > 0) throw failures[0];
  return listResponse({
    kind,
    items: deleted,
    metadata: { resourceVersion: String(page.revision) },
    representation,
    includeObject: query.get('includeObject'),
    now: dependencies.clock.now(),
  });
};
