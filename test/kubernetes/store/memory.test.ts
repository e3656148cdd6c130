import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { create, kept, key, object } from '../../conformance/store-fixture.ts';
import { describeStore } from '../../conformance/store.ts';

const keptChanges = 1000;

describeStore('MemoryStore', async () => {
  const store = new MemoryStore({ keep: { changes: keptChanges } });
  const forget = async (): Promise<void> => {
    for (let index = 0; index < keptChanges; index += 1) await create(store, key(`filler-${index}`, '', 'fillers'));
  };
  return { store, other: store, forget };
});

describe('MemoryStore', () => {
  test('counts from the revision it is told, so that revisions of an earlier process have expired', async () => {
    const store = new MemoryStore({ firstRevision: 5000 });
    expect(await store.revision()).toBe(5000);
    expect(await store.changes({ after: 4999 })).toEqual({ ok: false, reason: 'Expired', oldest: 5000 });
    expect((await create(store, key('a'))).revision).toBe(5001);
  });

  test('keeps fewer changes when their objects are large', async () => {
    const store = new MemoryStore({ keep: { characters: 10_000 } });
    for (let index = 0; index < 20; index += 1) await create(store, key(`a${index}`), 'x'.repeat(2000));
    const answer = await store.changes({ after: 0 });
    expect(answer).toEqual({ ok: false, reason: 'Expired', oldest: 16 });
    expect(kept(await store.changes({ after: 16 })).changes).toHaveLength(4);
  });

  test('survives an object larger than all it may keep', async () => {
    const store = new MemoryStore({ keep: { characters: 100 } });
    await create(store, key('a'), 'x'.repeat(1000));
    expect(await store.changes({ after: 0 })).toEqual({ ok: false, reason: 'Expired', oldest: 1 });
    expect(kept(await store.changes({ after: 1 }))).toEqual({ ok: true, changes: [], revision: 1 });
    expect(await store.get(key('a'))).toBeDefined();
  });

  test('an object that cannot be written as JSON changes nothing', async () => {
    const store = new MemoryStore();
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    await expect(store.create(key('a'), { ...object(key('a')), ...cyclic })).rejects.toThrow(TypeError);
    expect(await store.revision()).toBe(0);
    expect(await store.get(key('a'))).toBeUndefined();
  });

  test('leaves nothing on the signal of who waited once they are told', async () => {
    const store = new MemoryStore();
    const { signal } = new AbortController();
    const waits = Array.from({ length: 3 }, () => store.changed({ after: 0 }, signal));
    expect(getEventListeners(signal, 'abort')).toHaveLength(3);
    await create(store, key('a'));
    await Promise.all(waits);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
