import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { isMadeFor, type Ownership } from '../../translate/ownership.ts';
import type { SecretPlan } from '../../translate/secret.ts';
import type { Clients } from '../clients.ts';
import { contentHash } from '../content-hash.ts';
import { isNamed, whileDoing } from '../errors.ts';

type SecretsManager = Pick<Clients, 'secretsmanager'>;

/**
 * How long a deleted secret can be had back: Secrets Manager's least. It costs nothing in that time, and is what a
 * revision that comes again meanwhile needs.
 */
const recoveryWindowInDays = 7;

/** What creates a secret. The token is of the name, which says the content: a repeated call makes no other version. */
export const secretCreation = (plan: SecretPlan): SecretPlan & { readonly ClientRequestToken: string } => ({
  ...plan,
  ClientRequestToken: contentHash({ secret: plan.Name }),
});

/**
 * Makes sure that a secret is there, and answers its ARN. Its name stands for its content, so that one that is there
 * already is the one; one that waits for its deletion is restored.
 */
export async function ensureSecret(aws: SecretsManager, plan: SecretPlan): Promise<string> {
  return whileDoing(`keeping secret ${plan.Name}`, async () => {
    const created = await create(aws, plan);
    const arn = created ?? (await present(aws, plan.Name));
    if (arn === undefined) throw new Error('Secrets Manager answered without an ARN');
    return arn;
  });
}

/** Undefined when there is one of this name. */
async function create({ secretsmanager }: SecretsManager, plan: SecretPlan): Promise<string | undefined> {
  try {
    return (await secretsmanager.send(new CreateSecretCommand(secretCreation(plan)))).ARN;
  } catch (error) {
    // InvalidRequestException: it waits for its deletion.
    if (isNamed(error, 'ResourceExistsException', 'InvalidRequestException')) return undefined;
    throw error;
  }
}

async function present({ secretsmanager }: SecretsManager, SecretId: string): Promise<string | undefined> {
  const { ARN, DeletedDate } = await secretsmanager.send(new DescribeSecretCommand({ SecretId }));
  if (DeletedDate === undefined) return ARN;
  return (await secretsmanager.send(new RestoreSecretCommand({ SecretId }))).ARN;
}

/**
 * A secret that is there and was made for one of these objects. It is looked for before it is changed: what is missing has
 * no tags, and IAM allows a change only by these, so that it would be refused and not told missing.
 */
async function look(
  { secretsmanager }: SecretsManager,
  SecretId: string,
  ownership: Ownership,
): Promise<{ readonly isDeleted: boolean } | undefined> {
  try {
    const { DeletedDate, Tags = [] } = await secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    const tags = Tags.map(({ Key: key, Value: value }) => ({ key, value }));
    return isMadeFor(tags, ownership) ? { isDeleted: DeletedDate !== undefined } : undefined;
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/**
 * Deletes a secret that was made for one of these objects, to be had back for seven days. One that is not there (any more)
 * is no error, and another object's is left alone.
 */
export async function deleteSecret(aws: SecretsManager, name: string, ownership: Ownership): Promise<void> {
  await whileDoing(`deleting secret ${name}`, async () => {
    const found = await look(aws, name, ownership);
    if (found === undefined || found.isDeleted) return;
    try {
      await aws.secretsmanager.send(
        new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: recoveryWindowInDays }),
      );
    } catch (error) {
      // InvalidRequestException: it waits for its deletion already.
      if (!isNamed(error, 'ResourceNotFoundException', 'InvalidRequestException')) throw error;
    }
  });
}

/** Takes a deletion back. One that is not to be deleted stays as it is, and one that is not there is no error. */
export async function restoreSecret(aws: SecretsManager, name: string, ownership: Ownership): Promise<void> {
  await whileDoing(`restoring secret ${name}`, async () => {
    const found = await look(aws, name, ownership);
    if (found?.isDeleted !== true) return;
    await aws.secretsmanager.send(new RestoreSecretCommand({ SecretId: name }));
  });
}
