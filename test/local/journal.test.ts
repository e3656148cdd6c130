import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../kubernetes/store/memory.ts';
import type { Store, StoredObject } from '../../kubernetes/store/store.ts';
import { StoredRecord } from '../../kubernetes/store/record.ts';
import { checkedLine } from '../../local/checked-lines.ts';
import { snapshotLines } from '../../local/journal-format.ts';
import { FileJournal, type JournalOptions } from '../../local/journal.ts';
import { create, kept, key, names, object, page, written } from '../conformance/store-fixture.ts';
import { describeStore } from '../conformance/store.ts';
import { bundleProgram } from '../support/bundle-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const open = (path: string, options: Partial<JournalOptions> = {}): { store: Store; journal: FileJournal } => {
  const report = (error: unknown): void => {
    throw error;
  };
  const journal = new FileJournal(path, { firstRevision: 100, durability: 'kernel', report, ...options });
  return { journal, store: new MemoryStore({ journal }) };
};
const newPath = async (): Promise<string> => join(await temporaryDirectory(), 'objects.journal');

/** What was set aside of a journal. */
function asideOf(path: string): string {
  const directory = join(path, '..');
  const [name = ''] = readdirSync(directory).filter((each) => each.endsWith('.damaged'));
  return readFileSync(join(directory, name), 'utf8');
}

/** Everything that a store says of its state. */
const state = async (store: Store): Promise<{ revision: number; items: readonly StoredObject[] }> => {
  const lists = ['configmaps', 'secrets'].map((resource) => page(store, { resource }));
  return { revision: await store.revision(), items: (await Promise.all(lists)).flatMap(({ items }) => items) };
};

describeStore('MemoryStore with a journal', async () => {
  const { journal } = open(await newPath(), { growthBytes: 2000 });
  const keptChanges = 1000;
  const store = new MemoryStore({ journal, keep: { changes: keptChanges } });
  const forget = async (): Promise<void> => {
    for (let index = 0; index < keptChanges; index += 1) await create(store, key(`filler-${index}`, '', 'fillers'));
  };
  return { store, other: store, forget };
});

describe('FileJournal', () => {
  test('a store that is opened again is what it was', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'uid-of-a' };
    const a = await create(store, key('a'), 'tab\tnewline\nnul\u0000 ünïcödé 🚢');
    await written(store.create(key('b'), object(key('b'), '', { labels: { x: 'y' }, ownerReferences: [owner] })));
    await store.transact([{ type: 'create', key: key('d'), object: object(key('d')), notes: { task: 'tab\t' } }]);
    const c = await create(store, key('c', 'other', 'secrets'));
    const updated = await written(store.update(key('a'), object(key('a'), 'two'), a.revision));
    const gone = await written(store.delete(key('c', 'other', 'secrets'), c.revision));
    const before = await state(store);
    journal.close();

    const again = open(path).store;
    expect(await state(again)).toEqual(before);
    expect((await again.get(key('d')))?.notes).toEqual({ task: 'tab\t' });
    expect(names(await again.dependents('uid-of-a'))).toEqual(['b']);
    const changes = kept(await again.changes({ after: c.revision }));
    expect(changes.changes).toEqual([
      { type: 'MODIFIED', object: updated, previous: a },
      { type: 'DELETED', object: gone, previous: c },
    ]);
    expect((await create(again, key('next'))).revision).toBe(gone.revision + 1);
  });

  test('a new store counts from the first revision it is told, an old one goes on', async () => {
    const path = await newPath();
    const first = open(path, { firstRevision: 7 });
    expect((await create(first.store, key('a'))).revision).toBe(8);
    first.journal.close();
    expect(await open(path, { firstRevision: 5000 }).store.revision()).toBe(8);
  });

  test('is rewritten when it has grown, and afterwards changes from before have expired', async () => {
    const path = await newPath();
    const { store, journal } = open(path, { growthBytes: 5000 });
    await create(store, key('kept'));
    let current = await create(store, key('counter'), 'x'.repeat(300));
    for (let round = 0; round < 200; round += 1) {
      current = await written(store.update(key('counter'), object(key('counter'), 'x'.repeat(300)), current.revision));
    }
    expect(statSync(path).size).toBeLessThan(15_000);
    const before = await state(store);
    journal.close();

    const again = open(path).store;
    expect(await state(again)).toEqual(before);
    const answer = await again.changes({ after: 100 });
    if (answer.ok) throw new Error('the changes are still there');
    expect(answer.oldest).toBeGreaterThan(100);
    expect(kept(await again.changes({ after: answer.oldest })).revision).toBe(current.revision);
    expect(readdirSync(join(path, '..'))).toEqual(['objects.journal']);
  });

  test('cut at any byte, it opens with the writes that were whole', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    const start = statSync(path).size;
    const states = [{ size: start, ...(await state(store)) }];
    const note = async (): Promise<void> => {
      states.push({ size: statSync(path).size, ...(await state(store)) });
    };
    const a = await create(store, key('a'), 'ü');
    await note();
    await store.transact([
      { type: 'update', key: key('a'), object: object(key('a'), '🚢'), revision: a.revision },
      { type: 'create', key: key('b'), object: object(key('b')) },
    ]);
    await note();
    await store.delete(key('b'), await store.revision());
    await note();
    journal.close();
    const bytes = readFileSync(path);

    for (let size = start; size <= bytes.length; size += 1) {
      writeFileSync(path, bytes.subarray(0, size));
      const cut = open(path);
      const expected = states.findLast((each) => each.size <= size);
      expect(await state(cut.store), `cut at ${size}`).toEqual({
        revision: expected?.revision,
        items: expected?.items,
      });
      const next = await create(cut.store, key('next'));
      cut.journal.close();
      const again = open(path);
      expect(await again.store.get(key('next')), `written after a cut at ${size}`).toEqual(next);
      again.journal.close();
    }
  });

  test('a torn end of any content is cut off', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    await create(store, key('a'));
    const before = await state(store);
    journal.close();
    const { size } = statSync(path);
    for (const end of ['\u0000'.repeat(4096), 'garbage', '00000000\t', `${'f'.repeat(8)}\tADDED`]) {
      appendFileSync(path, end);
      const notices: string[] = [];
      const again = open(path, { notice: (text) => notices.push(text) });
      expect(await state(again.store)).toEqual(before);
      again.journal.close();
      const where = `at byte ${size}, line 3`;
      expect(notices).toEqual([
        `${path}: ${end.length} bytes ${where} are of a write that was cut off, and are left out`,
      ]);
      writeFileSync(path, readFileSync(path).subarray(0, size));
    }
  });

  test.each(['\n', '\n\n\n', `${'f'.repeat(8)}\tADDED\n`])(
    'a last line that is whole and wrong, %j, is damage, and goes only by a flag',
    async (end) => {
      const path = await newPath();
      const { store, journal } = open(path);
      await create(store, key('a'));
      const before = await state(store);
      journal.close();
      const { size } = statSync(path);
      appendFileSync(path, end);
      expect(() => open(path)).toThrow(
        `${path} cannot be used: it is damaged at byte ${size}, line 3; \`skiff up --skip`,
      );

      const again = open(path, { skipDamaged: true });
      expect(await state(again.store)).toEqual(before);
      again.journal.close();
      expect(await state(open(path).store)).toEqual(before);
      expect(asideOf(path)).toBe(end);
    },
  );

  test('goes on without what is damaged before its end, which is set aside with its place, when it is told to', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    const a = await create(store, key('a'));
    const { size } = statSync(path);
    await create(store, key('b'));
    const end = statSync(path).size;
    const c = await create(store, key('c'));
    journal.close();
    const bytes = readFileSync(path);
    bytes.write('#', size + 30);
    writeFileSync(path, bytes);

    const notices: string[] = [];
    const again = open(path, { skipDamaged: true, notice: (text) => notices.push(text), chunkBytes: 7 });
    expect(await state(again.store)).toEqual({ revision: c.revision, items: [a, c] });
    expect(notices).toEqual([
      expect.stringMatching(
        `^${path} is damaged at byte ${size}, line 3: that is set aside in ${path}\\.[0-9a-f]+\\.damaged$`,
      ),
    ]);
    expect(asideOf(path)).toBe(bytes.toString('utf8', size, end));
    // What is missing cannot be watched over.
    expect((await again.store.changes({ after: a.revision })).ok).toBe(false);
    const d = await create(again.store, key('d'));
    again.journal.close();
    expect(await state(open(path).store)).toEqual({ revision: d.revision, items: [a, c, d] });
  });

  test('names the place of an object that cannot be understood, and goes on without it when it is told to', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    const a = await create(store, key('a'));
    journal.close();
    const { size } = statSync(path);
    appendFileSync(path, checkedLine(['ADDED', '"configmaps/default/bad"', '{"apiVersion":']));
    expect(() => open(path)).toThrow(`${path} cannot be used: it is damaged at byte ${size}, line 3`);
    const again = open(path, { skipDamaged: true });
    expect(await state(again.store)).toEqual({ revision: a.revision, items: [a] });
    again.journal.close();
    open(path).journal.close();
  });

  test.each([1, 2, 9, 10, 100])('reads the same in pieces of %d bytes', async (chunkBytes) => {
    const path = await newPath();
    const { store, journal } = open(path);
    for (const name of ['a', 'b', 'c']) await create(store, key(name), 'tab\tünïcödé 🚢');
    const before = await state(store);
    journal.close();
    appendFileSync(path, 'torn');
    const again = open(path, { chunkBytes });
    expect(await state(again.store)).toEqual(before);
    again.journal.close();
  });

  test('holds one line at a time while it is read', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    for (const name of ['a', 'b', 'c']) await create(store, key(name));
    journal.close();
    const reading = new FileJournal(path, { firstRevision: 0, durability: 'kernel', report: () => {}, chunkBytes: 64 });
    const entries = reading.contents.entries[Symbol.iterator]();
    expect(entries.next().value?.record.key.name).toBe('a');
    // What has not been read yet is not there to be given.
    writeFileSync(path, readFileSync(path).subarray(0, 200));
    expect([...{ [Symbol.iterator]: () => entries }].length).toBeLessThan(2);
    reading.close();
  });

  test('refuses a file that is damaged before its end, and leaves it as it is', async () => {
    const path = await newPath();
    const { store, journal } = open(path);
    const { size } = statSync(path);
    await create(store, key('a'));
    await create(store, key('b'));
    journal.close();
    const bytes = readFileSync(path);
    bytes.write('#', size + 30);
    writeFileSync(path, bytes);
    expect(() => open(path)).toThrow(`${path} cannot be used: it is damaged at byte ${size}, line 2`);
    expect(readFileSync(path)).toEqual(bytes);
  });

  test('refuses a state that is not whole', async () => {
    const path = await newPath();
    const records = ['a', 'b'].map((name) =>
      StoredRecord.of({ type: 'create', key: key(name), object: object(key(name)) }, 1),
    );
    const lines = [...snapshotLines({ revision: 2, records })];
    writeFileSync(path, lines.join(''));
    open(path).journal.close();
    writeFileSync(path, lines.slice(0, 2).join(''));
    expect(() => open(path)).toThrow('it is damaged');
    writeFileSync(path, lines.join('').slice(0, -1));
    expect(() => open(path)).toThrow('it is damaged');
  });

  test.for([
    { content: '', message: 'it is not a journal of Skiff' },
    { content: 'apiVersion: v1\nkind: List\n', message: 'it is not a journal of Skiff' },
    {
      content: `${crc32('skiff-journal\t1\t0\t0').toString(16)}\tskiff-journal\t1\t0\t0\n`,
      message: 'it has format 1, and this version of Skiff reads format 2',
    },
  ])('refuses $content: $message', async ({ content, message }) => {
    const path = await newPath();
    writeFileSync(path, content);
    expect(() => open(path)).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('a write that fails has not happened, and the next one is not spoilt by it', async () => {
    const path = await newPath();
    let room = Number.POSITIVE_INFINITY;
    const write: typeof writeSync = (file: number, bytes: unknown, ...place: unknown[]) => {
      const [offset, length, position] = place.map(Number);
      if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const done = writeSync(file, bytes as Buffer, offset, Math.min(length ?? 0, room), position);
      room -= done;
      return done;
    };
    const { store, journal } = open(path, { write });
    const a = await create(store, key('a'), 'one');
    for (const left of [0, 1, 30, 100]) {
      room = left;
      await expect(store.create(key('b'), object(key('b')))).rejects.toThrow('ENOSPC');
      await expect(store.update(key('a'), object(key('a'), 'two'), a.revision)).rejects.toThrow(path);
    }
    expect(await state(store)).toEqual({ revision: a.revision, items: [a] });
    room = Number.POSITIVE_INFINITY;
    const c = await create(store, key('c'));
    expect(c.revision).toBe(a.revision + 1);
    journal.close();
    expect(await state(open(path).store)).toEqual({ revision: c.revision, items: [a, c] });
  });

  test('a write whose failure shows only at its end has not happened either', async () => {
    const path = await newPath();
    let fails = false;
    const write: typeof writeSync = (file: number, bytes: unknown, ...place: unknown[]) => {
      const [offset, length, position] = place.map(Number);
      const done = writeSync(file, bytes as Buffer, offset, length, position);
      if (fails) throw new Error('EIO: i/o error, write');
      return done;
    };
    const { store, journal } = open(path, { write });
    const a = await create(store, key('a'));
    fails = true;
    await expect(store.create(key('b'), object(key('b')))).rejects.toThrow('EIO');
    journal.close();
    expect(await state(open(path).store)).toEqual({ revision: a.revision, items: [a] });
  });

  test('short writes are continued', async () => {
    const path = await newPath();
    const write: typeof writeSync = (file: number, bytes: unknown, ...place: unknown[]) => {
      const [offset, length = 0, position] = place.map(Number);
      return writeSync(file, bytes as Buffer, offset, Math.min(length, 7), position);
    };
    const { store, journal } = open(path, { write, durability: 'disk' });
    await create(store, key('a'), 'a longer text than seven bytes');
    const before = await state(store);
    journal.close();
    expect(await state(open(path).store)).toEqual(before);
  });

  test('killed at any moment, it keeps every acknowledged write, and each whole', async () => {
    const program = await bundleProgram('test/local/programs/journal-writer.ts');
    const path = await newPath();
    let acknowledged = 0;
    for (let life = 0; life < 12; life += 1) {
      const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      const closed = once(child, 'close');
      let printed = '';
      const enough = 1 + life * 37;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.split('\n').length > enough) child.kill('SIGKILL');
      });
      await closed;
      const whole = printed.slice(0, printed.lastIndexOf('\n')).split('\n');
      acknowledged = Math.max(acknowledged, ...whole.map(Number));

      const { store, journal } = open(path);
      expect(await store.revision()).toBeGreaterThanOrEqual(acknowledged);
      const [left, right] = await Promise.all([store.get(key('left')), store.get(key('right'))]);
      expect(left?.revision).toBe((right?.revision ?? 0) - 1);
      expect(left?.parse()).toMatchObject({ data: right?.parse<ReturnType<typeof object>>().data });
      journal.close();
    }
    expect(acknowledged).toBeGreaterThan(1000);
  }, 60_000);
});
