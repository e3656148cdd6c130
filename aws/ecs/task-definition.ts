import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { isMadeFor, type Ownership } from '../../translate/ownership.ts';
import type { TaskDefinitionPlan } from '../../translate/plan.ts';
import { tagKeys } from '../../translate/tags.ts';
import type { Clients } from '../clients.ts';
import { contentHash } from '../content-hash.ts';
import { awsFailure, isNamed, NotOursError, whileDoing } from '../errors.ts';

export interface RegisteredTaskDefinition {
  readonly arn: string;
  /** Of all that was registered: the tag `skiff.dev/hash`. */
  readonly hash: string;
}

/** How many revisions back an equal one is looked for: as far as a rollback usually goes. */
const revisionsLookedAt = 5;

/**
 * Registers a task definition unless one of the newest active revisions of its family was registered from the same plan:
 * registering is not idempotent by itself, and one of the scarcest calls (one a second).
 */
export async function registerTaskDefinition(
  aws: Pick<Clients, 'ecs'>,
  plan: TaskDefinitionPlan,
): Promise<RegisteredTaskDefinition> {
  const hash = contentHash(plan);
  return whileDoing(`registering task definition ${plan.family}`, async () => {
    const known = await findByHash(aws, plan.family, hash);
    if (known !== undefined) return { arn: known, hash };
    const { taskDefinition } = await aws.ecs.send(new RegisterTaskDefinitionCommand(registration(plan)));
    if (taskDefinition?.taskDefinitionArn === undefined) throw new Error('ECS answered without an ARN');
    return { arn: taskDefinition.taskDefinitionArn, hash };
  });
}

/** What registers a plan: with the hash by which it is found again. */
export const registration = (plan: TaskDefinitionPlan): TaskDefinitionPlan => ({
  ...plan,
  tags: [...plan.tags, { key: tagKeys.hash, value: contentHash(plan) }],
});

async function findByHash(aws: Pick<Clients, 'ecs'>, family: string, hash: string): Promise<string | undefined> {
  // `familyPrefix` is the whole name of the family, whatever it is called (SDK, ListTaskDefinitionsRequest).
  const { taskDefinitionArns = [] } = await aws.ecs.send(
    new ListTaskDefinitionsCommand({
      familyPrefix: family,
      status: 'ACTIVE',
      sort: 'DESC',
      maxResults: revisionsLookedAt,
    }),
  );
  for (const taskDefinition of taskDefinitionArns.slice(0, revisionsLookedAt)) {
    const { tags = [] } = await aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
    if (tags.some((tag) => tag.key === tagKeys.hash && tag.value === hash)) return taskDefinition;
  }
  return undefined;
}

/** Throws NotOursError unless a task definition was registered for one of these objects: what it names is run with its secrets. */
export async function requireOwnDefinition(
  aws: Pick<Clients, 'ecs'>,
  arn: string,
  ownership: Ownership,
): Promise<void> {
  const { tags = [] } = await aws.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
  );
  if (!isMadeFor(tags, ownership)) throw new NotOursError(`task definition ${arn}`);
}

/**
 * Makes a revision inactive, if it was registered for one of these objects. Services that use it go on. One that is not
 * there (any more) is no error. Looks first: removal is repeated until it is certain, and deregistering shares the scarce
 * rate of registering.
 */
export async function deregisterTaskDefinition(
  aws: Pick<Clients, 'ecs'>,
  arn: string,
  ownership: Ownership,
): Promise<void> {
  try {
    const { taskDefinition, tags = [] } = await aws.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
    );
    if (taskDefinition?.status === 'INACTIVE' || !isMadeFor(tags, ownership)) return;
    await aws.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
  } catch (error) {
    // ECS answers ClientException for a revision that it does not have, and InvalidParameterException for an inactive one.
    if (awsFailure(error) === 'not-found' || isNamed(error, 'ClientException', 'InvalidParameterException')) return;
    throw error;
  }
}
