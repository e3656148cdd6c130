import { endOfTurn } from '../functions/end-of-turn.ts';
import { pacedCharacters } from '../kubernetes/limits.ts';
import type { Store, StoredObject } from '../kubernetes/store/store.ts';

const isLarge = ({ text }: Pick<StoredObject, 'text'>): boolean => text.length > pacedCharacters;

/**
 * A store in the same process never makes anybody wait, so that all that is done with an object happens in one turn of the
 * event loop. With a large object that takes long: here others have their turn after each answer that holds one.
 */
export function pacedStore(store: Store): Store {
  const paced = async <T>(answer: T, records: readonly Pick<StoredObject, 'text'>[]): Promise<T> => {
    if (records.some(isLarge)) await endOfTurn();
    return answer;
  };
  return {
    get: async (key) => {
      const record = await store.get(key);
      return record === undefined || !isLarge(record) ? record : paced(record, [record]);
    },
    list: (query) => store.list(query),
    create: async (key, object) => {
      const result = await store.create(key, object);
      return result.ok ? paced(result, [result.object]) : result;
    },
    update: async (key, object, revision) => {
      const result = await store.update(key, object, revision);
      return result.ok ? paced(result, [result.object]) : result;
    },
    delete: (key, revision) => store.delete(key, revision),
    transact: async (writes) => {
      const result = await store.transact(writes);
      return result.ok ? paced(result, result.objects) : result;
    },
    changes: (query) => store.changes(query),
    changed: (query, signal) => store.changed(query, signal),
    dependents: async (uid) => {
      const records = await store.dependents(uid);
      return paced(records, records);
    },
    revision: () => store.revision(),
  };
}
