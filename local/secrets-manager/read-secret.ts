import type { GetSecretValueCommandInput, GetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';
import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { refuseOthers, requireSecretId } from './check-input.ts';
import { markedForDeletion, versionNotFound } from './errors.ts';
import type { SecretsWorld } from './world.ts';

type DescribeInput = OperationInput<'secretsmanager', 'DescribeSecret'>;
type DescribeOutput = Omit<OperationOutput<'secretsmanager', 'DescribeSecret'>, '$metadata'>;

/** The one stage that a secret has whose value is never changed. */
const current = 'AWSCURRENT';

/** All but the value, of deleted secrets too. */
export function describeSecret(world: SecretsWorld, input: DescribeInput): DescribeOutput {
  const id = requireSecretId(input.SecretId);
  refuseOthers('DescribeSecret', input, ['SecretId']);
  const secret = world.secrets.find(id);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.deletedAt ?? secret.createdAt),
    ...(secret.deletedAt === undefined ? {} : { DeletedDate: new Date(secret.deletedAt) }),
    Tags: [...secret.tags],
    VersionIdsToStages: { [secret.versionId]: [current] },
  };
}

/** What ECS asks for on behalf of a task, and people with the aws CLI. Deleted secrets have no value. */
export function getSecretValue(
  world: SecretsWorld,
  input: GetSecretValueCommandInput,
): Omit<GetSecretValueCommandOutput, '$metadata'> {
  const id = requireSecretId(input.SecretId);
  const secret = world.secrets.find(id);
  if (secret.deletedAt !== undefined) throw markedForDeletion();
  const { VersionId: version = secret.versionId, VersionStage: stage = current } = input;
  if (version !== secret.versionId || stage !== current) throw versionNotFound(stage);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: secret.versionId,
    SecretString: secret.value,
    VersionStages: [current],
    CreatedDate: new Date(secret.createdAt),
  };
}
