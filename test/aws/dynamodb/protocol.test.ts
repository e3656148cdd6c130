import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { graceSeconds, retentionSeconds } from '../../../aws/dynamodb/layout.ts';
import { DynamoStore } from '../../../aws/dynamodb/store.ts';
import type { Store } from '../../../kubernetes/store/store.ts';
import type { Call, CallFault } from '../../../local/faults.ts';
import {
  allPages,
  create,
  hasSettled,
  kept,
  key,
  names,
  object,
  page,
  revisions,
  written,
} from '../../conformance/store-fixture.ts';
import { emulateTable, type EmulatedTable, tableName } from '../../support/dynamo.ts';
import type { RunningClock } from '../../support/running-clock.ts';

const never = new AbortController().signal;
const resource = 'configmaps';

/** Takes numbers as a writer does that then dies. */
async function abandon(table: EmulatedTable<RunningClock>, count = 1): Promise<void> {
  await table.client().send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: 'counter' }, sk: { S: '-' } },
      UpdateExpression: 'ADD revision :count',
      ExpressionAttributeValues: { ':count': { N: `${count}` } },
    }),
  );
}

const changesAfter = async (store: Store, after: number): Promise<[string, string][]> =>
  kept(await store.changes({ after })).changes.map(({ type, object: each }) => [type, each.key.name]);

/** The first time an operation is called, that happens to it. */
const first = (operation: string, fault: CallFault): { call: (call: Call) => CallFault | undefined } => {
  let happened = false;
  return {
    call: (call) => {
      if (happened || call.operation !== operation) return undefined;
      happened = true;
      return fault;
    },
  };
};

/** Text that does not pack well. */
const noise = (length: number): string => {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCodePoint(48 + (state % 75));
  }).join('');
};

describe('holes in the log', () => {
  test('a reader stops at a hole, and goes on when its writer has come', async () => {
    const table = emulateTable();
    const [store, reader] = [table.store(), table.store()];
    await create(store, key('a'));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = table.client();
    slow.middlewareStack.add(
      (next, context) => async (call) => {
        if (context.commandName === 'TransactWriteItemsCommand') await held;
        return next(call);
      },
      { step: 'initialize', priority: 'high' },
    );
    const { clock } = table;
    const writer = new DynamoStore({ client: slow, tableName, clock, newId: randomUUID, random: Math.random });
    const writing = create(writer, key('slow'));
    await hasSettled(writing);
    await create(store, key('fast'));
    const before = kept(await reader.changes({ after: 0 }));
    expect([names(before.changes.map((each) => each.object)), before.revision]).toEqual([['a'], 1]);
    const waiting = reader.changed({ after: 1 }, never);
    expect(await hasSettled(waiting)).toBe(false);
    release();
    await waiting;
    expect(revisions(kept(await reader.changes({ after: 0 })).changes)).toEqual([1, 2, 3]);
    expect((await writing).revision).toBe(2);
  });

  test('a list waits for the writers before what it has to show', async () => {
    const table = emulateTable();
    const store = table.store();
    await abandon(table);
    const start = table.clock.now();
    await create(store, key('a'));
    const listed = await page(table.store(), { resource });
    expect([names(listed.items), listed.revision]).toEqual([['a'], 2]);
    expect(table.clock.now() - start).toBeGreaterThanOrEqual(2000);
  });

  test('what was only begun holds up no list', async () => {
    const table = emulateTable();
    await create(table.store(), key('a'));
    await abandon(table, 3);
    const start = table.clock.now();
    expect((await page(table.store(), { resource })).revision).toBe(1);
    expect(table.clock.now() - start).toBeLessThan(100);
  });

  test('a watch gets past a writer that died after two seconds, however many numbers it had', async () => {
    const table = emulateTable();
    const store = table.store();
    await create(store, key('a'));
    await abandon(table, 50);
    const start = table.clock.now();
    const waiting = store.changed({ after: 1 }, never);
    await create(table.store(), key('b'));
    await waiting;
    expect(await changesAfter(store, 1)).toEqual([['ADDED', 'b']]);
    expect(table.clock.now() - start).toBeGreaterThanOrEqual(2000);
    expect(table.clock.now() - start).toBeLessThan(3000);
  });

  test('a writer that comes after it was fenced takes a new number', async () => {
    const table = emulateTable();
    const { clock } = table;
    const reader = table.store();
    let late = true;
    const slow = table.client();
    slow.middlewareStack.add(
      (next, context) => async (call) => {
        if (context.commandName === 'TransactWriteItemsCommand' && late) {
          late = false;
          await new Promise<void>((resolve) => clock.after(5000, resolve));
        }
        return next(call);
      },
      { step: 'initialize', priority: 'high' },
    );
    const writer = new DynamoStore({ client: slow, tableName, clock, newId: randomUUID, random: Math.random });
    const watching = reader.changed({ after: 0 }, never);
    const made = await create(writer, key('a'));
    await watching;
    expect(made.revision).toBe(2);
    expect(await changesAfter(reader, 0)).toEqual([['ADDED', 'a']]);
  });

  test('a writer that was frozen for long gives its number up, whoever has looked', async () => {
    const table = emulateTable();
    const { clock } = table;
    const frozen = table.client();
    let froze = false;
    frozen.middlewareStack.add(
      (next, context) => async (call) => {
        const answer = await next(call);
        if (context.commandName === 'UpdateItemCommand' && !froze) {
          froze = true;
          await create(table.store(), key('a'));
          const there = await table.store().get(key('a'));
          await table.store().delete(key('a'), there?.revision ?? 0);
          clock.skip((retentionSeconds + graceSeconds + 10) * 1000);
          table.database.expire();
        }
        return answer;
      },
      { step: 'initialize', priority: 'high' },
    );
    const writer = new DynamoStore({ client: frozen, tableName, clock, newId: randomUUID, random: Math.random });
    const made = await create(writer, key('a'));
    expect(made.revision).toBe(4);
  });

  test('a creation that is overtaken by another and its deletion takes a new number', async () => {
    const table = emulateTable();
    const slow = table.client();
    let overtaken = false;
    slow.middlewareStack.add(
      (next, context) => async (call) => {
        if (context.commandName === 'TransactWriteItemsCommand' && !overtaken) {
          overtaken = true;
          const other = await create(table.store(), key('a'), 'other');
          await written(table.store().delete(key('a'), other.revision));
        }
        return next(call);
      },
      { step: 'initialize', priority: 'high' },
    );
    const { clock } = table;
    const writer = new DynamoStore({ client: slow, tableName, clock, newId: randomUUID, random: Math.random });
    const made = await create(writer, key('a'), 'mine');
    expect(made.revision).toBe(4);
    const changes = kept(await table.store().changes({ after: 0 })).changes;
    expect(changes.map(({ type, object: each }) => [type, each.revision])).toEqual([
      ['ADDED', 2],
      ['DELETED', 3],
      ['ADDED', 4],
    ]);
  });
});

describe('faults', () => {
  test.for(['lost-answer', 'throttle', 'unavailable'] as const)(
    'a write whose every call is met by %s the first time happens once',
    async (fault) => {
      const table = emulateTable();
      const store = table.store({ call: ({ attempt }) => (attempt === 1 ? fault : undefined) });
      const made = await create(store, key('a'));
      await written(store.update(key('a'), object(key('a'), 'two'), made.revision));
      const types = (await changesAfter(table.store(), 0)).map(([type]) => type);
      // A number that was taken twice because its answer was lost is a hole until it is fenced.
      await table.store().revision();
      expect(fault === 'lost-answer' ? [] : types).toEqual(fault === 'lost-answer' ? [] : ['ADDED', 'MODIFIED']);
      expect(await changesAfter(table.store(), 0)).toEqual([
        ['ADDED', 'a'],
        ['MODIFIED', 'a'],
      ]);
    },
  );

  test('a transaction whose every answer is lost is found to have happened', async () => {
    const table = emulateTable();
    const store = table.store({
      call: ({ operation }) => (operation === 'TransactWriteItems' ? 'lost-answer' : undefined),
    });
    const made = await create(store, key('a'));
    expect(await table.store().get(key('a'))).toEqual(made);
    expect(await changesAfter(table.store(), 0)).toEqual([['ADDED', 'a']]);
  });

  test('a transaction that never reaches the table has not happened, and holds up nobody', async () => {
    const table = emulateTable();
    const store = table.store({
      call: ({ operation }) => (operation === 'TransactWriteItems' ? 'unavailable' : undefined),
    });
    await expect(create(store, key('a'))).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(await table.store().get(key('a'))).toBeUndefined();
    const start = table.clock.now();
    await create(table.store(), key('b'));
    expect(await changesAfter(table.store(), 0)).toEqual([['ADDED', 'b']]);
    expect(table.clock.now() - start).toBeLessThan(1000);
  });

  test.for(['TransactionConflict', 'ThrottlingError'] as const)(
    '%s is tried again under the same number',
    async (code) => {
      let left = 5;
      const table = emulateTable({ interfere: () => ((left -= 1) >= 0 ? code : undefined) });
      const made = await create(table.store(), key('a'));
      expect([made.revision, left]).toEqual([1, -1]);
    },
  );

  test('a conflict that does not end is given up, and its numbers with it', async () => {
    let stuck = true;
    const table = emulateTable({ interfere: () => (stuck ? 'TransactionConflict' : undefined) });
    await expect(create(table.store(), key('a'))).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    stuck = false;
    await create(table.store(), key('b'));
    expect(await changesAfter(table.store(), 0)).toEqual([['ADDED', 'b']]);
  });

  test('a hint that cannot be removed makes no dependent of what is none', async () => {
    const table = emulateTable();
    const store = table.store({ call: ({ operation }) => (operation === 'DeleteItem' ? 'unavailable' : undefined) });
    const owners = { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'one' }] };
    const made = await written(store.create(key('a'), object(key('a'), '', owners)));
    await written(store.update(key('a'), object(key('a')), made.revision));
    expect(await store.dependents('one')).toEqual([]);
  });

  test('a write fails when its first call fails, and takes no number', async () => {
    const table = emulateTable();
    const store = table.store(first('GetItem', 'unavailable'));
    await create(store, key('a'));
    const broken = table.store({ call: () => 'unavailable' });
    await expect(create(broken, key('b'))).rejects.toMatchObject({ name: 'InternalServerError' });
    expect((await create(store, key('b'))).revision).toBe(2);
  });
});

describe('large objects', () => {
  test.for([1000, 100_000, 200_000, 400_000, 900_000, 1_500_000])(
    'an object of %i characters is kept, changed, watched, listed and deleted',
    async (length) => {
      const table = emulateTable();
      const store = table.store();
      const text = noise(length);
      const made = await create(store, key('a'), text);
      const changed = await written(store.update(key('a'), object(key('a'), `${text}!`), made.revision));
      const small = await written(store.update(key('a'), object(key('a'), 'small'), changed.revision));
      const grown = await written(store.update(key('a'), object(key('a'), text), small.revision));
      const reader = table.store();
      expect(await reader.get(key('a'))).toEqual(grown);
      expect((await page(reader, { resource })).items).toEqual([grown]);
      const gone = await written(store.delete(key('a'), grown.revision));
      table.clock.skip((retentionSeconds - 60) * 1000);
      table.database.expire();
      expect(kept(await table.store().changes({ after: 0 })).changes).toEqual([
        { type: 'ADDED', object: made },
        { type: 'MODIFIED', object: changed, previous: made },
        { type: 'MODIFIED', object: small, previous: changed },
        { type: 'MODIFIED', object: grown, previous: small },
        { type: 'DELETED', object: gone, previous: grown },
      ]);
    },
  );

  test('an object of more than 1.5 MB is refused, and changes nothing', async () => {
    const table = emulateTable();
    const store = table.store();
    await expect(create(store, key('a'), 'x'.repeat(1_600_000))).rejects.toMatchObject({ status: { code: 413 } });
    const made = await create(store, key('a'));
    const update = store.update(key('a'), object(key('a'), 'x'.repeat(1_600_000)), made.revision);
    await expect(update).rejects.toMatchObject({ status: { code: 413 } });
    expect(await table.store().get(key('a'))).toEqual(made);
    expect(await changesAfter(table.store(), 0)).toEqual([['ADDED', 'a']]);
  });

  test('a transaction that is too large for DynamoDB is refused whole', async () => {
    const table = emulateTable();
    const text = noise(1_000_000);
    const writes = Array.from({ length: 6 }, (_, index) => {
      const at = key(`a${index}`);
      return { type: 'create', key: at, object: object(at, text) } as const;
    });
    await expect(table.store().transact(writes)).rejects.toThrow('size');
    expect((await page(table.store(), { resource })).items).toEqual([]);
    expect(await changesAfter(table.store(), 0)).toEqual([]);
  });
});

describe('time', () => {
  const forget = (table: EmulatedTable<RunningClock>): void => {
    table.clock.skip((retentionSeconds + graceSeconds + 10) * 1000);
    table.database.expire();
  };

  test('objects outlive the log, markers of deletions do not', async () => {
    const table = emulateTable();
    const store = table.store();
    await create(store, key('a'));
    const gone = await create(store, key('b'));
    await store.delete(key('b'), gone.revision);
    forget(table);
    expect(names((await page(table.store(), { resource })).items)).toEqual(['a']);
    expect((await create(table.store(), key('b'))).revision).toBe(4);
  });

  test('a watcher that was away while all was removed, unread, is told so, even after a crash of a writer', async () => {
    const table = emulateTable();
    await create(table.store(), key('a'));
    await abandon(table, 2);
    await create(table.store(), key('b'));
    forget(table);
    const reader = table.store();
    const waiting = reader.changed({ after: 1 }, never);
    await waiting;
    const answer = await reader.changes({ after: 1 });
    expect(answer).toMatchObject({ ok: false, reason: 'Expired' });
    const listed = await page(reader, { resource });
    expect(names(listed.items)).toEqual(['a', 'b']);
    const next = await create(table.store(), key('c'));
    expect(next.revision).toBe(listed.revision + 1);
    expect(await changesAfter(reader, listed.revision)).toEqual([['ADDED', 'c']]);
  });

  test('a process that was frozen for days goes on', async () => {
    const table = emulateTable();
    const [store, frozen] = [table.store(), table.store()];
    await create(store, key('a'));
    expect(await frozen.revision()).toBe(1);
    for (let day = 0; day < 3; day += 1) {
      for (let index = 0; index < 70; index += 1) await create(store, key(`d${day}-${index}`));
      forget(table);
    }
    expect(await frozen.changes({ after: 1 })).toMatchObject({ ok: false, reason: 'Expired', oldest: 211 });
    expect((await page(frozen, { resource })).items).toHaveLength(211);
    expect(await frozen.revision()).toBe(211);
  });
});

describe('size', () => {
  test('5,000 objects are listed in few calls, whole and in pages', async () => {
    const table = emulateTable();
    const store = table.store();
    const count = 5000;
    const text = 'spec '.repeat(600);
    for (let at = 0; at < count; at += 50) {
      const writes = Array.from({ length: 50 }, (_, index) => {
        const each = key(`n${10_000 + at + index}`, `ns-${index % 7}`);
        return { type: 'create', key: each, object: object(each, text) } as const;
      });
      await store.transact(writes);
    }
    const calls: string[] = [];
    const reader = table.store({ call: ({ operation }) => void calls.push(operation) });
    const all = await page(reader, { resource });
    expect(all.items).toHaveLength(count);
    expect(calls.length).toBeLessThan(40);
    const pages = await allPages(reader, { resource, limit: 1000 });
    expect(pages.flatMap(({ items }) => names(items))).toEqual(names(all.items));
    expect(names((await page(reader, { resource, namespace: 'ns-3' })).items)).toHaveLength(700);
  }, 60_000);

  test('an idle watch costs half a read unit a look', async () => {
    const table = emulateTable();
    const store = table.store();
    await create(store, key('a'));
    await store.revision();
    const abort = new AbortController();
    const before = { ...table.database.units };
    const start = table.clock.now();
    const waits = Array.from({ length: 10 }, () => store.changed({ after: 1 }, abort.signal));
    await new Promise<void>((resolve) => table.clock.after(10_000, resolve));
    abort.abort();
    await Promise.all(waits);
    expect(table.clock.now() - start).toBeLessThan(11_000);
    const looks = (table.database.units.reads - before.reads) / 0.5;
    expect(looks).toBeGreaterThan(30);
    expect(looks).toBeLessThanOrEqual(51);
    expect(table.database.units.writes).toBe(before.writes);
  });

  // Text of which half remains when it is packed, as of manifests.
  test.for([
    { bytes: 500, create: 5, update: 5, delete: 5, get: 1 },
    { bytes: 3000, create: 9, update: 9, delete: 9, get: 1 },
    { bytes: 20_000, create: 37, update: 37, delete: 37, get: 3 },
  ])('writing an object of $bytes bytes costs what README.md says', async ({ bytes, ...expected }) => {
    const table = emulateTable();
    const store = table.store();
    for (let round = 0; round < 2; round += 1) {
      const writes = Array.from({ length: 50 }, (_, index) => key(`other-${round}-${index}`));
      await store.transact(writes.map((at) => ({ type: 'create', key: at, object: object(at) })));
    }
    const text = noise(bytes / 2) + 'x'.repeat(bytes / 2);
    const { units } = table.database;
    const cost = async <T>(unit: 'reads' | 'writes', call: () => Promise<T>): Promise<[T, number]> => {
      const before = units[unit];
      return [await call(), units[unit] - before];
    };
    const [made, creation] = await cost('writes', () => create(store, key('a'), text));
    const [changed, update] = await cost('writes', () =>
      written(store.update(key('a'), object(key('a'), `${text}.`), made.revision)),
    );
    const [, get] = await cost('reads', () => store.get(key('a')));
    const [, deletion] = await cost('writes', () => written(store.delete(key('a'), changed.revision)));
    expect({ create: creation, update, delete: deletion, get }).toEqual(expected);
  });

  test('reads of what is stored in a form that is not Skiff’s fail loudly', async () => {
    const table = emulateTable();
    const client = table.client();
    await create(table.store(), key('a'));
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: { pk: { S: 'log/0' }, sk: { S: '0000000000000001' } } }),
    );
    const { payload: _payload, ...rest } = item ?? {};
    await client.send(new PutItemCommand({ TableName: tableName, Item: rest }));
    await expect(table.store().changes({ after: 0 })).rejects.toThrow('log/0 0000000000000001 has no payload');
  });
});
