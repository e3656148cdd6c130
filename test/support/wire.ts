import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import type { ServiceName } from '../../aws/operations.ts';
import { startWire, type WireOptions } from '../../local/wire/wire.ts';

/** What every SDK client wants to have; nobody looks at it. */
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-looked-at' };

const makers = {
  dynamodb: (settings: ClientSettings) => new DynamoDBClient(settings),
  ecs: (settings: ClientSettings) => new ECSClient(settings),
  secretsmanager: (settings: ClientSettings) => new SecretsManagerClient(settings),
  sqs: (settings: ClientSettings) => new SQSClient(settings),
};

interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: typeof credentials;
}

/** The address of a wire that goes when the test ends. */
export async function openWire(answers: WireOptions['answers']): Promise<string> {
  const wire = await startWire({ answers, newId: randomUUID });
  onTestFinished(() => wire.stop());
  return wire.url;
}

/** An SDK client as it comes, which knows of the wire no more than its address. */
export function clientOf<Service extends ServiceName>(
  service: Service,
  endpoint: string,
): ReturnType<(typeof makers)[Service]>;
export function clientOf(service: ServiceName, endpoint: string) {
  const client = makers[service]({ region: 'us-east-1', endpoint, credentials });
  onTestFinished(() => client.destroy());
  return client;
}
