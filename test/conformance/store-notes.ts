import { beforeEach, describe, expect, test } from 'vitest';
import { parseNoted } from '../../kubernetes/notes.ts';
import type { Store, StoredObject } from '../../kubernetes/store/store.ts';
import { create, key, kept, object, page, type StoreUnderTest, written } from './store-fixture.ts';

const notes = { task: 'arn:aws:ecs:…:task/1\n\t\u001e ü', empty: '' };

/** Notes live beside an object, and a reader that does not ask for them never meets them. */
export function describeNotes(open: () => Promise<StoreUnderTest>): void {
  describe('notes', () => {
    let store: Store;
    let other: Store;
    let made: StoredObject;
    beforeEach(async () => {
      ({ store, other } = await open());
      const result = await store.transact([{ type: 'create', key: key('a'), object: object(key('a'), 'one'), notes }]);
      made = await written(
        Promise.resolve(result.ok ? { ok: true, object: result.objects[0] as StoredObject } : result),
      );
    });

    test('are beside the object, and neither in its text nor in what it is parsed to', async () => {
      const read = await other.get(key('a'));
      expect(read?.notes).toEqual(notes);
      expect(read?.text).not.toContain('task');
      expect(read?.parse()).not.toHaveProperty('notes');
      expect(read === undefined ? undefined : parseNoted(read).notes).toEqual(notes);
      expect((await page(other, { resource: 'configmaps' })).items[0]?.notes).toEqual(notes);
    });

    test('stay when the object is written without them, and go with it', async () => {
      const next = await written(other.update(key('a'), object(key('a'), 'two'), made.revision));
      expect(next.notes).toEqual(notes);
      expect((await store.get(key('a')))?.notes).toEqual(notes);
      const gone = await written(other.delete(key('a'), next.revision));
      expect(gone.notes).toEqual(notes);
      expect((await create(store, key('a'))).notes).toEqual({});
    });

    test('change with a write that names them', async () => {
      const change = { type: 'update', key: key('a'), object: object(key('a'), 'one') } as const;
      const result = await other.transact([{ ...change, revision: made.revision, notes: { attempt: '1' } }]);
      expect(result.ok).toBe(true);
      const seen = await store.get(key('a'));
      expect(seen?.notes).toEqual({ attempt: '1' });
      await other.transact([{ ...change, revision: seen?.revision ?? 0, notes: {} }]);
      expect((await store.get(key('a')))?.notes).toEqual({});
    });

    test('are those of their time in the changes', async () => {
      await written(other.update(key('a'), object(key('a'), 'two'), made.revision));
      const { changes } = kept(await store.changes({ after: made.revision - 1 }));
      expect(changes.map(({ object: at, previous }) => [at.notes, previous?.notes])).toEqual([
        [notes, undefined],
        [notes, notes],
      ]);
    });
  });
}
