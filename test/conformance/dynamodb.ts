import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';

type Item = Record<string, AttributeValue>;

export interface DynamoDbUnderTest {
  readonly client: DynamoDBClient;
  /** A table with the string keys `pk` and `sk`. */
  readonly tableName: string;
}

type Open = () => DynamoDbUnderTest | Promise<DynamoDbUnderTest>;

/**
 * The rules of DynamoDB that Skiff's store stands on, through an SDK client alone: every DynamoDB has to keep them,
 * emulated or real. Each test works in partitions of its own.
 */
export function describeDynamoDb(name: string, open: Open): void {
  describe(`${name} keeps the rules of DynamoDB`, () => {
    describeItems(open);
    describeQueries(open);
    describeTransactions(open);
  });
}

const item = (pk: string, sk: string, revision?: number): Item => ({
  pk: { S: pk },
  sk: { S: sk },
  ...(revision === undefined ? {} : { revision: { N: String(revision) } }),
});
const revisionValue = (revision: number): Item => ({ ':revision': { N: String(revision) } });
const refused = { name: 'ConditionalCheckFailedException' };
const invalid = { name: 'ValidationException' };

/** The calls, in few words. */
function callsOf({ client, tableName: TableName }: DynamoDbUnderTest) {
  return {
    put: (each: Item, ConditionExpression?: string, ExpressionAttributeValues?: Item) =>
      client.send(new PutItemCommand({ TableName, Item: each, ConditionExpression, ExpressionAttributeValues })),
    get: async (pk: string, sk: string): Promise<Item | undefined> =>
      (await client.send(new GetItemCommand({ TableName, Key: item(pk, sk), ConsistentRead: true }))).Item,
    remove: (key: Item, ConditionExpression?: string, ExpressionAttributeValues?: Item) =>
      client.send(new DeleteItemCommand({ TableName, Key: key, ConditionExpression, ExpressionAttributeValues })),
    add: async (pk: string, count: number): Promise<Item | undefined> =>
      (
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: item(pk, '-'),
            UpdateExpression: 'ADD revision :count',
            ExpressionAttributeValues: { ':count': { N: String(count) } },
            ReturnValues: 'UPDATED_NEW',
          }),
        )
      ).Attributes,
    query: (values: { pk: string; from: string; to: string }, ExclusiveStartKey?: Item) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': { S: values.pk }, ':from': { S: values.from }, ':to': { S: values.to } },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      ),
    transact: (actions: readonly TransactWriteItem[], ClientRequestToken?: string) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [...actions], ClientRequestToken })),
    putAction: (each: Item, ConditionExpression?: string, ExpressionAttributeValues?: Item): TransactWriteItem => ({
      Put: { TableName, Item: each, ConditionExpression, ExpressionAttributeValues },
    }),
    expireAction: (pk: string, sk: string): TransactWriteItem => ({
      Update: {
        TableName,
        Key: item(pk, sk),
        UpdateExpression: 'SET expires = :expires',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':expires': { N: '4102444800' } },
      },
    }),
  };
}

function describeItems(open: Open): void {
  describe('items', () => {
    let calls: ReturnType<typeof callsOf>;
    let pk = '';
    beforeEach(async () => {
      calls = callsOf(await open());
      pk = randomUUID();
    });

    test('a consistent read sees what was written, byte for byte', async () => {
      const payload = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
      await calls.put({ ...item(pk, 'a', 7), payload: { B: payload } });
      const read = await calls.get(pk, 'a');
      expect(read).toMatchObject(item(pk, 'a', 7));
      expect([...(read?.['payload']?.B ?? [])]).toEqual([...payload]);
      expect(await calls.get(pk, 'b')).toBeUndefined();
    });

    test('a put replaces the whole item', async () => {
      await calls.put(item(pk, 'a', 7));
      await calls.put(item(pk, 'a'));
      expect(await calls.get(pk, 'a')).toEqual(item(pk, 'a'));
    });

    test.for([
      { condition: 'attribute_not_exists(pk)', values: undefined, holds: { absent: true, one: false, two: false } },
      { condition: 'revision = :revision', values: revisionValue(1), holds: { absent: false, one: true, two: false } },
      { condition: 'revision < :revision', values: revisionValue(2), holds: { absent: false, one: true, two: false } },
      {
        condition: 'attribute_not_exists(pk) OR revision <= :revision',
        values: revisionValue(1),
        holds: { absent: true, one: true, two: false },
      },
    ])('a put on the condition $condition', async ({ condition, values, holds }) => {
      await calls.put(item(pk, 'one', 1));
      await calls.put(item(pk, 'two', 2));
      for (const [sk, expected] of Object.entries(holds)) {
        const before = await calls.get(pk, sk);
        const answer = await calls.put(item(pk, sk, 9), condition, values).then(
          () => 'put',
          (error: unknown) => (error instanceof Error ? error.name : error),
        );
        expect(answer).toBe(expected ? 'put' : refused.name);
        expect(await calls.get(pk, sk)).toEqual(expected ? item(pk, sk, 9) : before);
      }
    });

    test('numbers are compared as numbers', async () => {
      await calls.put(item(pk, 'a', 9));
      await calls.remove(item(pk, 'a'), 'revision < :revision', revisionValue(10));
      expect(await calls.get(pk, 'a')).toBeUndefined();
    });

    test('a deletion of nothing succeeds, unless it has a condition that needs something', async () => {
      await calls.remove(item(pk, 'a'));
      await expect(calls.remove(item(pk, 'a'), 'revision < :revision', revisionValue(10))).rejects.toMatchObject(
        refused,
      );
    });

    test('ADD begins at 0, counts from many at once without loss, and answers what has changed', async () => {
      expect(await calls.add(pk, 3)).toEqual({ revision: { N: '3' } });
      const answers = await Promise.all(Array.from({ length: 10 }, () => calls.add(pk, 2)));
      const sums = answers.map((answer) => Number(answer?.['revision']?.N)).toSorted((a, b) => a - b);
      expect(sums).toEqual(Array.from({ length: 10 }, (_, index) => 5 + 2 * index));
    });

    test('an item of 400 KB is taken, a larger one refused', async () => {
      const names = 'pk'.length + pk.length + 'sk'.length + 'a'.length + 'payload'.length;
      const payload = (bytes: number): Item => ({ payload: { B: new Uint8Array(bytes - names) } });
      await calls.put({ ...item(pk, 'a'), ...payload(400 * 1024) });
      await expect(calls.put({ ...item(pk, 'a'), ...payload(400 * 1024 + 1) })).rejects.toMatchObject(invalid);
    });

    test('keys are strings that are neither empty nor long', async () => {
      await expect(calls.put(item(pk, ''))).rejects.toMatchObject(invalid);
      await calls.put(item(pk, 'x'.repeat(1024)));
      await expect(calls.put(item(pk, 'x'.repeat(1025)))).rejects.toMatchObject(invalid);
      await expect(calls.put(item('x'.repeat(2049), 'a'))).rejects.toMatchObject(invalid);
    });

    test('values that no expression uses, or that are missing, are refused', async () => {
      await expect(calls.put(item(pk, 'a'), 'attribute_not_exists(pk)', revisionValue(1))).rejects.toMatchObject(
        invalid,
      );
      await expect(calls.put(item(pk, 'a'), 'revision = :revision')).rejects.toMatchObject(invalid);
    });

    test('a table that is not there is said to be missing', async () => {
      const missing = callsOf({ ...(await open()), tableName: `missing-${pk}` });
      await expect(missing.get(pk, 'a')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });
  });
}

function describeQueries(open: Open): void {
  describe('queries', () => {
    let calls: ReturnType<typeof callsOf>;
    let pk = '';
    beforeEach(async () => {
      calls = callsOf(await open());
      pk = randomUUID();
    });

    test('a query answers a range with both its ends, in the order of bytes', async () => {
      for (const sk of ['b', 'a', 'a!', 'a-b', 'B', 'c', 'é', '\u{1f6a2}', '\uffee']) await calls.put(item(pk, sk));
      await calls.put(item(`${pk}x`, 'b'));
      const keys = async (from: string, to: string): Promise<(string | undefined)[]> =>
        ((await calls.query({ pk, from, to })).Items ?? []).map(({ sk }) => sk?.S);
      expect(await keys('a', 'b')).toEqual(['a', 'a!', 'a-b', 'b']);
      expect(await keys('A', '\u{1ffff}')).toEqual(['B', 'a', 'a!', 'a-b', 'b', 'c', 'é', '\uffee', '\u{1f6a2}']);
      expect(await keys('d', 'e')).toEqual([]);
    });

    test('a page ends at 1 MB and says where to go on', async () => {
      const payload: Item = { payload: { B: new Uint8Array(300 * 1024) } };
      for (let index = 0; index < 7; index += 1) await calls.put({ ...item(pk, `${index}`), ...payload });
      const seen: string[] = [];
      const sizes: number[] = [];
      let start: Item | undefined;
      do {
        const page = await calls.query({ pk, from: '0', to: '9' }, start);
        seen.push(...(page.Items ?? []).map(({ sk }) => sk?.S ?? ''));
        sizes.push(page.Items?.length ?? 0);
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6']);
      expect(sizes[0]).toBeLessThan(5);
    });

    test('a range that ends before it begins is refused', async () => {
      await expect(calls.query({ pk, from: 'b', to: 'a' })).rejects.toMatchObject(invalid);
    });
  });
}

function describeTransactions(open: Open): void {
  describe('transactions', () => {
    let calls: ReturnType<typeof callsOf>;
    let pk = '';
    beforeEach(async () => {
      calls = callsOf(await open());
      pk = randomUUID();
    });
    const canceled = (...codes: string[]) => ({
      name: 'TransactionCanceledException',
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

    test('all actions happen', async () => {
      await calls.put(item(pk, 'b', 1));
      await calls.transact([
        calls.putAction(item(pk, 'a', 1), 'attribute_not_exists(pk)'),
        calls.expireAction(pk, 'b'),
      ]);
      expect(await calls.get(pk, 'a')).toEqual(item(pk, 'a', 1));
      expect(await calls.get(pk, 'b')).toEqual({ ...item(pk, 'b', 1), expires: { N: '4102444800' } });
    });

    test('nothing happens when a condition fails, and each action is given its reason', async () => {
      await calls.put(item(pk, 'there', 1));
      const transaction = calls.transact([
        calls.putAction(item(pk, 'a', 1)),
        calls.putAction(item(pk, 'there', 2), 'attribute_not_exists(pk)'),
        calls.expireAction(pk, 'missing'),
        calls.putAction(item(pk, 'b', 1)),
      ]);
      const codes = ['None', 'ConditionalCheckFailed', 'ConditionalCheckFailed', 'None'];
      await expect(transaction).rejects.toMatchObject(canceled(...codes));
      expect(await calls.get(pk, 'a')).toBeUndefined();
      expect(await calls.get(pk, 'there')).toEqual(item(pk, 'there', 1));
    });

    test('a transaction that is sent again with its token is not done again', async () => {
      const token = randomUUID();
      const actions = [calls.putAction(item(pk, 'a', 1), 'attribute_not_exists(pk)')];
      await calls.transact(actions, token);
      await calls.transact(actions, token);
      await calls.remove(item(pk, 'a'));
      await calls.transact(actions, token);
      expect(await calls.get(pk, 'a')).toBeUndefined();
    });

    test('a token belongs to its transaction', async () => {
      const token = randomUUID();
      await calls.transact([calls.putAction(item(pk, 'a', 1))], token);
      await expect(calls.transact([calls.putAction(item(pk, 'a', 2))], token)).rejects.toMatchObject({
        name: 'IdempotentParameterMismatchException',
      });
    });

    test('a transaction that was cancelled may be tried again under its token', async () => {
      const token = randomUUID();
      await calls.put(item(pk, 'a', 1));
      const actions = [calls.putAction(item(pk, 'a', 2), 'attribute_not_exists(pk)')];
      await expect(calls.transact(actions, token)).rejects.toMatchObject(canceled('ConditionalCheckFailed'));
      await calls.remove(item(pk, 'a'));
      await calls.transact(actions, token);
      expect(await calls.get(pk, 'a')).toEqual(item(pk, 'a', 2));
    });

    test('100 actions are a transaction; 101, none, or two on one item are not', async () => {
      const actions = Array.from({ length: 101 }, (_, index) => calls.putAction(item(pk, `${index}`)));
      await expect(calls.transact(actions)).rejects.toMatchObject(invalid);
      await expect(calls.transact([])).rejects.toMatchObject(invalid);
      const twice = calls.putAction(item(pk, 'a'));
      await expect(calls.transact([twice, twice])).rejects.toMatchObject(invalid);
      await calls.transact(actions.slice(1));
    });

    test('more than 4 MB are refused, whatever the items', async () => {
      const payload: Item = { payload: { B: new Uint8Array(390 * 1024) } };
      const actions = (count: number): TransactWriteItem[] =>
        Array.from({ length: count }, (_, index) => calls.putAction({ ...item(pk, `${index}`), ...payload }));
      await expect(calls.transact(actions(11))).rejects.toMatchObject(invalid);
      expect(await calls.get(pk, '0')).toBeUndefined();
      await calls.transact(actions(10));
    });

    test('of transactions on one item at the same time, those that fail are in conflict or too late, and none is lost', async () => {
      await calls.put(item(pk, 'a', 0));
      const answers = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          calls.transact([
            calls.putAction(item(pk, 'a', index + 1), 'revision = :revision', revisionValue(0)),
            calls.putAction(item(pk, `own-${index + 1}`, index + 1)),
          ]),
        ),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers) {
        if (answer.status === 'fulfilled') continue;
        const codes = (answer.reason as { CancellationReasons?: { Code: string }[] }).CancellationReasons;
        expect(['TransactionConflict', 'ConditionalCheckFailed']).toContain(codes?.[0]?.Code);
      }
      const winner = answers.findIndex(({ status }) => status === 'fulfilled') + 1;
      expect(await calls.get(pk, 'a')).toEqual(item(pk, 'a', winner));
      const { Items: own } = await calls.query({ pk, from: 'own', to: 'own-~' });
      expect(own).toEqual([item(pk, `own-${winner}`, winner)]);
    });
  });
}
