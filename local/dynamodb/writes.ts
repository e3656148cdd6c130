import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { conditionFailed, transactionConflict } from './errors.ts';
import { type Expressions, meaningOf } from './expressions.ts';
import { checkSize, type Item, type Key, keyOf, onlyKeyOf } from './item.ts';
import { refuseOthers } from './reads.ts';
import { countWrite, heldName, pause, tableOf, type World } from './world.ts';

type Operation = 'DeleteItem' | 'PutItem' | 'UpdateItem';
type Output<Op extends Operation> = Omit<OperationOutput<'dynamodb', Op>, '$metadata'>;

/** A write of one item: on its condition, the item becomes another one, or is removed. */
export interface ItemWrite {
  readonly tableName: string | undefined;
  readonly key: Key;
  readonly holds: (item: Item | undefined) => boolean;
  readonly next: (item: Item | undefined) => Item | undefined;
}

type Target = Expressions & { readonly TableName?: string | undefined };

const conditional = ['TableName', 'ConditionExpression', 'ExpressionAttributeValues', 'ExpressionAttributeNames'];

export function putOf(input: Target & { readonly Item?: Item | undefined }): ItemWrite {
  refuseOthers(input, [...conditional, 'Item']);
  const { holds } = meaningOf(input);
  const item = input.Item ?? {};
  const key = keyOf(item);
  checkSize(item);
  return { tableName: input.TableName, key, holds, next: () => item };
}

export function deleteOf(input: Target & { readonly Key?: Item | undefined }): ItemWrite {
  refuseOthers(input, [...conditional, 'Key']);
  return {
    tableName: input.TableName,
    key: onlyKeyOf(input.Key),
    holds: meaningOf(input).holds,
    next: () => undefined,
  };
}

export function updateOf(input: Target & { readonly Key?: Item | undefined }): ItemWrite {
  refuseOthers(input, [...conditional, 'Key', 'UpdateExpression']);
  const { holds, changes } = meaningOf(input);
  const next = (item: Item | undefined): Item => ({ ...input.Key, ...item, ...changes(item) });
  return { tableName: input.TableName, key: onlyKeyOf(input.Key), holds, next };
}

export async function putItem(world: World, input: OperationInput<'dynamodb', 'PutItem'>): Promise<Output<'PutItem'>> {
  await write(world, putOf(input));
  return {};
}

export async function deleteItem(
  world: World,
  input: OperationInput<'dynamodb', 'DeleteItem'>,
): Promise<Output<'DeleteItem'>> {
  await write(world, deleteOf(input));
  return {};
}

export async function updateItem(
  world: World,
  input: OperationInput<'dynamodb', 'UpdateItem'>,
): Promise<Output<'UpdateItem'>> {
  const { ReturnValues: returned, ...rest } = input;
  if (returned !== undefined && returned !== 'UPDATED_NEW') throw new NotEmulatedError(`ReturnValues ${returned}`);
  const { changes } = meaningOf(rest);
  const before = await write(world, updateOf(rest));
  return returned === undefined ? {} : { Attributes: changes(before) };
}

/** Answers the item as it was. */
async function write(world: World, each: ItemWrite): Promise<Item | undefined> {
  const { items, held } = tableOf(world, each.tableName);
  await pause(world);
  if (held.has(heldName(each.key))) throw transactionConflict();
  const before = items.get(each.key, true);
  if (!each.holds(before)) {
    countWrite(world, [before]);
    throw conditionFailed();
  }
  const after = each.next(before);
  items.set(each.key, after);
  countWrite(world, [before, after]);
  await pause(world);
  return before;
}
