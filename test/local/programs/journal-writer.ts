import { writeSync } from 'node:fs';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { FileJournal } from '../../../local/journal.ts';
import { key, object, written } from '../../conformance/store-fixture.ts';

// Writes to a store as fast as it can, until it is killed; each acknowledged revision goes to stdout.
const [path = ''] = process.argv.slice(2);
const journal = new FileJournal(path, {
  firstRevision: 0,
  durability: 'kernel',
  growthBytes: 20_000,
  report: (error) => {
    throw error;
  },
});
const store = new MemoryStore({ journal });
for (let round = 0; ; round += 1) {
  const pair = [key('left'), key('right')];
  const current = await Promise.all(pair.map((at) => store.get(at)));
  const answer = await store.transact(
    pair.map((at, index) => {
      const next = object(at, `${round} ${'x'.repeat(round % 700)}`);
      const there = current[index];
      return there === undefined
        ? { type: 'create', key: at, object: next }
        : { type: 'update', key: at, object: next, revision: there.revision };
    }),
  );
  if (!answer.ok) throw new Error(answer.reason);
  const extra = key(`extra-${round % 7}`);
  const there = await store.get(extra);
  const { revision } = await written(
    there === undefined ? store.create(extra, object(extra)) : store.delete(extra, there.revision),
  );
  writeSync(1, `${revision}\n`);
}
