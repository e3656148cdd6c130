import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { invalidParameter } from './errors.ts';
import type { Message, QueueState } from './queue-state.ts';
import { md5 } from './send-message.ts';
import { announce, queueOf, type SqsWorld } from './world.ts';

type Input = OperationInput<'sqs', 'ReceiveMessage'>;
type Output = Omit<OperationOutput<'sqs', 'ReceiveMessage'>, '$metadata'>;

const known = [
  'QueueUrl',
  'MaxNumberOfMessages',
  'MessageSystemAttributeNames',
  'VisibilityTimeout',
  'WaitTimeSeconds',
];

export function receiveMessage(world: SqsWorld, input: Input): Output {
  const other = Object.entries(input).find(([name, value]) => value !== undefined && !known.includes(name));
  if (other !== undefined) throw new NotEmulatedError(`the parameter ${other[0]} of ReceiveMessage`);
  const queue = queueOf(world, input.QueueUrl);
  const count = input.MaxNumberOfMessages ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 10) {
    throw invalidParameter('MaxNumberOfMessages', count, 'Must be between 1 and 10, if provided.');
  }
  const received: Message[] = [];
  for (const message of queue.available()) {
    if (received.length === count) break;
    if (!redrive(world, queue, message)) received.push(message);
  }
  const seconds = input.VisibilityTimeout ?? queue.settings.visibilityTimeoutSeconds;
  for (const message of received) giveOut(world, queue, { message, seconds });
  return received.length === 0 ? {} : { Messages: received.map(describe) };
}

/** Moves a message away that has been received as often as it may. */
function redrive(world: SqsWorld, queue: QueueState, message: Message): boolean {
  const { redrive: policy } = queue.settings;
  if (policy === undefined || message.receives < policy.maximumReceives) return false;
  queue.remove(message);
  queueOf(world, policy.deadLetterUrl).add(message);
  announce(world, policy.deadLetterUrl, 0);
  return true;
}

function giveOut(
  world: SqsWorld,
  queue: QueueState,
  { message, seconds }: { message: Message; seconds: number },
): void {
  const { options } = world;
  message.receives += 1;
  message.receipt = options.newId();
  const staysVisible = !queue.settings.fifo && options.doubles?.() === true;
  if (staysVisible) return;
  message.visibleAt = options.clock.now() + seconds * 1000;
  announce(world, queue.settings.url, seconds);
}

const describe = (message: Message) => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: {
    ApproximateReceiveCount: String(message.receives),
    ...(message.group === '' ? {} : { MessageGroupId: message.group }),
  },
});
