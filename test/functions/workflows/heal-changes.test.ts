import { expect, test } from 'vitest';
import type { Context } from '../../../functions/context.ts';
import { healChanges } from '../../../functions/workflows/heal-changes.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Store } from '../../../kubernetes/store/store.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../../kubernetes/store/memory.ts';
import { Cluster } from '../../support/cluster.ts';
import { podOf } from '../support/manifests.ts';

const resync = 'resync.skiff.dev//all';

/** A store, and the keys that a run of the workflow asks for. */
function healed(options: MemoryStoreOptions = {}) {
  const store = new MemoryStore(options);
  const heal = async (over: Store = store): Promise<string[]> => {
    const asked: string[] = [];
    const queue: Context['queue'] = { enqueue: async (key) => void asked.push(key) };
    await healChanges({ ...new Cluster().context, store: over, queue });
    return asked;
  };
  const add = (name: string) => store.create(keyOf(pod, podOf({ name })), podOf({ name }));
  return { store, heal, add };
}

/** The same store, in whose updates something happens. */
const withUpdate = (store: MemoryStore, update: Store['update']): Store =>
  Object.assign(Object.create(store) as Store, { update });

test('has everything looked at in the first run', async () => {
  const { add, heal } = healed();
  await add('before');
  expect(await heal()).toEqual([resync]);
});

test('asks once for what has changed since the last run', async () => {
  const { store, add, heal } = healed();
  await heal();
  const added = await add('a');
  if (!added.ok) throw new Error(added.reason);
  await store.update(
    added.object.key,
    { ...added.object.parse(), metadata: podOf({ name: 'a' }).metadata },
    added.object.revision,
  );
  await add('b');
  expect(await heal()).toEqual(['pods/default/a', 'pods/default/b']);
  expect(await heal()).toEqual([]);
});

test('writes nothing when nothing has changed', async () => {
  const { store, add, heal } = healed();
  await heal();
  await add('a');
  await heal();
  const revision = await store.revision();
  await heal();
  expect(await store.revision()).toBe(revision);
});

test('has everything looked at when changes are no longer kept', async () => {
  const { add, heal } = healed({ keep: { changes: 3 } });
  await heal();
  for (const name of ['a', 'b', 'c', 'd']) await add(name);
  expect(await heal()).toEqual([resync]);
  await add('e');
  expect(await heal()).toEqual(['pods/default/e']);
});

test('asks again for all of it when it dies before it has noted down how far it came', async () => {
  const { store, add, heal } = healed();
  await heal();
  await add('a');
  const dying = withUpdate(store, () => Promise.reject(new Error('died')));
  await expect(heal(dying)).rejects.toThrow('died');
  expect(await heal()).toEqual(['pods/default/a']);
});

test('ends early when another run is ahead of it', async () => {
  const { store, add, heal } = healed();
  await heal();
  await add('a');
  const overtaken = withUpdate(store, async (...update) => {
    await heal();
    return store.update(...update);
  });
  expect(await heal(overtaken)).toEqual(['pods/default/a']);
  expect(await heal()).toEqual([]);
});
