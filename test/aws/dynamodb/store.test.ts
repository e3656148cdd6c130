import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { graceSeconds, retentionSeconds } from '../../../aws/dynamodb/layout.ts';
import { DynamoStore } from '../../../aws/dynamodb/store.ts';
import type { Clock } from '../../../kubernetes/clock.ts';
import type { Store } from '../../../kubernetes/store/store.ts';
import { systemClock } from '../../../local/system-clock.ts';
import { create, kept, key, names, object } from '../../conformance/store-fixture.ts';
import { describeStore } from '../../conformance/store.ts';
import { emulateTable, tableName } from '../../support/dynamo.ts';
import { prefixPartitions } from '../../support/prefixed-table.ts';

describeStore('DynamoStore', async () => {
  const { clock, store } = emulateTable();
  const forget = async (): Promise<void> => clock.skip((retentionSeconds + 1) * 1000);
  return { store: store(), other: store(), forget };
});

test.each([
  ['a name', 'x'.repeat(2000), []],
  ['the uid of an owner', 'a', [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'b', uid: 'x'.repeat(3000) }]],
])('DynamoStore refuses %s that is too long for a key, and the next write takes place', async (_, name, owners) => {
  const store = emulateTable().store();
  const long = store.create(key(name), object(key(name), '', { ownerReferences: owners }));
  await expect(long).rejects.toMatchObject({ status: { reason: 'RequestEntityTooLarge', code: 413 } });
  const made = await create(store, key('good'));
  expect(names(kept(await store.changes({ after: 0 })).changes.map((each) => each.object))).toEqual(['good']);
  expect(made.key.name).toBe('good');
});

describeStore('DynamoStore on a table that removes what has expired', async () => {
  const { clock, database, store } = emulateTable({ staleMilliseconds: 30 });
  const forget = async (): Promise<void> => {
    clock.skip((retentionSeconds + graceSeconds + 10) * 1000);
    database.expire();
  };
  return { store: store(), other: store(), forget };
});

describeStore('DynamoStore in processes that have just begun', async () => {
  const { clock, store } = emulateTable();
  const forget = async (): Promise<void> => clock.skip((retentionSeconds + 1) * 1000);
  return { store: freshEachCall(store), other: freshEachCall(store), forget };
});

const sharedTable = emulateTable();
describeStore('DynamoStore in a part of a shared table', async () =>
  partOf(() => sharedTable.client(), { tableName, clock: sharedTable.clock }),
);

// A table with the string keys pk and sk, and TTL on expires, of the account and region in the environment.
const realTable = process.env['SKIFF_TEST_DYNAMODB_TABLE'];
if (realTable !== undefined) {
  describeStore('DynamoStore on DynamoDB', async () =>
    partOf(() => new DynamoDBClient({}), { tableName: realTable, clock: systemClock }),
  );
}

function partOf(makeClient: () => DynamoDBClient, table: { tableName: string; clock: Clock }) {
  const prefix = `${randomUUID()}/`;
  let skipped = 0;
  const clock: Clock = {
    now: () => table.clock.now() + skipped,
    after: (milliseconds, run) => table.clock.after(milliseconds, run),
  };
  const store = (): Store => {
    const client = makeClient();
    prefixPartitions(client, prefix);
    return new DynamoStore({ client, tableName: table.tableName, clock, newId: randomUUID, random: Math.random });
  };
  const forget = async (): Promise<void> => {
    skipped += (retentionSeconds + 1) * 1000;
  };
  return { store: store(), other: store(), forget };
}

/** Each call comes from a process that has just begun and knows nothing of those before. */
const freshEachCall = (make: () => Store): Store => ({
  get: (key) => make().get(key),
  list: (query) => make().list(query),
  create: (key, object) => make().create(key, object),
  update: (key, object, revision) => make().update(key, object, revision),
  delete: (key, revision) => make().delete(key, revision),
  transact: (writes) => make().transact(writes),
  changes: (query) => make().changes(query),
  changed: (query, signal) => make().changed(query, signal),
  dependents: (uid) => make().dependents(uid),
  revision: () => make().revision(),
});
