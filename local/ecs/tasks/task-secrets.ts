import type { ContainerDefinition, KeyValuePair } from '@aws-sdk/client-ecs';
import type { RegistryCredentials } from '../../containers/runtime.ts';

/** What ECS fetches for one container with the task's execution role. */
export interface ContainerSecrets {
  readonly environment: readonly KeyValuePair[];
  readonly credentials: RegistryCredentials | undefined;
}

/** Reads a secret's value; throws as Secrets Manager does. */
export type ReadSecret = (id: string) => string;

/**
 * Fetches what containers refer to in Secrets Manager, as ECS does once for a task, before it starts. Throws an error in
 * ECS's words when something is not to be had; its text names the secret, never a value.
 */
export function fetchSecrets(
  definitions: readonly ContainerDefinition[],
  read: ReadSecret,
): Map<string, ContainerSecrets> {
  return new Map(
    definitions.map((definition) => {
      const parameter = definition.repositoryCredentials?.credentialsParameter;
      const environment = (definition.secrets ?? []).map(({ name, valueFrom = '' }) => ({
        name,
        value: fetched('unable to retrieve secret from asm', valueFrom, read),
      }));
      const credentials = parameter === undefined ? undefined : credentialsIn(parameter, read);
      return [definition.name ?? '', { environment, credentials }];
    }),
  );
}

function credentialsIn(parameter: string, read: ReadSecret): RegistryCredentials {
  const value = parsed(fetched('unable to get registry auth from asm', parameter, read));
  const { username, password } = value ?? {};
  if (typeof username === 'string' && typeof password === 'string') return { username, password };
  throw failure('unable to get registry auth from asm', `${parameter}: the secret has no username and password`);
}

/** `arn:aws:secretsmanager:<region>:<account>:secret:<name>`, and after it the JSON key, the stage and the version. */
const partsOfArn = 7;

function fetched(what: string, reference: string, read: ReadSecret): string {
  const parts = reference.split(':');
  const id = parts.slice(0, partsOfArn).join(':');
  const [key = '', ...version] = parts.slice(partsOfArn);
  if (version.some((part) => part !== '')) throw failure(what, `${reference}: stages and versions are not emulated`);
  const value = readOrFail(what, id, read);
  if (key === '') return value;
  const member = parsed(value)?.[key];
  if (member === undefined)
    throw failure(what, `retrieved secret from Secrets Manager did not contain json key ${key}`);
  return typeof member === 'string' ? member : JSON.stringify(member);
}

function readOrFail(what: string, id: string, read: ReadSecret): string {
  try {
    return read(id);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw failure(
      what,
      `service call has been retried 1 time(s): failed to fetch secret ${id} from secrets manager: ${name}: ${message}`,
    );
  }
}

function parsed(value: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(value);
    return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** https://repost.aws/knowledge-center/ecs-unable-to-pull-secrets has the words. */
const failure = (what: string, why: string): Error =>
  new Error(
    `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${what}: ${why}`,
  );
