import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK clients of Skiff's own state: its objects and its work. */
export interface StateClients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
}

export interface StateClientOptions {
  readonly region: string;
  /** Called with each client as it is made: where the doubles put their middleware. */
  readonly prepare?: (service: keyof StateClients, client: StateClients[keyof StateClients]) => void;
}

/** Makes the clients. Credentials and endpoints come from the environment, as the SDK documents. */
export function makeStateClients(options: StateClientOptions): StateClients {
  const clients: StateClients = {
    dynamodb: new DynamoDBClient({ region: options.region }),
    sqs: new SQSClient({ region: options.region }),
  };
  for (const [service, client] of Object.entries(clients)) options.prepare?.(service as keyof StateClients, client);
  return clients;
}
