import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { refuseOthers, requireSecretId } from './check-input.ts';
import { invalidParameter, markedForDeletion } from './errors.ts';
import type { SecretsWorld } from './world.ts';

const dayMilliseconds = 86_400_000;
const leastDays = 7;
const mostDays = 30;

type DeleteInput = OperationInput<'secretsmanager', 'DeleteSecret'>;
type DeleteOutput = Omit<OperationOutput<'secretsmanager', 'DeleteSecret'>, '$metadata'>;

/** Marks a secret: it goes at the end of the recovery window, 30 days unless the request says less. */
export function deleteSecret(world: SecretsWorld, input: DeleteInput): DeleteOutput {
  const id = requireSecretId(input.SecretId);
  refuseOthers('DeleteSecret', input, ['SecretId', 'RecoveryWindowInDays']);
  const days = input.RecoveryWindowInDays ?? mostDays;
  if (!Number.isInteger(days) || days < leastDays || days > mostDays) {
    throw invalidParameter(
      `The RecoveryWindowInDays value must be between ${leastDays} and ${mostDays} days (inclusive).`,
    );
  }
  const secret = world.secrets.find(id);
  if (secret.deletedAt !== undefined) throw markedForDeletion();
  const deletedAt = world.clock.now();
  const goesAt = deletedAt + days * dayMilliseconds;
  world.secrets.set({ ...secret, deletedAt, goesAt });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(goesAt) };
}

type RestoreInput = OperationInput<'secretsmanager', 'RestoreSecret'>;
type RestoreOutput = Omit<OperationOutput<'secretsmanager', 'RestoreSecret'>, '$metadata'>;

/** Takes a deletion back; a secret that is not to be deleted stays as it is. */
export function restoreSecret(world: SecretsWorld, input: RestoreInput): RestoreOutput {
  const id = requireSecretId(input.SecretId);
  refuseOthers('RestoreSecret', input, ['SecretId']);
  const { deletedAt, goesAt: _, ...secret } = world.secrets.find(id);
  if (deletedAt !== undefined) world.secrets.set(secret);
  return { ARN: secret.arn, Name: secret.name };
}
