import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../kubernetes/store/store.ts';
import {
  create,
  hasSettled,
  kept,
  key,
  names,
  object,
  page,
  revisions,
  type StoreUnderTest,
  watch,
  written,
} from './store-fixture.ts';

const never = new AbortController().signal;

/** The part of the suite that is about changes: the ground that watches stand on. */
export function describeChanges(open: () => Promise<StoreUnderTest>): void {
  describe('changes', () => {
    let store: Store;
    let other: Store;
    let forget: () => Promise<void>;
    let start = 0;
    beforeEach(async () => {
      ({ store, other, forget } = await open());
      start = await store.revision();
    });

    test('creation, update and deletion are seen with the object before and after', async () => {
      const made = await create(store, key('a'), 'one');
      const updated = await written(store.update(key('a'), object(key('a'), 'two'), made.revision));
      const gone = await written(store.delete(key('a'), updated.revision));
      const batch = kept(await other.changes({ after: start }));
      expect(batch.changes).toEqual([
        { type: 'ADDED', object: made },
        { type: 'MODIFIED', object: updated, previous: made },
        { type: 'DELETED', object: gone, previous: updated },
      ]);
      expect(batch.revision).toBe(gone.revision);
    });

    test('an object made again under its name is added, with nothing before it', async () => {
      const first = await create(store, key('a'));
      await store.delete(key('a'), first.revision);
      const second = await create(store, key('a'));
      const batch = kept(await store.changes({ after: second.revision - 1 }));
      expect(batch.changes).toEqual([{ type: 'ADDED', object: second }]);
    });

    test('from each revision, exactly the later changes are seen', async () => {
      for (const name of ['a', 'b', 'c', 'd']) await create(store, key(name));
      for (let after = start; after <= start + 4; after += 1) {
        const batch = kept(await store.changes({ after }));
        expect(revisions(batch.changes)).toEqual([1, 2, 3, 4].map((each) => start + each).filter((r) => r > after));
        expect(batch.revision).toBe(start + 4);
      }
    });

    test('a filter leaves out the others, and the batch still reaches to the newest revision', async () => {
      await create(store, key('a', 'one'));
      await create(store, key('a', 'two'));
      await create(store, key('a', 'one', 'secrets'));
      const seen = async (query: { resource?: string; namespace?: string }): Promise<string[]> => {
        const batch = kept(await store.changes({ after: start, ...query }));
        expect(batch.revision).toBe(start + 3);
        return batch.changes.map(({ object: { key: at } }) => `${at.resource}/${at.namespace}`);
      };
      expect(await seen({ resource: 'configmaps' })).toEqual(['configmaps/one', 'configmaps/two']);
      expect(await seen({ namespace: 'one' })).toEqual(['configmaps/one', 'secrets/one']);
      expect(await seen({ resource: 'configmaps', namespace: 'two' })).toEqual(['configmaps/two']);
      expect(await seen({ resource: 'pods' })).toEqual([]);
    });

    test('with a limit, batches follow each other without loss', async () => {
      for (let index = 0; index < 7; index += 1) {
        await create(store, key(`a${index}`));
        await create(store, key(`a${index}`, 'default', 'secrets'));
      }
      const seen: string[] = [];
      for (let after = start; after < start + 14;) {
        const batch = kept(await store.changes({ after, resource: 'configmaps', limit: 3 }));
        expect(batch.changes.length).toBeLessThanOrEqual(3);
        expect(batch.revision).toBeGreaterThan(after);
        seen.push(...names(batch.changes.map((change) => change.object)));
        after = batch.revision;
      }
      expect(seen).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
    });

    test('a transaction is seen whole, in the order of its writes', async () => {
      const a = await create(store, key('a'));
      await store.transact([
        { type: 'delete', key: key('a'), revision: a.revision },
        { type: 'create', key: key('b'), object: object(key('b')) },
      ]);
      const batch = kept(await store.changes({ after: a.revision }));
      expect(batch.changes.map(({ type, object: each }) => [type, each.key.name])).toEqual([
        ['DELETED', 'a'],
        ['ADDED', 'b'],
      ]);
    });

    test('a refused write is no change', async () => {
      const made = await create(store, key('a'));
      await store.create(key('a'), object(key('a')));
      await store.delete(key('a'), made.revision + 5);
      await store.transact([
        { type: 'create', key: key('b'), object: object(key('b')) },
        { type: 'create', key: key('a'), object: object(key('a')) },
      ]);
      expect(kept(await store.changes({ after: made.revision }))).toEqual({
        ok: true,
        changes: [],
        revision: made.revision,
      });
    });

    test('a reader ahead of the store waits until the revisions have passed it', async () => {
      const ahead = start + 2;
      expect(kept(await store.changes({ after: ahead }))).toEqual({ ok: true, changes: [], revision: ahead });
      const waiting = store.changed({ after: ahead }, never);
      await create(store, key('a'));
      await create(store, key('b'));
      expect(await hasSettled(waiting)).toBe(false);
      await create(store, key('c'));
      await waiting;
      expect(names(kept(await store.changes({ after: ahead })).changes.map((each) => each.object))).toEqual(['c']);
    });

    test('changed ends at once when there is a change already', async () => {
      await create(store, key('a'));
      await expect(store.changed({ after: start }, never)).resolves.toBeUndefined();
    });

    test('changed waits for a change that is asked for', async () => {
      const waiting = other.changed({ after: start, resource: 'configmaps', namespace: 'default' }, never);
      expect(await hasSettled(waiting)).toBe(false);
      await create(store, key('a'));
      await waiting;
    });

    test('changed ends without a word when its signal aborts, before or after the call', async () => {
      const abort = new AbortController();
      const waiting = store.changed({ after: start }, abort.signal);
      expect(await hasSettled(waiting)).toBe(false);
      abort.abort();
      await waiting;
      await store.changed({ after: start }, abort.signal);
    });

    test('changes that are no longer kept have expired, and the answer says from where on they are kept', async () => {
      await create(store, key('a'));
      await forget();
      const answer = await store.changes({ after: start });
      if (answer.ok) throw new Error('the changes are still there');
      expect(answer.reason).toBe('Expired');
      expect(answer.oldest).toBeGreaterThan(start);
      expect(await store.changes({ after: answer.oldest })).toMatchObject({ ok: true });
      expect(await store.changes({ after: answer.oldest - 1 })).toMatchObject({ ok: false, oldest: answer.oldest });
      await store.changed({ after: start }, never);
      expect((await store.get(key('a')))?.key).toEqual(key('a'));
    });

    test('with concurrent writers, every watcher sees every change once, in order and without holes', async () => {
      const writers = 8;
      const rounds = 15;
      const each = 3;
      const work = async (writer: number): Promise<void> => {
        const door = writer % 2 === 0 ? store : other;
        const at = key(`w${writer}`, writer % 3 === 0 ? 'default' : 'other');
        for (let round = 0; round < rounds; round += 1) {
          const made = await written(door.create(at, object(at, `${round}`)));
          const updated = await written(door.update(at, object(at, `${round} again`), made.revision));
          await written(door.delete(at, updated.revision));
        }
      };
      const total = writers * rounds * each;
      const watchers = [store, other, store].map((door) => watch(door, { after: start }, total));
      const narrow = watch(other, { after: start, resource: 'configmaps', namespace: 'default' }, 3 * rounds * each);
      await Promise.all(Array.from({ length: writers }, (_, writer) => work(writer)));
      const late = watch(other, { after: start }, total);
      const expected = Array.from({ length: total }, (_, index) => start + 1 + index);
      for (const seen of await Promise.all([...watchers, late])) expect(revisions(seen)).toEqual(expected);
      const types = (await narrow).filter(({ object: { key: at } }) => at.name === 'w3').map(({ type }) => type);
      expect(types).toEqual(Array.from({ length: rounds }, () => ['ADDED', 'MODIFIED', 'DELETED']).flat());
      expect(revisions(await narrow)).toEqual(revisions(await narrow).toSorted((a, b) => a - b));
    });

    test('list, then watch, loses and doubles nothing under concurrent writers', async () => {
      const total = 60;
      const writing = Promise.all(
        Array.from({ length: total }, (_, index) => create(index % 2 === 0 ? store : other, key(`c${100 + index}`))),
      );
      const listed = await page(other, { resource: 'configmaps' });
      const rest = watch(other, { after: listed.revision, resource: 'configmaps' }, total - listed.items.length);
      await writing;
      const seen = [...names(listed.items), ...names((await rest).map((change) => change.object))];
      expect(seen.toSorted()).toEqual(Array.from({ length: total }, (_, index) => `c${100 + index}`));
    });
  });
}
