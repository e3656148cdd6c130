import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { DynamoStore } from '../../../aws/dynamodb/store.ts';
import type { Change } from '../../../kubernetes/store/store.ts';
import { key, object } from '../../conformance/store-fixture.ts';
import { emulateTable, tableName } from '../../support/dynamo.ts';

test('a store tells what its own writes have changed, before they are answered', async () => {
  const { client, clock, store } = emulateTable();
  const told: Change[] = [];
  const telling = new DynamoStore({
    client: client(),
    tableName,
    clock,
    newId: randomUUID,
    random: Math.random,
    committed: async (changes) => void told.push(...changes),
  });
  const types = (): string[] => told.splice(0).map(({ type, object: { key: of } }) => `${type} ${of.name}`);
  const [a, b] = [key('a'), key('b')];
  const created = await telling.create(a, object(a));
  expect(types()).toEqual(['ADDED a']);
  const revision = created.ok ? created.object.revision : 0;
  await telling.transact([
    { type: 'update', key: a, object: object(a), revision },
    { type: 'create', key: b, object: object(b) },
  ]);
  expect(told[0]?.previous?.revision).toBe(revision);
  expect(types()).toEqual(['MODIFIED a', 'ADDED b']);
  expect(await telling.delete(a, revision)).toMatchObject({ ok: false });
  expect(await telling.create(b, object(b))).toMatchObject({ ok: false });
  await store().create(key('c'), object(key('c')));
  expect(types()).toEqual([]);
});
