import { randomUUID } from 'node:crypto';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';

export interface SqsUnderTest {
  readonly client: SQSClient;
  /** A FIFO queue without content-based deduplication, high throughput or not, that is redriven after 3 receives. */
  readonly fifoUrl: string;
  /** Where to. */
  readonly deadLetterUrl: string;
  readonly standardUrl: string;
  readonly pass: (seconds: number) => Promise<void>;
}

const visibilitySeconds = 5;

/** The rules of SQS that Skiff's queue stands on, through an SDK client alone. `open` gives each test empty queues. */
export function describeSqs(name: string, open: () => Promise<SqsUnderTest>): void {
  describe(`${name} keeps the rules of SQS`, () => {
    let under: SqsUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    const send = (body: string, options: { group?: string; id?: string } = {}) =>
      under.client.send(
        new SendMessageCommand({
          QueueUrl: under.fifoUrl,
          MessageBody: body,
          MessageGroupId: options.group ?? 'group',
          MessageDeduplicationId: options.id ?? randomUUID(),
        }),
      );
    const delayed = (body: string, DelaySeconds: number) =>
      under.client.send(new SendMessageCommand({ QueueUrl: under.standardUrl, MessageBody: body, DelaySeconds }));
    const receive = async (QueueUrl = under.fifoUrl, count = 10): Promise<Message[]> =>
      (
        await under.client.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: count,
            VisibilityTimeout: visibilitySeconds,
            MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
          }),
        )
      ).Messages ?? [];
    const remove = (messages: readonly Message[], QueueUrl = under.fifoUrl) =>
      under.client.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle })),
        }),
      );
    const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);
    const refusal = (name: string) => ({ name });

    test('the messages of a group come in the order in which they were sent, several in one batch', async () => {
      for (const body of ['1', '2', '3']) await send(body);
      expect(bodies(await receive())).toEqual(['1', '2', '3']);
    });

    test('while a message is out, nothing else of its group is given out, and other groups are', async () => {
      await send('a1', { group: 'a' });
      expect(bodies(await receive())).toEqual(['a1']);
      await send('a2', { group: 'a' });
      await send('b1', { group: 'b' });
      expect(bodies(await receive())).toEqual(['b1']);
      expect(await receive()).toEqual([]);
    });

    test('when it is deleted, the group goes on', async () => {
      await send('1');
      const first = await receive();
      await send('2');
      await remove(first);
      expect(bodies(await receive())).toEqual(['2']);
    });

    test('a message that is not deleted comes again after its time, before those behind it', async () => {
      await send('1');
      const [first] = await receive();
      await send('2');
      await under.pass(visibilitySeconds - 1);
      expect(await receive()).toEqual([]);
      await under.pass(1);
      const again = await receive();
      expect(bodies(again)).toEqual(['1', '2']);
      expect(again[0]?.MessageId).toBe(first?.MessageId);
      expect(again.map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual(['2', '1']);
    });

    test('who takes too long in a FIFO queue has lost the message', async () => {
      await send('1');
      const late = await receive();
      await under.pass(visibilitySeconds);
      expect((await remove(late)).Failed).toHaveLength(1);
      expect(bodies(await receive())).toEqual(['1']);
    });

    test('a message with an id that was used within five minutes is taken and not delivered', async () => {
      const first = await send('1', { id: 'same' });
      const second = await send('2', { id: 'same', group: 'other' });
      expect(second.MessageId).toBe(first.MessageId);
      const received = await receive();
      expect(bodies(received)).toEqual(['1']);
      await remove(received);
      await send('3', { id: 'same' });
      expect(await receive()).toEqual([]);
      await under.pass(300);
      await send('4', { id: 'same' });
      expect(bodies(await receive())).toEqual(['4']);
    });

    test('a delay of a message in a standard queue is waited for', async () => {
      await delayed('later', 10);
      await delayed('now', 0);
      const now = await receive(under.standardUrl);
      expect(bodies(now)).toEqual(['now']);
      await remove(now, under.standardUrl);
      await under.pass(9);
      expect(await receive(under.standardUrl)).toEqual([]);
      await under.pass(1);
      expect(bodies(await receive(under.standardUrl))).toEqual(['later']);
    });

    test('a message that was received as often as it may goes to the dead letters, and its group goes on', async () => {
      await send('poison');
      await send('well');
      for (let count = 0; count < 3; count += 1) {
        expect(bodies(await receive(under.fifoUrl, 1))).toEqual(['poison']);
        await under.pass(visibilitySeconds);
      }
      expect(bodies(await receive())).toEqual(['well']);
      expect(bodies(await receive(under.deadLetterUrl))).toEqual(['poison']);
    });

    test('the messages of one receive are at most as many as asked for, and ten', async () => {
      for (let count = 0; count < 12; count += 1) await send(`${count}`, { group: `${count}` });
      expect(await receive(under.fifoUrl, 1)).toHaveLength(1);
      expect(await receive()).toHaveLength(10);
      await expect(receive(under.fifoUrl, 11)).rejects.toMatchObject(refusal('InvalidParameterValue'));
    });

    test('a batch has one to ten entries with ids of their own', async () => {
      const entry = (Id: string) => ({ Id, ReceiptHandle: 'x' });
      const batch = (ids: readonly string[]) =>
        under.client.send(new DeleteMessageBatchCommand({ QueueUrl: under.fifoUrl, Entries: ids.map(entry) }));
      await expect(batch([])).rejects.toMatchObject(refusal('EmptyBatchRequest'));
      await expect(batch(['a', 'a'])).rejects.toMatchObject(refusal('BatchEntryIdsNotDistinct'));
      const eleven = Array.from({ length: 11 }, (_, index) => `${index}`);
      await expect(batch(eleven)).rejects.toMatchObject(refusal('TooManyEntriesInBatchRequest'));
    });

    test.for([
      { what: 'a delay in a FIFO queue', parameters: { DelaySeconds: 5 } },
      { what: 'a FIFO message without an id', parameters: { MessageDeduplicationId: undefined } },
      { what: 'a group of more than 128 characters', parameters: { MessageGroupId: 'x'.repeat(129) } },
      { what: 'a group with a space', parameters: { MessageGroupId: 'a b' } },
    ])('refuses $what', async ({ parameters }) => {
      const sending = under.client.send(
        new SendMessageCommand({
          QueueUrl: under.fifoUrl,
          MessageBody: 'x',
          MessageGroupId: 'group',
          MessageDeduplicationId: randomUUID(),
          ...parameters,
        }),
      );
      await expect(sending).rejects.toMatchObject(refusal('InvalidParameterValue'));
    });

    test('refuses a FIFO message without a group', async () => {
      const command = new SendMessageCommand({
        QueueUrl: under.fifoUrl,
        MessageBody: 'x',
        MessageDeduplicationId: 'x',
      });
      await expect(under.client.send(command)).rejects.toMatchObject(refusal('MissingParameter'));
    });

    test('a delay is at most fifteen minutes', async () => {
      await delayed('x', 900);
      await expect(delayed('x', 901)).rejects.toMatchObject(refusal('InvalidParameterValue'));
    });

    test('a queue that is not there is said to be missing', async () => {
      await expect(receive(`${under.fifoUrl.replace('.fifo', '')}-missing.fifo`)).rejects.toMatchObject(
        refusal('QueueDoesNotExist'),
      );
    });
  });
}
