import { expect, test } from 'vitest';
import { Feed, type Subscriber } from '../../../functions/api/watch/feed.ts';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { create, key } from '../../conformance/store-fixture.ts';

test('a watch that cannot go on is failed, and the others are told of everything', async () => {
  const store = new MemoryStore();
  const feed = new Feed(store, { resource: 'configmaps', waiting: { bytes: 0 } });
  const failed: unknown[] = [];
  const told: string[] = [];
  const broken: Subscriber = {
    receive: () => {
      throw new Error('no line can be made of it');
    },
    fail: (reason) => void failed.push(reason),
  };
  const sound: Subscriber = {
    receive: (changes) => void told.push(...changes.map(({ object }) => object.key.name)),
    fail: (reason) => void failed.push(reason),
  };
  await feed.join(broken, 0);
  await feed.join(sound, 0);
  for (const name of ['a', 'b']) await create(store, key(name));
  await feed.reached(sound);
  await create(store, key('c'));
  await feed.reached(sound);
  expect(told).toEqual(['a', 'b', 'c']);
  expect(failed).toEqual([{ fault: new Error('no line can be made of it') }]);
  feed.leave(sound);
});
