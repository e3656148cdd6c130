import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../kubernetes/store/store.ts';
import { create, key, names, object, page, type StoreUnderTest, written } from './store-fixture.ts';
import { describeLists } from './store-lists.ts';
import { describeChanges } from './store-changes.ts';
import { describeNotes } from './store-notes.ts';

/** What every implementation of Store has to do (kubernetes/store/store.ts). `open` makes an empty one. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of Store`, () => {
    describeObjects(open);
    describeTransactions(open);
    describeLists(open);
    describeChanges(open);
    describeNotes(open);
  });
}

function describeObjects(open: () => Promise<StoreUnderTest>): void {
  describe('objects', () => {
    let store: Store;
    let other: Store;
    beforeEach(async () => {
      ({ store, other } = await open());
    });

    test('a created object can be read, through any door', async () => {
      const at = key('web');
      const made = await written(store.create(at, object(at, 'one', { labels: { app: 'web' } })));
      for (const door of [store, other]) {
        const read = await door.get(at);
        expect(read).toMatchObject({ key: at, uid: 'uid-of-web', labels: { app: 'web' }, revision: made.revision });
        expect(read?.parse()).toEqual({
          ...object(at, 'one'),
          metadata: {
            name: 'web',
            namespace: 'default',
            uid: 'uid-of-web',
            labels: { app: 'web' },
            resourceVersion: `${made.revision}`,
          },
        });
        expect(JSON.parse(read?.text ?? '')).toEqual(read?.parse());
      }
    });

    test('an object that is not there reads as undefined', async () => {
      await create(store, key('web'));
      expect(await store.get(key('web', 'other'))).toBeUndefined();
      expect(await store.get(key('web', 'default', 'secrets'))).toBeUndefined();
      expect(await store.get(key('we'))).toBeUndefined();
    });

    test('a name longer than any object has names none, in a namespace or of one', async () => {
      const long = 'x'.repeat(10_000);
      expect(await store.get(key(long))).toBeUndefined();
      expect(await store.get(key('web', long))).toBeUndefined();
      expect((await page(store, { resource: 'configmaps', namespace: long })).items).toEqual([]);
      expect(await store.update(key(long), object(key(long)), 1)).toMatchObject({ reason: 'NotFound' });
      expect(await store.dependents(long)).toEqual([]);
    });

    test('cluster-scoped objects live beside namespaced ones', async () => {
      const node = key('zone-a', '', 'nodes');
      await create(store, node);
      expect((await store.get(node))?.key).toEqual(node);
      expect(names((await page(store, { resource: 'nodes' })).items)).toEqual(['zone-a']);
    });

    test('every write takes a revision of its own, larger than all before', async () => {
      const before = await store.revision();
      const first = await create(store, key('a'));
      const second = await create(store, key('b'));
      const third = await written(store.update(key('a'), object(key('a'), 'two'), first.revision));
      const fourth = await written(store.delete(key('b'), second.revision));
      expect([first, second, third, fourth].map(({ revision }) => revision - before)).toEqual([1, 2, 3, 4]);
      expect(await store.revision()).toBe(fourth.revision);
    });

    test('the store writes resourceVersion, whatever the object says', async () => {
      const made = await written(store.create(key('a'), object(key('a'), '', { resourceVersion: '999999' })));
      expect(made.parse().metadata.resourceVersion).toBe(String(made.revision));
    });

    test('refuses to create what is there', async () => {
      const made = await create(store, key('a'), 'one');
      expect(await other.create(key('a'), object(key('a'), 'two'))).toEqual({
        ok: false,
        reason: 'AlreadyExists',
        key: key('a'),
      });
      expect(await store.get(key('a'))).toEqual(made);
      expect(await store.revision()).toBe(made.revision);
    });

    test('of a key longer than any store has there is nothing, and nobody depends on a uid that is so long', async () => {
      expect(await store.get(key('x'.repeat(5000)))).toBeUndefined();
      expect(await store.dependents('x'.repeat(5000))).toEqual([]);
    });

    test('refuses to update or delete what is not there', async () => {
      const before = await store.revision();
      const refusal = { ok: false, reason: 'NotFound', key: key('a') };
      expect(await store.update(key('a'), object(key('a')), before)).toEqual(refusal);
      expect(await store.delete(key('a'), before)).toEqual(refusal);
      expect(await store.revision()).toBe(before);
    });

    test('refuses to update or delete another revision', async () => {
      const first = await create(store, key('a'), 'one');
      const second = await written(store.update(key('a'), object(key('a'), 'two'), first.revision));
      const refusal = { ok: false, reason: 'Conflict', key: key('a') };
      for (const revision of [first.revision, second.revision + 1, 0]) {
        expect(await other.update(key('a'), object(key('a'), 'three'), revision)).toEqual(refusal);
        expect(await other.delete(key('a'), revision)).toEqual(refusal);
      }
      expect(await store.get(key('a'))).toEqual(second);
      expect(await store.revision()).toBe(second.revision);
    });

    test('a revision of an earlier object of that name does not fit the new one', async () => {
      const old = await create(store, key('a'));
      await store.delete(key('a'), old.revision);
      await create(store, key('a'));
      expect(await store.update(key('a'), object(key('a')), old.revision)).toMatchObject({ reason: 'Conflict' });
    });

    test('a deletion answers the last state under a revision of its own', async () => {
      const made = await create(store, key('a'), 'one');
      const gone = await written(store.delete(key('a'), made.revision));
      expect(gone.revision).toBeGreaterThan(made.revision);
      expect(gone.parse()).toEqual({
        ...made.parse(),
        metadata: { ...made.parse().metadata, resourceVersion: String(gone.revision) },
      });
      expect(await other.get(key('a'))).toBeUndefined();
    });

    test('of writers that race for one revision exactly one wins', async () => {
      const made = await create(store, key('a'));
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? store : other).update(key('a'), object(key('a'), `${index}`), made.revision),
        ),
      );
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      const creators = await Promise.all(
        [store, other, store].map((door) => door.create(key('b'), object(key('b'), 'x'))),
      );
      expect(creators.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test('increments by compare-and-swap from many writers are all counted', async () => {
      await create(store, key('counter'), '0');
      const increment = async (door: typeof store): Promise<void> => {
        for (;;) {
          const current = await door.get(key('counter'));
          if (current === undefined) throw new Error('the counter is gone');
          const next = Number(current.parse<ReturnType<typeof object>>().data.value) + 1;
          const answer = await door.update(key('counter'), object(key('counter'), `${next}`), current.revision);
          if (answer.ok) return;
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => increment(index % 2 === 0 ? store : other)));
      expect((await store.get(key('counter')))?.parse<ReturnType<typeof object>>().data.value).toBe('20');
    });

    test('the store keeps a copy of what it is given', async () => {
      const given = object(key('a'), 'one');
      const made = await written(store.create(key('a'), given));
      given.data.value = 'changed afterwards';
      expect((await store.get(key('a')))?.parse()).toMatchObject({ data: { value: 'one' } });
      expect(given.metadata.resourceVersion).toBeUndefined();
      expect(made.parse()).toMatchObject({ data: { value: 'one' } });
    });

    test('what a reader does to its copy reaches nobody', async () => {
      const made = await written(store.create(key('a'), object(key('a'), 'one', { labels: { app: 'web' } })));
      const copy = made.parse<ReturnType<typeof object>>();
      copy.data.value = 'mine';
      expect(() => Object.assign(made.labels, { app: 'mine' })).toThrow(TypeError);
      expect(() => Object.assign(made, { text: 'mine' })).toThrow(TypeError);
      expect(() => Object.assign(made.key, { name: 'mine' })).toThrow(TypeError);
      expect(made.parse()).toMatchObject({ data: { value: 'one' } });
      expect(await store.get(key('a'))).toEqual(made);
    });

    test('a record stays as it is when its object changes', async () => {
      const first = await create(store, key('a'), 'one');
      const text = first.text;
      await store.update(key('a'), object(key('a'), 'two'), first.revision);
      expect(first.text).toBe(text);
      expect(first.parse()).toMatchObject({ data: { value: 'one' } });
    });

    test('text of every kind comes back as it was', async () => {
      const values = ['\t\n\r\u0000"\\', 'ünïcödé 🚢 \u2028', '__proto__', ' ', 'x'.repeat(400_000)];
      for (const [index, value] of values.entries()) {
        const made = await create(store, key(`text-${index}`), value);
        expect(made.parse()).toMatchObject({ data: { value } });
        expect((await other.get(key(`text-${index}`)))?.text).toBe(made.text);
      }
    });

    test('dependents are found by the uid of any of their owners', async () => {
      const owner = (uid: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid });
      const owned = async (at: typeof webKey, ...uids: string[]) =>
        written(store.create(at, object(at, '', { ownerReferences: uids.map(owner) })));
      const webKey = key('web');
      const web = await owned(webKey, 'one', 'two');
      await owned(key('db', 'other', 'secrets'), 'two');
      await create(store, key('free'));
      const found = async (uid: string) => names(await other.dependents(uid)).toSorted();
      expect(await found('one')).toEqual(['web']);
      expect(await found('two')).toEqual(['db', 'web']);
      expect(await found('three')).toEqual([]);

      const handed = await written(
        store.update(webKey, object(webKey, '', { ownerReferences: [owner('three')] }), web.revision),
      );
      expect(await found('one')).toEqual([]);
      expect(await other.dependents('three')).toEqual([handed]);

      await store.delete(webKey, handed.revision);
      expect(await found('three')).toEqual([]);
    });
  });
}

function describeTransactions(open: () => Promise<StoreUnderTest>): void {
  describe('transactions', () => {
    let store: Store;
    let other: Store;
    beforeEach(async () => {
      ({ store, other } = await open());
    });

    test('all writes happen, under consecutive revisions in the order given', async () => {
      const a = await create(store, key('a'));
      const b = await create(store, key('b'));
      const answer = await store.transact([
        { type: 'create', key: key('c'), object: object(key('c')) },
        { type: 'delete', key: key('a'), revision: a.revision },
        { type: 'update', key: key('b'), object: object(key('b'), 'two'), revision: b.revision },
      ]);
      if (!answer.ok) throw new Error(answer.reason);
      expect(names(answer.objects)).toEqual(['c', 'a', 'b']);
      const [first = 0] = answer.objects.map(({ revision }) => revision);
      expect(answer.objects.map(({ revision }) => revision)).toEqual([first, first + 1, first + 2]);
      expect(first).toBe(b.revision + 1);
      expect(names((await page(other, { resource: 'configmaps' })).items)).toEqual(['b', 'c']);
    });

    test.for([
      { reason: 'AlreadyExists', name: 'a', write: { type: 'create', object: object(key('a')) } },
      { reason: 'Conflict', name: 'a', write: { type: 'update', object: object(key('a')), revision: -1 } },
      { reason: 'Conflict', name: 'a', write: { type: 'delete', revision: -1 } },
      { reason: 'NotFound', name: 'missing', write: { type: 'update', object: object(key('missing')), revision: 1 } },
      { reason: 'NotFound', name: 'missing', write: { type: 'delete', revision: 1 } },
    ] as const)('refuses all when one is refused: $reason of $write.type', async ({ reason, name, write }) => {
      const a = await create(store, key('a'));
      const b = await create(store, key('b'));
      const answer = await store.transact([
        { type: 'create', key: key('c'), object: object(key('c')) },
        { type: 'update', key: key('b'), object: object(key('b'), 'two'), revision: b.revision },
        { ...write, key: key(name) },
        { type: 'create', key: key('d'), object: object(key('d')) },
      ]);
      expect(answer).toEqual({ ok: false, reason, key: key(name) });
      expect((await page(store, { resource: 'configmaps' })).items).toEqual([a, b]);
      expect(await store.revision()).toBe(b.revision);
    });

    test('a transaction of nothing changes nothing', async () => {
      const before = await store.revision();
      expect(await store.transact([])).toEqual({ ok: true, objects: [] });
      expect(await store.revision()).toBe(before);
    });

    test('fifty writes are one transaction, fifty-one are none', async () => {
      const writes = Array.from({ length: 51 }, (_, index) => {
        const at = key(`each-${index}`);
        return { type: 'create', key: at, object: object(at) } as const;
      });
      await expect(store.transact(writes)).rejects.toThrow('51 writes');
      expect((await page(store, { resource: 'configmaps' })).items).toEqual([]);
      expect(await store.transact(writes.slice(1))).toMatchObject({ ok: true });
    });

    test('refuses two writes to one key', async () => {
      const write = { type: 'create', key: key('a'), object: object(key('a')) } as const;
      await expect(store.transact([write, write])).rejects.toThrow('one key');
      expect(await store.get(key('a'))).toBeUndefined();
    });

    test('transactions that race for one key: one happens, whole, and no other in part', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? store : other).transact([
            { type: 'create', key: key(`own-${index}`), object: object(key(`own-${index}`)) },
            { type: 'create', key: key('contested'), object: object(key('contested')) },
          ]),
        ),
      );
      const winner = answers.findIndex(({ ok }) => ok);
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(names((await page(store, { resource: 'configmaps' })).items)).toEqual(['contested', `own-${winner}`]);
    });
  });
}
