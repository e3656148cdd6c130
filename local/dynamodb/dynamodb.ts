import { answerBy, type Handlers } from '../handlers.ts';
import type { Answer } from '../intercept.ts';
import { getItem, query } from './reads.ts';
import { transactWriteItems } from './transactions.ts';
import { type DynamoDbOptions, makeWorld, type Units, type World } from './world.ts';
import { deleteItem, putItem, updateItem } from './writes.ts';

const handlers = {
  DeleteItem: deleteItem,
  GetItem: getItem,
  PutItem: putItem,
  Query: query,
  TransactWriteItems: transactWriteItems,
  UpdateItem: updateItem,
} satisfies Handlers<World, 'dynamodb'>;

export interface DynamoDb {
  readonly answer: Answer;
  /** What the calls so far have used. */
  readonly units: Readonly<Units>;
  /** Removes the items whose time is over. DynamoDB does so at leisure, within days; here only when asked. */
  expire(): void;
}

/**
 * Tables with the keys `pk` and `sk` and TTL on `expires`, for the operations, expressions and parameters that
 * aws/dynamodb uses; everything else is refused. Left out: indexes, streams, projections, capacity as a limit.
 */
export function createDynamoDb(options: DynamoDbOptions): DynamoDb {
  const world = makeWorld(options);
  return {
    answer: (operation, input) => answerBy(handlers, { service: 'dynamodb', operation, world, input }),
    units: world.units,
    expire: () => {
      for (const { items } of world.tables.values()) {
        for (const { key, item } of items.all()) {
          if (Number(item['expires']?.N ?? Number.POSITIVE_INFINITY) * 1000 < options.clock.now()) {
            items.set(key, undefined);
          }
        }
      }
    },
  };
}
