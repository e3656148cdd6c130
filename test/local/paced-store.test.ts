import { expect, test } from 'vitest';
import { MemoryStore } from '../../kubernetes/store/memory.ts';
import { pacedStore } from '../../local/paced-store.ts';
import { describeStore } from '../conformance/store.ts';
import { create, key, object, written } from '../conformance/store-fixture.ts';

describeStore('a paced MemoryStore', async () => {
  const store = new MemoryStore({ keep: { changes: 1000 } });
  const forget = async (): Promise<void> => {
    for (let index = 0; index < 1000; index += 1) await create(store, key(`filler-${index}`, '', 'fillers'));
  };
  return { store: pacedStore(store), other: pacedStore(store), forget };
});

test.each([
  ['a small object keeps nobody waiting, and needs no turn', 10, 0, 0],
  ['others have their turn after each step with a large one', 100_000, 4, 8],
])('%s', async (_what, ...[characters, least, most]) => {
  const store = pacedStore(new MemoryStore());
  let counted = 0;
  let counting = true;
  const count = (): void => {
    if (!counting) return;
    counted += 1;
    setImmediate(count);
  };
  setImmediate(count);
  const at = key('a');
  const made = await written(store.create(at, object(at, 'x'.repeat(characters))));
  await store.get(at);
  await store.update(at, object(at, 'y'.repeat(characters)), made.revision);
  await store.get(at);
  counting = false;
  expect(counted).toBeGreaterThanOrEqual(least);
  expect(counted).toBeLessThanOrEqual(most);
});
