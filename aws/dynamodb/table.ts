import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../kubernetes/clock.ts';
import { isNamed } from '../errors.ts';
import { type Item, keyItem, number, numberOf, text } from './attributes.ts';
import type { Condition } from './conditions.ts';
import { isPossible, type ItemKey } from './layout.ts';
import { backoffMilliseconds, wait } from './wait.ts';

export interface TableOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  /** A new UUID. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
}

/**
 * - `committed`: all of it happened
 * - `cancelled`: nothing of it happened; `failed` are the actions whose conditions were not met, none when it never got its turn
 * - `late`: it is past its time, and nothing of it happened unless an earlier attempt did
 * - `unknown`: nobody knows
 */
export type TransactionOutcome =
  | { readonly type: 'committed' }
  | { readonly type: 'cancelled'; readonly failed: readonly number[]; readonly error: unknown }
  | { readonly type: 'late'; readonly error: unknown }
  | { readonly type: 'unknown'; readonly error: unknown };

/** One write of a transaction. */
export type Action =
  | { readonly put: Item; readonly condition: Condition }
  | { readonly expire: ItemKey; readonly at: number; readonly condition: Condition };

/** How often a write is tried that others are in the way of. */
const attempts = 8;

/** The calls that the store makes, in the few forms in which it makes them. */
export class Table {
  private readonly options: TableOptions;

  constructor(options: TableOptions) {
    this.options = options;
  }

  /** `eventual`: possibly an earlier state, at half the price. */
  async get(key: ItemKey, reads: 'consistent' | 'eventual' = 'consistent'): Promise<Item | undefined> {
    if (!isPossible(key)) return undefined;
    const { client, tableName } = this.options;
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: keyItem(key), ConsistentRead: reads === 'consistent' }),
    );
    return item;
  }

  /** All items of a partition between two sort keys, both included, in their order. */
  async query(partition: string, from: string, to: string): Promise<Item[]> {
    if (![from, to].every((sk) => isPossible({ pk: partition, sk }))) return [];
    const { client, tableName } = this.options;
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': text(partition), ':from': text(from), ':to': text(to) },
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }

  /** Whether the condition was met. */
  async put(item: Item, condition: Condition): Promise<boolean> {
    const { client, tableName } = this.options;
    return this.conditional(() => client.send(new PutItemCommand({ TableName: tableName, Item: item, ...condition })));
  }

  /** Whether the condition was met. */
  async delete(key: ItemKey, condition: Condition): Promise<boolean> {
    const { client, tableName } = this.options;
    return this.conditional(() =>
      client.send(new DeleteItemCommand({ TableName: tableName, Key: keyItem(key), ...condition })),
    );
  }

  /** Adds to the revision of an item, which may be absent, and answers the sum. Done twice when an answer is lost. */
  async add(key: ItemKey, count: number): Promise<number> {
    const { client, tableName } = this.options;
    const { Attributes: attributes } = await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyItem(key),
        UpdateExpression: 'ADD revision :count',
        ExpressionAttributeValues: { ':count': number(count) },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return numberOf(attributes ?? {}, 'revision');
  }

  /** Writes all or nothing, and begins with it only until a moment. Tries again while others are in the way. */
  async transact(actions: readonly Action[], until: number): Promise<TransactionOutcome> {
    let token = this.options.newId();
    for (let attempt = 1; ; attempt += 1) {
      if (this.options.clock.now() > until) return { type: 'late', error: new Error('the transaction came too late') };
      const outcome = await this.transactOnce(actions, token);
      if (outcome.type === 'committed' || attempt === attempts) return outcome;
      if (outcome.type === 'cancelled') {
        if (outcome.failed.length > 0) return outcome;
        // It is known not to have happened: a try under the old token could be taken for the one that failed.
        token = this.options.newId();
      } else if (!isNamed(outcome.error, 'TransactionInProgressException')) return outcome;
      await this.pause(attempt);
    }
  }

  private async transactOnce(actions: readonly Action[], token: string): Promise<TransactionOutcome> {
    const { client, tableName } = this.options;
    const items = actions.map((action) => transactItem(tableName, action));
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }));
      return { type: 'committed' };
    } catch (error) {
      const reasons = cancellationReasons(error);
      if (reasons === undefined) return { type: 'unknown', error };
      const failed = reasons.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
      const mayPass = reasons.every((code) => code === 'None' || passing.has(code));
      if (failed.length === 0 && !mayPass) throw error;
      return { type: 'cancelled', failed, error };
    }
  }

  /** Runs a write with a condition. A transaction that holds the item is waited for. */
  private async conditional(write: () => Promise<unknown>): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await write();
        return true;
      } catch (error) {
        if (isNamed(error, 'ConditionalCheckFailedException')) return false;
        if (attempt === attempts || !isNamed(error, 'TransactionConflictException')) throw error;
      }
      await this.pause(attempt);
    }
  }

  private pause(attempt: number): Promise<void> {
    return wait(
      this.options.clock,
      backoffMilliseconds(attempt, () => this.options.random()),
    );
  }
}

/** Reasons to try the same again. */
const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** One code an action; undefined when the error is another one. */
function cancellationReasons(error: unknown): string[] | undefined {
  if (!isNamed(error, 'TransactionCanceledException')) return undefined;
  const { CancellationReasons: reasons } = error as { CancellationReasons?: { Code?: string }[] };
  return (reasons ?? []).map(({ Code }) => Code ?? 'None');
}

const transactItem = (tableName: string, action: Action): TransactWriteItem =>
  'put' in action
    ? { Put: { TableName: tableName, Item: action.put, ...action.condition } }
    : {
        Update: {
          TableName: tableName,
          Key: keyItem(action.expire),
          UpdateExpression: 'SET expires = :expires',
          ExpressionAttributeValues: {
            ...action.condition.ExpressionAttributeValues,
            ':expires': number(action.at),
          },
          ConditionExpression: action.condition.ConditionExpression,
        },
      };
