import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { batchError, invalidReceipt } from './errors.ts';
import type { QueueState } from './queue-state.ts';
import { queueOf, type SqsWorld } from './world.ts';

type Input = OperationInput<'sqs', 'DeleteMessageBatch'>;
type Output = Omit<OperationOutput<'sqs', 'DeleteMessageBatch'>, '$metadata'>;

export function deleteMessageBatch(world: SqsWorld, input: Input): Output {
  const queue = queueOf(world, input.QueueUrl);
  const entries = input.Entries ?? [];
  if (entries.length === 0) throw batchError('EmptyBatchRequest', 'There should be at least one entry in the batch.');
  if (entries.length > 10) {
    throw batchError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw batchError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  const output: Output = { Successful: [], Failed: [] };
  for (const { Id, ReceiptHandle: receipt } of entries) {
    if (remove(world, queue, receipt)) output.Successful?.push({ Id });
    else {
      const error = invalidReceipt();
      output.Failed?.push({ Id, SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  return output;
}

/** What is gone already counts as deleted. In a FIFO queue, who took too long has lost the message. */
function remove(world: SqsWorld, queue: QueueState, receipt: string | undefined): boolean {
  const message = queue.messages.find((each) => each.receipt === receipt);
  if (message === undefined) return true;
  if (queue.settings.fifo && message.visibleAt <= world.options.clock.now()) return false;
  queue.remove(message);
  return true;
}
