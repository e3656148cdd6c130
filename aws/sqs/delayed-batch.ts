import { failedRecords, type SqsBatchResponse, type SqsEvent, type SqsRecord } from './event.ts';
import { parseMessage } from './message.ts';
import type { SqsQueue } from './queue.ts';

export interface DelayedBatchOptions {
  readonly queue: SqsQueue;
  /** Told of messages that are not ours, which are dropped, and of those that have to come again. */
  report(error: unknown): void;
}

/** Sends on what has waited in the delay queue. A message that cannot be sent on comes again. */
export async function sendDelayedOn(options: DelayedBatchOptions, event: SqsEvent): Promise<SqsBatchResponse> {
  const failed: SqsRecord[] = [];
  await Promise.all(
    event.Records.map(async (record) => {
      const message = parseMessage(record.body);
      if (message === undefined) {
        options.report(new Error(`a message in the delay queue that is not Skiff's: ${record.messageId}`));
        return;
      }
      try {
        await options.queue.sendOn(message);
      } catch (error) {
        options.report(error);
        failed.push(record);
      }
    }),
  );
  return failedRecords(failed);
}
