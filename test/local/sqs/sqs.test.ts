import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { describeSqs } from '../../conformance/sqs.ts';
import { emulateSqs } from '../../support/sqs.ts';

const account = 'https://sqs.us-east-1.amazonaws.com/123456789012';
const fifoUrl = `${account}/work.fifo`;
const deadLetterUrl = `${account}/dead.fifo`;
const standardUrl = `${account}/later`;
const open = (doubles = false) => {
  const { client, clock } = emulateSqs({
    queues: [
      { url: fifoUrl, fifo: true, visibilityTimeoutSeconds: 30, redrive: { maximumReceives: 3, deadLetterUrl } },
      { url: deadLetterUrl, fifo: true, visibilityTimeoutSeconds: 30 },
      { url: standardUrl, fifo: false, visibilityTimeoutSeconds: 30 },
    ],
    doubles: () => doubles,
  });
  return { client, fifoUrl, deadLetterUrl, standardUrl, pass: (seconds: number) => clock.advance(seconds * 1000) };
};

describeSqs('the double', async () => open());

describe('the double of SQS', () => {
  test('gives out messages of a standard queue twice when it is told to', async () => {
    const { client } = open(true);
    await client.send(new SendMessageCommand({ QueueUrl: standardUrl, MessageBody: 'x' }));
    const receive = () => client.send(new ReceiveMessageCommand({ QueueUrl: standardUrl }));
    expect((await receive()).Messages).toHaveLength(1);
    expect((await receive()).Messages).toHaveLength(1);
  });

  test('refuses by name what it does not know', async () => {
    const { client } = open();
    const command = new SendMessageCommand({ QueueUrl: standardUrl, MessageBody: 'x', MessageAttributes: {} });
    await expect(client.send(command)).rejects.toThrow('not emulated');
  });
});
