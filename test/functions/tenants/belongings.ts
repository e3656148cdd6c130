import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Clients } from '../../../aws/clients.ts';
import { listRecords } from '../../../functions/read-objects.ts';
import { resourceOf } from '../../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { kinds } from '../../../kubernetes/registry.ts';
import type { Store } from '../../../kubernetes/store/store.ts';
import { ownerOfTags } from '../../../translate/tags.ts';

const cluster = 'skiff';

/** What a namespace has in AWS, as far as its tenant would notice a change. */
export interface Resources {
  readonly services: readonly Readonly<Record<string, unknown>>[];
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  readonly definitions: readonly string[];
  /** By ARN: whether it waits for its deletion. */
  readonly secrets: Readonly<Record<string, boolean>>;
}

interface Tagged {
  readonly tags?: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined;
}

const isOf =
  (namespace: string) =>
  ({ tags = [] }: Tagged): boolean =>
    ownerOfTags(tags)?.namespace === namespace;

/** What is tagged with a namespace and not gone. Secrets are those that its task definitions name. */
export async function resourcesOf({ ecs, secretsmanager }: Clients, namespace: string): Promise<Resources> {
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }));
  const services = await each(
    serviceArns,
    async (arn) =>
      (await ecs.send(new DescribeServicesCommand({ cluster, services: [arn], include: ['TAGS'] }))).services ?? [],
  );
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
  const tasks = await each(
    taskArns,
    async (arn) => (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn], include: ['TAGS'] }))).tasks ?? [],
  );
  const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({ status: 'ACTIVE' }));
  const definitions = await each(taskDefinitionArns, async (taskDefinition) => [
    await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
  ]);
  const own = definitions.filter(isOf(namespace));
  const secrets = [...new Set(own.flatMap(({ taskDefinition }) => secretsIn(JSON.stringify(taskDefinition))))];
  return {
    services: services
      .filter(isOf(namespace))
      .map(({ serviceArn, status, desiredCount, runningCount, taskDefinition, deployments = [] }) => ({
        serviceArn,
        status,
        desiredCount,
        runningCount,
        taskDefinition,
        deployments: deployments.map(({ id }) => id),
      })),
    tasks: tasks
      .filter(isOf(namespace))
      .map(({ taskArn, lastStatus, desiredStatus, taskDefinitionArn, containers = [] }) => ({
        taskArn,
        lastStatus,
        desiredStatus,
        taskDefinitionArn,
        containers: containers.map(({ runtimeId }) => runtimeId),
      })),
    definitions: own.map(({ taskDefinition }) => taskDefinition?.taskDefinitionArn ?? ''),
    secrets: Object.fromEntries(
      await each(secrets, async (SecretId) => [[SecretId, await isMarked({ secretsmanager }, SecretId)] as const]),
    ),
  };
}

/** Whether a secret is gone, or waits for its deletion. */
export async function isMarked(
  { secretsmanager }: Pick<Clients, 'secretsmanager'>,
  SecretId: string,
): Promise<boolean> {
  try {
    const { DeletedDate } = await secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    return DeletedDate !== undefined;
  } catch {
    return true;
  }
}

const secretsIn = (text: string): string[] => text.match(/arn:aws:secretsmanager:[^:]+:\d+:secret:[^":]+/g) ?? [];

const each = async <T, U>(items: readonly T[], read: (item: T) => Promise<readonly U[]>): Promise<U[]> => {
  const all: U[] = [];
  for (const item of items) all.push(...(await read(item)));
  return all;
};

/** All objects of a namespace but its Events. */
export async function objectsOf(store: Store, namespace: string): Promise<KubernetesObject[]> {
  const all = await each(kinds, async (kind) =>
    kind.namespaced && kind.kind !== 'Event' ? listRecords(store, resourceOf(kind), { namespace }) : [],
  );
  return all.map((record) => record.parse());
}

/** An object without what changes by a look at it: its revision, and what Skiff notes for itself. */
export function comparable({ metadata, ...object }: KubernetesObject): object {
  const { resourceVersion: _, annotations = {}, ...rest } = metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith('skiff.dev/'));
  const name = `${object.kind} ${metadata.name ?? ''}`;
  return { [name]: { ...object, metadata: { ...rest, annotations: Object.fromEntries(kept) } } };
}
