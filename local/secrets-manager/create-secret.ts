import type { Tag } from '@aws-sdk/client-secrets-manager';
import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { checkName, checkText, refuseOthers, requireText } from './check-input.ts';
import { invalidParameter, invalidValue, scheduledForDeletion, secretExists } from './errors.ts';
import type { SecretRecord } from './state.ts';
import type { SecretsWorld } from './world.ts';

type Input = OperationInput<'secretsmanager', 'CreateSecret'>;
type Output = Omit<OperationOutput<'secretsmanager', 'CreateSecret'>, '$metadata'>;

const known = ['Name', 'ClientRequestToken', 'Description', 'SecretString', 'Tags'];
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const mostBytes = 65_536;
const mostTags = 50;

/** Makes a secret. The same request again answers the same secret. */
export function createSecret(world: SecretsWorld, input: Input): Output {
  const name = requireText('name', input.Name, { least: 1, most: 512 });
  check(input, name);
  const before = world.secrets.get(name);
  if (before?.deletedAt !== undefined) throw scheduledForDeletion();
  if (before !== undefined) {
    if (before.versionId !== input.ClientRequestToken || before.value !== input.SecretString) throw secretExists(name);
    return answer(before);
  }
  const made = make(world, { ...input, Name: name });
  world.secrets.set(made);
  return answer(made);
}

const answer = ({ arn, name, versionId }: SecretRecord): Output => ({ ARN: arn, Name: name, VersionId: versionId });

function make(world: SecretsWorld, input: Input & { readonly Name: string }): SecretRecord {
  const { Name: name, Description: description } = input;
  const place = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret`;
  return {
    arn: `${place}:${name}-${suffix(world)}`,
    name,
    ...(description === undefined ? {} : { description }),
    tags: input.Tags ?? [],
    value: input.SecretString ?? '',
    versionId: input.ClientRequestToken ?? world.newId(),
    createdAt: world.clock.now(),
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** So that who may read a secret may not read another one of the same name that is made later. */
const suffix = (world: SecretsWorld): string =>
  Array.from({ length: 6 }, () => letters.charAt(Math.floor(world.random() * letters.length))).join('');

function check(input: Input, name: string): void {
  refuseOthers('CreateSecret', input, known);
  checkName(name);
  checkText('clientRequestToken', input.ClientRequestToken, { least: 32, most: 64 });
  checkText('description', input.Description, { least: 0, most: 2048 });
  checkText('secretString', input.SecretString, { least: 1, most: mostBytes });
  if (input.SecretString === undefined) throw invalidParameter('You must provide either SecretString or SecretBinary.');
  if (Buffer.byteLength(input.SecretString) > mostBytes) {
    throw invalidValue('secretString', `Member must have length less than or equal to ${mostBytes}`);
  }
  checkTags(input.Tags ?? []);
}

function checkTags(tags: readonly Tag[]): void {
  if (tags.length > mostTags) throw invalidParameter(`The maximum number of tags is ${mostTags}.`);
  for (const { Key, Value } of tags) {
    requireText('tags.member.key', Key, { least: 1, most: 128 });
    checkText('tags.member.value', Value, { least: 0, most: 256 });
  }
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw invalidParameter('Duplicate tag keys were found.');
}
