import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/**
 * Lets a client see only the partitions of a table that begin with a prefix, and write only there: a table that tests
 * share is an empty one for each of them.
 */
export function prefixPartitions(client: DynamoDBClient, prefix: string): void {
  client.middlewareStack.add(
    (next) => async (call) => {
      const answer = await next({ ...call, input: mapItems(call.input, (pk) => `${prefix}${pk}`) });
      return { ...answer, output: mapItems(answer.output, (pk) => pk.slice(prefix.length)) };
    },
    { step: 'initialize', priority: 'high', name: 'prefixPartitions' },
  );
}

/** The same with another `pk` in each item, key and value of an expression, wherever it is. */
function mapItems<T>(value: T, change: (pk: string) => string): T {
  if (Array.isArray(value)) return value.map((each: unknown) => mapItems(each, change)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    (name === 'pk' || name === ':pk') && isText(each) ? { S: change(each.S) } : mapItems(each, change),
  ]);
  return Object.fromEntries(entries);
}

const isText = (value: Item[string]): value is AttributeValue.SMember =>
  typeof value === 'object' && value !== null && typeof value.S === 'string';
