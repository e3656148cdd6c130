import { beforeEach, describe, expect, test } from 'vitest';
import type { Store, StoredObject } from '../../kubernetes/store/store.ts';
import { allPages, create, key, names, object, page, type StoreUnderTest, written } from './store-fixture.ts';

const resource = 'configmaps';

/** The part of the suite that is about lists and their pages. */
export function describeLists(open: () => Promise<StoreUnderTest>): void {
  describe('lists', () => {
    let store: Store;
    let other: Store;
    let forget: () => Promise<void>;
    beforeEach(async () => {
      ({ store, other, forget } = await open());
    });
    const fill = async (count: number): Promise<StoredObject[]> => {
      const made: StoredObject[] = [];
      for (let index = 0; index < count; index += 1) made.push(await create(store, key(`n${10 + index}`), 'old'));
      return made;
    };

    test('an empty list names the revision of its state', async () => {
      expect(await page(store, { resource })).toEqual({ ok: true, items: [], revision: await store.revision() });
    });

    test('objects come in order of namespace, then name', async () => {
      const places = [
        ['b', 'web'],
        ['a', 'web-2'],
        ['a-b', 'web'],
        ['a', 'web'],
        ['a', 'web.x'],
        ['a', 'db'],
      ] as const;
      for (const [namespace, name] of places) await create(store, key(name, namespace));
      await create(store, key('other', 'a', 'secrets'));
      const all = (await page(other, { resource })).items.map(({ key: at }) => `${at.namespace}/${at.name}`);
      expect(all).toEqual(['a/db', 'a/web', 'a/web-2', 'a/web.x', 'a-b/web', 'b/web']);
      expect(names((await page(store, { resource, namespace: 'a' })).items)).toEqual(['db', 'web', 'web-2', 'web.x']);
      expect(names((await page(store, { resource, namespace: 'c' })).items)).toEqual([]);
    });

    test('a list names the newest revision, so that nothing is missing below it', async () => {
      await create(store, key('a'));
      const { revision } = await create(store, key('elsewhere', 'default', 'secrets'));
      expect((await page(store, { resource })).revision).toBe(revision);
    });

    test('where leaves out what does not fit', async () => {
      await fill(4);
      const { items } = await page(store, { resource, where: ({ key: at }) => at.name !== 'n11' });
      expect(names(items)).toEqual(['n10', 'n12', 'n13']);
    });

    test('pages say how many follow, and the last one has no continue', async () => {
      await fill(5);
      const pages = await allPages(store, { resource, limit: 2 });
      expect(pages.map(({ items }) => names(items))).toEqual([['n10', 'n11'], ['n12', 'n13'], ['n14']]);
      expect(pages.map(({ remaining }) => remaining)).toEqual([3, 1, undefined]);
      expect(pages.map((each) => each.continue !== undefined)).toEqual([true, true, false]);
    });

    test('a page that holds exactly all has no continue', async () => {
      await fill(2);
      expect(await page(store, { resource, limit: 2 })).not.toHaveProperty('continue');
    });

    test('with where, limit counts what fits and the rest is not counted', async () => {
      await fill(7);
      const where = ({ key: at }: StoredObject): boolean => Number(at.name.slice(1)) % 2 === 0;
      const pages = await allPages(store, { resource, where, limit: 2 });
      expect(pages.flatMap(({ items }) => names(items))).toEqual(['n10', 'n12', 'n14', 'n16']);
      expect(pages.every(({ items, remaining }) => items.length <= 2 && remaining === undefined)).toBe(true);
    });

    test('pages show one state, whatever is written between them', async () => {
      const made = await fill(9);
      await create(store, key('n12x', 'other'), 'old');
      const before = await page(store, { resource });
      const last = made[8];
      const write = [
        async () => {
          const once = await written(store.update(key('n16'), object(key('n16'), 'new'), made[6]?.revision ?? 0));
          await written(store.update(key('n16'), object(key('n16'), 'newer'), once.revision));
        },
        async () => written(store.delete(key('n17'), made[7]?.revision ?? 0)),
        async () => create(store, key('n135'), 'new'),
        async () => create(store, key('n00'), 'new'),
        async () => written(store.delete(key('n18'), last?.revision ?? 0)),
        async () => create(store, key('n18'), 'new'),
      ];
      const pages = await allPages(other, { resource, limit: 2 }, async () => write.shift()?.());
      expect(write.length).toBeLessThan(3);
      expect(pages.flatMap(({ items }) => items)).toEqual(before.items);
      expect(new Set(pages.map(({ revision }) => revision))).toEqual(new Set([before.revision]));
      expect(pages.map(({ remaining }) => remaining)).toEqual([8, 6, 4, 2, undefined]);
    });

    test('pages of a namespace stay in it, in the past too', async () => {
      await fill(3);
      await create(store, key('a', 'after'));
      const pages = await allPages(store, { resource, namespace: 'default', limit: 2 }, async () =>
        create(store, key('b', 'after')),
      );
      expect(pages.flatMap(({ items }) => names(items))).toEqual(['n10', 'n11', 'n12']);
    });

    test('a watch from the revision of a paged list sees what was written between the pages', async () => {
      await fill(4);
      const pages = await allPages(store, { resource, limit: 2 }, async () => create(store, key('between')));
      const changes = await store.changes({ after: pages.at(-1)?.revision ?? 0, resource });
      expect(changes).toMatchObject({ ok: true, changes: [{ type: 'ADDED', object: { key: key('between') } }] });
    });

    test('a page whose state is no longer kept has expired, and another continue goes on with the newest state', async () => {
      const made = await fill(5);
      const first = await page(store, { resource, limit: 2 });
      await store.delete(key('n13'), made[3]?.revision ?? 0);
      await forget();
      const answer = await store.list({ resource, limit: 2, continue: first.continue ?? '' });
      if (answer.ok) throw new Error('the page is still there');
      expect(answer).toMatchObject({ reason: 'Expired' });
      expect(answer.oldest).toBeGreaterThan(first.revision);

      await create(store, key('n99'));
      const next = await allPages(store, { resource, limit: 2, continue: answer.continue ?? '' });
      expect(next.flatMap(({ items }) => names(items))).toEqual(['n12', 'n14', 'n99']);
      expect(next[0]?.revision).toBe(await store.revision());
    });

    test.for(['', 'x', 'bm9uc2Vuc2U=', btoa('[1,1]'), btoa('{"v":1}'), btoa('[1,1,"%","a"]'), btoa('[1,1e15,"","a"]')])(
      'refuses %j as a continue token',
      async (token) => {
        await fill(1);
        await expect(store.list({ resource, limit: 1, continue: token })).rejects.toMatchObject({
          status: { code: 400, reason: 'BadRequest' },
        });
      },
    );
  });
}
