import type { Clock } from '../../kubernetes/clock.ts';
import { answerBy, type Handlers } from '../handlers.ts';
import type { Answer } from '../intercept.ts';
import type { Persistence } from '../persistence.ts';
import { createSecret } from './create-secret.ts';
import { deleteSecret, restoreSecret } from './delete-secret.ts';
import { describeSecret, getSecretValue } from './read-secret.ts';
import { type SecretRecord, Secrets } from './state.ts';
import type { SecretsWorld } from './world.ts';

const handlers = {
  CreateSecret: createSecret,
  DeleteSecret: deleteSecret,
  DescribeSecret: describeSecret,
  RestoreSecret: restoreSecret,
} satisfies Handlers<SecretsWorld, 'secretsmanager'>;

/** All that is answered: also what Skiff never asks, but people do, with the aws CLI. */
const answered = { ...handlers, GetSecretValue: getSecretValue };

export interface SecretsManagerOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly region: string;
  readonly accountId: string;
  newId(): string;
  random(): number;
  readonly persistence: Persistence<SecretRecord> | undefined;
}

export interface SecretsManager {
  readonly answer: Answer;
  /** The value of a secret, for the services that read them for somebody; throws what Secrets Manager answers them. */
  value(id: string): string;
}

/**
 * Secrets Manager in this process: secrets of one version each, which is what Skiff makes. Left out: new versions and
 * rotation, binary values, keys of one's own, replication, policies, deletion without a way back.
 */
export function createSecretsManager(options: SecretsManagerOptions): SecretsManager {
  const world: SecretsWorld = {
    secrets: new Secrets(options),
    clock: options.clock,
    region: options.region,
    accountId: options.accountId,
    newId: () => options.newId(),
    random: () => options.random(),
  };
  return {
    answer: (operation, input) => answerBy(answered, { service: 'secretsmanager', operation, world, input }),
    value: (id) => getSecretValue(world, { SecretId: id }).SecretString ?? '',
  };
}
