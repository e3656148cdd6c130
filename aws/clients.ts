import { ECSClient } from '@aws-sdk/client-ecs';
import type { ServiceName } from './operations.ts';

/** One SDK client for each service in operations.ts. */
export interface Clients {
  readonly ecs: ECSClient;
}

export interface ClientOptions {
  readonly region: string;
  /** Called with each client as it is made: where local mode puts its middleware. */
  readonly prepare?: (service: ServiceName, client: Clients[ServiceName]) => void;
}

/** The only place that makes SDK clients. Credentials and endpoints come from the environment, as the SDK documents. */
export function makeClients(options: ClientOptions): Clients {
  const clients: Clients = { ecs: new ECSClient({ region: options.region }) };
  for (const [service, client] of Object.entries(clients)) options.prepare?.(service as ServiceName, client);
  return clients;
}
