import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { isLimited, type RateLimiter } from './rate.ts';

/** The SDK clients of what workloads run on. Those of Skiff's own state are in state-clients.ts: local mode loads none of them. */
export interface Clients {
  readonly ecs: ECSClient;
  readonly secretsmanager: SecretsManagerClient;
}

export interface ClientOptions {
  readonly region: string;
  /** Every call of ECS takes a token of it first. Absent where nobody counts: in front of an emulation that has no limits. */
  readonly limiter?: RateLimiter;
  /** Called with each client as it is made: where local mode puts its middleware. */
  readonly prepare?: (service: keyof Clients, client: Clients[keyof Clients]) => void;
}

/** Makes the clients. Credentials and endpoints come from the environment, as the SDK documents. */
export function makeClients(options: ClientOptions): Clients {
  const clients: Clients = {
    ecs: new ECSClient({ region: options.region }),
    secretsmanager: new SecretsManagerClient({ region: options.region }),
  };
  if (options.limiter !== undefined) limit(clients.ecs, options.limiter);
  for (const [service, client] of Object.entries(clients)) options.prepare?.(service as keyof Clients, client);
  return clients;
}

/** Ahead of all other steps, and so once a call: the SDK's own retries are few, and wait by a rule of their own. */
function limit(client: ECSClient, limiter: RateLimiter): void {
  client.middlewareStack.add(
    (next, context) => async (call) => {
      const operation = String(context['commandName'] ?? '').replace(/Command$/, '');
      if (isLimited(operation)) await limiter.acquire(operation);
      return next(call);
    },
    { step: 'initialize', priority: 'high', name: 'takeToken' },
  );
}
