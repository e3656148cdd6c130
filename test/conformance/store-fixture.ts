import type { KubernetesObject, ObjectKey } from '../../kubernetes/object.ts';
import type {
  Change,
  ChangesQuery,
  Expired,
  ListPage,
  ListQuery,
  Store,
  StoredObject,
  WriteResult,
} from '../../kubernetes/store/store.ts';

/** One store for one test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The same state through another door: another process where there may be several, else the store itself. */
  readonly other: Store;
  /** Makes the store give up the changes made so far. */
  readonly forget: () => Promise<void>;
}

export const key = (name: string, namespace = 'default', resource = 'configmaps'): ObjectKey => ({
  resource,
  namespace,
  name,
});

/** A ConfigMap with a value in it; `metadata` adds to its metadata. */
export const object = (
  { namespace, name }: ObjectKey,
  value = '',
  metadata: Partial<KubernetesObject['metadata']> = {},
): KubernetesObject & { data: { value: string } } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, uid: `uid-of-${name}`, ...metadata },
  data: { value },
});

/** The written object; throws when the write was refused. */
export async function written(result: Promise<WriteResult>): Promise<StoredObject> {
  const answer = await result;
  if (!answer.ok) throw new Error(`refused: ${answer.reason}`);
  return answer.object;
}

export const create = (store: Store, at: ObjectKey, value = ''): Promise<StoredObject> =>
  written(store.create(at, object(at, value)));

/** The answer, when it is not Expired. */
export function kept<T extends { readonly ok: true }>(answer: T | Expired): T {
  if (!answer.ok) throw new Error(`expired, the oldest is ${answer.oldest}`);
  return answer;
}

export const page = async (store: Store, query: ListQuery): Promise<ListPage> => kept(await store.list(query));

/** Every page of a list; `between` runs after each. */
export async function allPages(
  store: Store,
  query: ListQuery,
  between: () => Promise<unknown> = async () => {},
): Promise<ListPage[]> {
  const pages = [await page(store, query)];
  for (let next = pages[0]?.continue; next !== undefined; next = pages.at(-1)?.continue) {
    await between();
    pages.push(await page(store, { ...query, continue: next }));
  }
  return pages;
}

export const names = (items: readonly StoredObject[]): string[] => items.map((item) => item.key.name);

/** What a watcher sees from a revision on, until it has so many changes. */
export async function watch(store: Store, query: ChangesQuery, count: number): Promise<Change[]> {
  const seen: Change[] = [];
  const never = new AbortController().signal;
  for (let { after } = query; ;) {
    const batch = kept(await store.changes({ ...query, after }));
    seen.push(...batch.changes);
    if (seen.length >= count) return seen;
    after = batch.revision;
    await store.changed({ ...query, after }, never);
  }
}

export const revisions = (changes: readonly Change[]): number[] => changes.map((change) => change.object.revision);

/** Whether a promise has settled once all that can run has run. */
export async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const mark = (): void => {
    settled = true;
  };
  promise.then(mark, mark);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return settled;
}
