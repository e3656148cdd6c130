import type { DynamoDBClient, ServiceInputTypes, TransactWriteItem } from '@aws-sdk/client-dynamodb';

/**
 * Ways to break the store's protocol on its way to the table, each of which the checker has to find:
 * - `unfenced`: a writer does not mind that its entry in the log has been fenced
 * - `blind`: a writer does not mind that the object has changed
 * - `stale`: readers are content with the past
 */
export type PlantedBug = 'unfenced' | 'blind' | 'stale';

export const plantedBugs: readonly PlantedBug[] = ['unfenced', 'blind', 'stale'];

/** Plants a bug into a client. */
export function plant(client: DynamoDBClient, bug: PlantedBug): void {
  client.middlewareStack.add((next) => (call) => next({ ...call, input: broken(call.input, bug) }), {
    step: 'initialize',
    priority: 'high',
  });
}

function broken(input: ServiceInputTypes, bug: PlantedBug): ServiceInputTypes {
  if (bug === 'stale') return 'ConsistentRead' in input ? { ...input, ConsistentRead: false } : input;
  if (!('TransactItems' in input && 'ClientRequestToken' in input)) return input;
  const partition = bug === 'unfenced' ? 'log/' : 'object/';
  return { ...input, TransactItems: input.TransactItems?.map((action) => withoutCondition(action, partition)) };
}

function withoutCondition(action: TransactWriteItem, partition: string): TransactWriteItem {
  if (action.Put?.Item?.['pk']?.S?.startsWith(partition) !== true) return action;
  const { ConditionExpression: _condition, ExpressionAttributeValues: _values, ...put } = action.Put;
  return { Put: put };
}
