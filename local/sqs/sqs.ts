import type { OperationInput, OperationName, OperationOutput } from '../../aws/operations.ts';
import { type Answer, handlerOf } from '../intercept.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { QueueState } from './queue-state.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { queueOf, type SqsOptions, type SqsWorld } from './world.ts';

type Operation = OperationName<'sqs'>;
type Handler<Op extends Operation> = (
  world: SqsWorld,
  input: OperationInput<'sqs', Op>,
) => Omit<OperationOutput<'sqs', Op>, '$metadata'>;

const handlers = {
  DeleteMessageBatch: deleteMessageBatch,
  ReceiveMessage: receiveMessage,
  SendMessage: sendMessage,
} satisfies { [Op in Operation]: Handler<Op> };

export interface Sqs {
  readonly answer: Answer;
  /** The bodies of all messages of a queue, in order. */
  bodies(queueUrl: string): string[];
}

/**
 * Queues for the operations and parameters that aws/sqs uses; others are refused. Long polls answer at once, and the
 * messages of a standard queue come in order, though nobody may rely on it.
 */
export function createSqs(options: SqsOptions): Sqs {
  let sequence = 0;
  const world: SqsWorld = {
    options,
    queues: new Map(options.queues.map((settings) => [settings.url, new QueueState(settings, options.clock)])),
    nextSequence: () => (sequence += 1),
  };
  return {
    answer: (operation, input) => {
      const handler = handlerOf(handlers, 'sqs', operation) as (world: SqsWorld, input: object) => object;
      return handler(world, input);
    },
    bodies: (queueUrl) => queueOf(world, queueUrl).messages.map(({ body }) => body),
  };
}
