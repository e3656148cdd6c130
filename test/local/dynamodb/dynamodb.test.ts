import { DynamoDBClient, GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { describeDynamoDb } from '../../conformance/dynamodb.ts';
import { emulateTable, emulateTableOn, tableName } from '../../support/dynamo.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describeDynamoDb('the double', () => ({ client: emulateTable().client(), tableName }));

// A table with the string keys pk and sk, of the account and region in the environment.
const realTable = process.env['SKIFF_TEST_DYNAMODB_TABLE'];
if (realTable !== undefined) {
  describeDynamoDb('DynamoDB', () => ({ client: new DynamoDBClient({}), tableName: realTable }));
}

const key = { pk: { S: 'p' }, sk: { S: 's' } };
const put = (revision: number) =>
  new PutItemCommand({ TableName: tableName, Item: { ...key, revision: { N: `${revision}` } } });

describe('the double of DynamoDB', () => {
  test('shows the past to reads that are not consistent', async () => {
    const clock = new ManualClock();
    const table = emulateTableOn(clock, { staleMilliseconds: 100 });
    const client = table.client();
    const read = async (ConsistentRead?: boolean): Promise<string | undefined> =>
      (await client.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead }))).Item?.['revision']?.N;
    await client.send(put(1));
    expect([await read(), await read(true)]).toEqual([undefined, '1']);
    await clock.advance(60);
    await client.send(put(2));
    await clock.advance(60);
    expect([await read(), await read(true)]).toEqual(['1', '2']);
    await clock.advance(60);
    expect(await read()).toBe('2');
  });

  test('refuses a write to an item that a transaction holds', async () => {
    let release = (): void => {};
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses += 1;
      return pauses === 2 ? new Promise((resolve) => (release = resolve)) : Promise.resolve();
    };
    const client = emulateTableOn(new ManualClock(), { pause }).client();
    const transact = () =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: tableName, Item: key } }] }));
    const first = transact();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(client.send(put(1))).rejects.toMatchObject({ name: 'TransactionConflictException' });
    await expect(transact()).rejects.toMatchObject({ CancellationReasons: [{ Code: 'TransactionConflict' }] });
    release();
    await first;
    await client.send(put(1));
  });

  test('forgets a token after ten minutes', async () => {
    const clock = new ManualClock();
    const client = emulateTableOn(clock).client();
    const transact = () =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: tableName, Item: key, ConditionExpression: 'attribute_not_exists(pk)' } },
          ],
          ClientRequestToken: 'token',
        }),
      );
    await transact();
    await clock.advance(599_000);
    await transact();
    await clock.advance(1000);
    await expect(transact()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  });

  test('keeps what has expired until it is told to remove it', async () => {
    const clock = new ManualClock();
    const table = emulateTableOn(clock);
    const client = table.client();
    const expires = { N: String(clock.now() / 1000 + 60) };
    await client.send(new PutItemCommand({ TableName: tableName, Item: { ...key, expires } }));
    const read = async () =>
      (await client.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }))).Item;
    await clock.advance(60_000);
    table.database.expire();
    expect(await read()).toBeDefined();
    await clock.advance(1000);
    expect(await read()).toBeDefined();
    table.database.expire();
    expect(await read()).toBeUndefined();
  });

  test.for([
    { ConditionExpression: 'attribute_not_exists(sk)' },
    { ConditionExpression: 'attribute_not_exists(pk) ' },
    { ConditionExpression: '#r = :revision', ExpressionAttributeNames: { '#r': 'revision' } },
    { ReturnValues: 'ALL_OLD' as const },
  ])('refuses by name what it does not know: %j', async (parameters) => {
    const client = emulateTable().client();
    const command = new PutItemCommand({ TableName: tableName, Item: key, ...parameters });
    await expect(client.send(command)).rejects.toThrow('not emulated');
  });

  test('counts what calls would cost', async () => {
    const table = emulateTable();
    const client = table.client();
    const payload = { B: new Uint8Array(4500) };
    await client.send(new PutItemCommand({ TableName: tableName, Item: { ...key, payload } }));
    expect(table.database.units).toEqual({ reads: 0, writes: 5 });
    await client.send(new GetItemCommand({ TableName: tableName, Key: key }));
    await client.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    expect(table.database.units).toEqual({ reads: 3, writes: 5 });
    await client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: tableName, Item: { ...key, payload } } }] }),
    );
    expect(table.database.units).toEqual({ reads: 3, writes: 15 });
  });
});
