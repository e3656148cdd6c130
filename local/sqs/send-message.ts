import { createHash } from 'node:crypto';
import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { emptyMessage, invalidCharacters, invalidParameter, missingParameter } from './errors.ts';
import type { Message, QueueState } from './queue-state.ts';
import { announce, queueOf, type SqsWorld } from './world.ts';

type Input = OperationInput<'sqs', 'SendMessage'>;
type Output = Omit<OperationOutput<'sqs', 'SendMessage'>, '$metadata'>;

const maximumBytes = 1024 * 1024;
const known = ['QueueUrl', 'MessageBody', 'DelaySeconds', 'MessageGroupId', 'MessageDeduplicationId'];
/** What XML 1.0 has no place for (SendMessage in the API reference). */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const identifier = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export function sendMessage(world: SqsWorld, input: Input): Output {
  const queue = queueOf(world, input.QueueUrl);
  check(queue, input);
  const body = input.MessageBody ?? '';
  const token = input.MessageDeduplicationId;
  const before = token === undefined ? undefined : queue.sentBefore(token);
  const message = before ?? make(world, input);
  if (before === undefined) {
    queue.add(message);
    if (token !== undefined) queue.remember(token, message);
    announce(world, queue.settings.url, input.DelaySeconds ?? 0);
  }
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(body),
    ...(queue.settings.fifo ? { SequenceNumber: String(message.sequence).padStart(20, '0') } : {}),
  };
}

function make(world: SqsWorld, input: Input): Message {
  return {
    id: world.options.newId(),
    body: input.MessageBody ?? '',
    group: input.MessageGroupId ?? '',
    sequence: world.nextSequence(),
    visibleAt: world.options.clock.now() + (input.DelaySeconds ?? 0) * 1000,
    receives: 0,
    receipt: '',
  };
}

function check({ settings }: QueueState, input: Input): void {
  const other = Object.entries(input).find(([name, value]) => value !== undefined && !known.includes(name));
  if (other !== undefined) throw new NotEmulatedError(`the parameter ${other[0]} of SendMessage`);
  if (input.MessageBody === undefined || input.MessageBody === '') throw emptyMessage();
  if (Buffer.byteLength(input.MessageBody) > maximumBytes) {
    throw invalidParameter('MessageBody', '', `Message must be shorter than ${maximumBytes} bytes.`);
  }
  if (notInXml.test(input.MessageBody)) throw invalidCharacters();
  const { DelaySeconds: delay } = input;
  if (delay !== undefined && (!Number.isInteger(delay) || delay < 0 || delay > 900)) {
    throw invalidParameter('DelaySeconds', delay, 'DelaySeconds must be >= 0 and <= 900.');
  }
  if (settings.fifo) checkFifo(input);
  else if (input.MessageDeduplicationId !== undefined) {
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw invalidParameter('MessageDeduplicationId', input.MessageDeduplicationId, reason);
  } else if (input.MessageGroupId !== undefined) throw new NotEmulatedError('message groups of standard queues');
}

function checkFifo(input: Input): void {
  if (input.DelaySeconds !== undefined && input.DelaySeconds > 0) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    throw invalidParameter('DelaySeconds', input.DelaySeconds, reason);
  }
  if (input.MessageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (input.MessageDeduplicationId === undefined) {
    const reason =
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';
    throw invalidParameter('MessageDeduplicationId', '', reason);
  }
  for (const name of ['MessageGroupId', 'MessageDeduplicationId'] as const) {
    const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
    if (!identifier.test(input[name] ?? '')) throw invalidParameter(name, input[name], reason);
  }
}
