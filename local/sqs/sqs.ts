import { answerBy, type Handlers } from '../handlers.ts';
import type { Answer } from '../intercept.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { QueueState } from './queue-state.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { queueOf, type SqsOptions, type SqsWorld } from './world.ts';

const handlers = {
  DeleteMessageBatch: deleteMessageBatch,
  ReceiveMessage: receiveMessage,
  SendMessage: sendMessage,
} satisfies Handlers<SqsWorld, 'sqs'>;

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
    answer: (operation, input) => answerBy(handlers, { service: 'sqs', operation, world, input }),
    bodies: (queueUrl) => queueOf(world, queueUrl).messages.map(({ body }) => body),
  };
}
