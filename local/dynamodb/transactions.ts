import { createHash } from 'node:crypto';
import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { tokenMismatch, transactionCanceled, validationError } from './errors.ts';
import { checkSize, itemBytes } from './item.ts';
import { refuseOthers } from './reads.ts';
import { countWrite, heldName, pause, tableOf, type World } from './world.ts';
import { type ItemWrite, putOf, updateOf } from './writes.ts';

type Input = OperationInput<'dynamodb', 'TransactWriteItems'>;
type Output = Omit<OperationOutput<'dynamodb', 'TransactWriteItems'>, '$metadata'>;

const maximumActions = 100;
const maximumBytes = 4 * 1024 * 1024;
const tokenMilliseconds = 10 * 60 * 1000;

export async function transactWriteItems(world: World, input: Input): Promise<Output> {
  refuseOthers(input, ['TransactItems', 'ClientRequestToken']);
  const writes = writesOf(input);
  await pause(world);
  if (isRepeated(world, input)) return {};
  const places = writes.map((write) => ({ write, ...tableOf(world, write.tableName), name: heldName(write.key) }));
  const conflicts = places.map(({ held, name }) => held.has(name));
  if (conflicts.includes(true)) throw transactionCanceled(conflicts.map((is) => (is ? 'TransactionConflict' : 'None')));
  const interference = world.options.interfere?.();
  if (interference !== undefined)
    throw transactionCanceled(writes.map((_, index) => (index === 0 ? interference : 'None')));
  for (const { held, name } of places) held.add(name);
  try {
    await pause(world);
    apply(world, places);
  } finally {
    for (const { held, name } of places) held.delete(name);
  }
  remember(world, input);
  await pause(world);
  return {};
}

function writesOf(input: Input): ItemWrite[] {
  const actions = input.TransactItems ?? [];
  if (actions.length === 0 || actions.length > maximumActions) {
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${maximumActions} and greater than or equal to 1`,
    );
  }
  const writes = actions.map((action) => {
    if (action.Put !== undefined) return putOf(action.Put);
    if (action.Update !== undefined) return updateOf(action.Update);
    throw new NotEmulatedError(`the action ${Object.keys(action).join()} of a transaction`);
  });
  if (new Set(writes.map(({ tableName, key }) => `${tableName} ${heldName(key)}`)).size < writes.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
  return writes;
}

type Place = { readonly write: ItemWrite } & ReturnType<typeof tableOf>;

/** All or nothing, in one moment. */
function apply(world: World, places: readonly Place[]): void {
  const before = places.map(({ items, write }) => items.get(write.key, true));
  const failed = places.map(({ write }, index) => !write.holds(before[index]));
  if (failed.includes(true)) {
    for (const item of before) countWrite(world, [item], 2);
    throw transactionCanceled(failed.map((is) => (is ? 'ConditionalCheckFailed' : 'None')));
  }
  const after = places.map(({ write }, index) => write.next(before[index]));
  for (const item of after) if (item !== undefined) checkSize(item);
  const bytes = after.reduce((sum, item) => sum + (item === undefined ? 0 : itemBytes(item)), 0);
  if (bytes > maximumBytes) throw validationError('Transaction size has exceeded the maximum of 4194304 bytes');
  for (const [index, { items, write }] of places.entries()) {
    items.set(write.key, after[index]);
    countWrite(world, [before[index], after[index]], 2);
  }
}

/** Whether this very transaction was done within the last ten minutes, and so is not done again. */
function isRepeated({ transactions, options }: World, input: Input): boolean {
  const known = transactions.get(input.ClientRequestToken ?? '');
  if (known === undefined || known.until <= options.clock.now()) return false;
  if (known.input !== fingerprint(input)) throw tokenMismatch();
  return true;
}

function remember({ transactions, options }: World, input: Input): void {
  const now = options.clock.now();
  for (const [token, { until }] of transactions) {
    if (until > now) break;
    transactions.delete(token);
  }
  if (input.ClientRequestToken === undefined) return;
  transactions.set(input.ClientRequestToken, { input: fingerprint(input), until: now + tokenMilliseconds });
}

/** Short: a test may make thousands of large transactions. */
const fingerprint = ({ TransactItems: actions }: Input): string =>
  createHash('sha256')
    .update(
      JSON.stringify(actions, (_name, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ),
    )
    .digest('base64');
