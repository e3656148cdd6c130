import { onTestFinished } from 'vitest';
import { describeDynamoDb } from '../../conformance/dynamodb.ts';
import { ecsConformance } from '../../conformance/ecs.ts';
import { describeSecretsManager } from '../../conformance/secrets-manager.ts';
import { describeSqs } from '../../conformance/sqs.ts';
import { emulateTable, tableName } from '../../support/dynamo.ts';
import { emulateAws, emulateEcs } from '../../support/emulation.ts';
import { emulateSqs } from '../../support/sqs.ts';
import { clientOf, openWire } from '../../support/wire.ts';

ecsConformance(
  'the emulated ECS over the wire',
  async () => {
    const { ecs, emulation } = await emulateEcs();
    onTestFinished(() => emulation.stop());
    return { ...ecs.under, client: clientOf('ecs', await openWire(emulation.answers)) };
  },
  // Rollouts are what goes on behind the wire.
  ['services', 'tasks'],
);

describeDynamoDb('the double over the wire', async () => {
  const url = await openWire({ dynamodb: emulateTable().database.answer });
  return { client: clientOf('dynamodb', url), tableName };
});

describeSecretsManager('the emulation over the wire', async () => {
  const { emulation, clock } = emulateAws();
  const client = clientOf('secretsmanager', await openWire(emulation.answers));
  return { client, pass: (seconds) => clock.advance(seconds * 1000) };
});

const account = 'https://sqs.us-east-1.amazonaws.com/123456789012';
const fifoUrl = `${account}/work.fifo`;
const deadLetterUrl = `${account}/dead.fifo`;
const standardUrl = `${account}/later`;

describeSqs('the double over the wire', async () => {
  const { sqs, clock } = emulateSqs({
    queues: [
      { url: fifoUrl, fifo: true, visibilityTimeoutSeconds: 30, redrive: { maximumReceives: 3, deadLetterUrl } },
      { url: deadLetterUrl, fifo: true, visibilityTimeoutSeconds: 30 },
      { url: standardUrl, fifo: false, visibilityTimeoutSeconds: 30 },
    ],
  });
  return {
    client: clientOf('sqs', await openWire({ sqs: sqs.answer })),
    fifoUrl,
    deadLetterUrl,
    standardUrl,
    pass: (seconds: number) => clock.advance(seconds * 1000),
  };
});
