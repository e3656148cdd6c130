import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeClustersCommand, ListClustersCommand, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { emulateTable, tableName } from '../../support/dynamo.ts';
import { emulateEcs } from '../../support/emulation.ts';
import { clientOf, openWire } from '../../support/wire.ts';

const call = (url: string, target: string | undefined, body = '{}') =>
  fetch(url, { method: 'POST', body, ...(target === undefined ? {} : { headers: { 'X-Amz-Target': target } }) });

const refusal = (name: string, members: object = {}) =>
  Object.assign(new Error('no'), { name, $fault: 'client', $metadata: { httpStatusCode: 400 }, ...members });

describe('the wire', () => {
  test('carries bytes both ways, beside attributes named like their types', async () => {
    const dynamodb = clientOf('dynamodb', await openWire({ dynamodb: emulateTable().database.answer }));
    const item = {
      pk: { S: 'p' },
      sk: { S: 's' },
      B: { S: 'aGk=' },
      body: { B: new Uint8Array([0, 255, 10]) },
    };
    await dynamodb.send(new PutItemCommand({ TableName: tableName, Item: item }));
    const key = { pk: item.pk, sk: item.sk };
    const { Item: read } = await dynamodb.send(new GetItemCommand({ TableName: tableName, Key: key }));
    expect(read).toEqual(item);
  });

  test('carries moments both ways', async () => {
    const inputs: object[] = [];
    const createdAt = new Date('2026-01-02T03:04:05.678Z');
    const ecs = clientOf(
      'ecs',
      await openWire({
        ecs: (_operation, input) => {
          inputs.push(input);
          return { serviceDeployments: [{ createdAt }] };
        },
      }),
    );
    const answer = await ecs.send(
      new ListServiceDeploymentsCommand({ service: 'web', createdAt: { after: createdAt, before: createdAt } }),
    );
    expect(answer.serviceDeployments?.[0]?.createdAt).toEqual(createdAt);
    expect(inputs).toEqual([{ service: 'web', createdAt: { after: createdAt, before: createdAt } }]);
  });

  test('answers what people ask first', async () => {
    const { emulation } = await emulateEcs();
    const ecs = clientOf('ecs', await openWire(emulation.answers));
    const cluster = (name: string): string => `arn:aws:ecs:us-east-1:123456789012:cluster/${name}`;
    expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([cluster('skiff'), cluster('other')]);
    await emulation.stop();
  });

  test('carries errors with their names and members', async () => {
    const ecs = clientOf(
      'ecs',
      await openWire({
        ecs: () => {
          throw refusal('ConflictException', { resourceIds: ['a'] });
        },
      }),
    );
    await expect(ecs.send(new DescribeClustersCommand({}))).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'no',
      resourceIds: ['a'],
      $fault: 'client',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
  });

  test('tells the errors of SQS as old tools know them, too', async () => {
    const url = await openWire({
      sqs: () => {
        throw refusal('QueueDoesNotExist');
      },
    });
    const command = new SendMessageCommand({ QueueUrl: `${url}/123456789012/none`, MessageBody: 'x' });
    await expect(clientOf('sqs', url).send(command)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    const response = await call(url, 'AmazonSQS.SendMessage');
    expect(response.headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(await response.json()).toEqual({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no' });
  });

  test('answers 500 to faults of its own, which clients try again', async () => {
    let calls = 0;
    const ecs = clientOf(
      'ecs',
      await openWire({
        ecs: () => {
          calls += 1;
          if (calls === 1) throw new TypeError('broken');
          return { clusters: [] };
        },
      }),
    );
    expect((await ecs.send(new DescribeClustersCommand({}))).clusters).toEqual([]);
    expect(calls).toBe(2);
  });

  test.each([
    ['an operation that is not emulated', 'DynamoDB_20120810.ListTables'],
    ['a service that nobody answers for', 'AmazonSQS.SendMessage'],
    ['a service that it does not know', 'AWSEvents.PutEvents'],
    ['a target that is none', 'constructor'],
    ['a call without a target', undefined],
  ])('refuses %s', async (_what, target) => {
    const response = await call(await openWire({ dynamodb: emulateTable().database.answer }), target);
    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ __type: expect.stringMatching(/\bNotEmulatedError$/) });
  });

  test.each([
    ['not JSON', '{'],
    ['no object', '[]'],
  ])('refuses a body that is %s', async (_what, body) => {
    const url = await openWire({ dynamodb: emulateTable().database.answer });
    const response = await call(url, 'DynamoDB_20120810.GetItem', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/#SerializationException$/);
  });

  test('refuses a body that is larger than any service takes', async () => {
    const url = await openWire({ dynamodb: emulateTable().database.answer });
    const response = await call(url, 'DynamoDB_20120810.GetItem', `{"a":"${'x'.repeat(16 * 1024 * 1024)}"}`);
    expect(response.status).toBe(413);
  });
});
