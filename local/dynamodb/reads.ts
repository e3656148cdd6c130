import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { rangeOf } from './expressions.ts';
import { type Item, itemBytes, type Key, onlyKeyOf } from './item.ts';
import { countRead, pause, tableOf, type World } from './world.ts';

type Output<Operation extends 'GetItem' | 'Query'> = Omit<OperationOutput<'dynamodb', Operation>, '$metadata'>;

const pageBytes = 1024 * 1024;

/** Refuses parameters that change the meaning of a call and are not known here. */
export function refuseOthers(input: object, known: readonly string[]): void {
  const other = Object.entries(input).find(([name, value]) => value !== undefined && !known.includes(name));
  if (other !== undefined) throw new NotEmulatedError(`the parameter ${other[0]}`);
}

export async function getItem(world: World, input: OperationInput<'dynamodb', 'GetItem'>): Promise<Output<'GetItem'>> {
  refuseOthers(input, ['TableName', 'Key', 'ConsistentRead']);
  const { items } = tableOf(world, input.TableName);
  const key = onlyKeyOf(input.Key);
  await pause(world);
  const item = items.get(key, input.ConsistentRead === true);
  countRead(world, item === undefined ? 0 : itemBytes(item), input.ConsistentRead === true);
  await pause(world);
  return item === undefined ? {} : { Item: item };
}

/** Each item is read at a moment of its own: a query is no snapshot. */
export async function query(world: World, input: OperationInput<'dynamodb', 'Query'>): Promise<Output<'Query'>> {
  refuseOthers(input, [
    'TableName',
    'KeyConditionExpression',
    'ExpressionAttributeValues',
    'ConsistentRead',
    'ExclusiveStartKey',
  ]);
  const { items } = tableOf(world, input.TableName);
  const consistent = input.ConsistentRead === true;
  const range = rangeOf(input.KeyConditionExpression, input.ExpressionAttributeValues);
  const start = input.ExclusiveStartKey === undefined ? undefined : onlyKeyOf(input.ExclusiveStartKey);
  await pause(world);
  const found: Item[] = [];
  let bytes = 0;
  let last: Key | undefined;
  for (const key of items.between(range.pk, range.from, range.to)) {
    if (start !== undefined && Buffer.compare(Buffer.from(key.sk), Buffer.from(start.sk)) <= 0) continue;
    // Every few items, others may come in between.
    if (found.length % 16 === 15) await pause(world);
    const item = items.get(key, consistent);
    if (item === undefined) continue;
    if (last !== undefined && bytes + itemBytes(item) > pageBytes) {
      return finish(world, { found, bytes, consistent, last });
    }
    found.push(item);
    bytes += itemBytes(item);
    last = key;
  }
  return finish(world, { found, bytes, consistent, last: undefined });
}

async function finish(
  world: World,
  page: { found: Item[]; bytes: number; consistent: boolean; last: Key | undefined },
): Promise<Output<'Query'>> {
  countRead(world, page.bytes, page.consistent);
  await pause(world);
  const { found, last } = page;
  return {
    Items: found,
    Count: found.length,
    ScannedCount: found.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: { pk: { S: last.pk }, sk: { S: last.sk } } }),
  };
}
