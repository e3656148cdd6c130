import type { ContainerDefinition, RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import type { OperationInput, OperationOutput } from '../../../aws/operations.ts';
import { NotEmulatedError } from '../../not-emulated-error.ts';
import { clientError, invalidParameter } from '../errors.ts';
import { cpuUnits, memoryMiB } from './fargate-sizes.ts';
import { arn, findTaskDefinition, lastPart } from '../names.ts';
import { page } from '../pages.ts';
import type { EcsState, TaskDefinitionRecord } from '../state.ts';
import { checkedTags } from '../tag-rules.ts';
import { taskDefinitionProblem } from './task-definition-rules.ts';
import type { View, World } from '../world.ts';

type Operation =
  | 'RegisterTaskDefinition'
  | 'DeregisterTaskDefinition'
  | 'DescribeTaskDefinition'
  | 'ListTaskDefinitions';
type Output<Op extends Operation> = Omit<OperationOutput<'ecs', Op>, '$metadata'>;

/** Every call makes another revision, even when nothing is different; a refused one uses up no number. */
export function registerTaskDefinition(
  world: World,
  input: OperationInput<'ecs', 'RegisterTaskDefinition'>,
): Output<'RegisterTaskDefinition'> {
  if (!(input.requiresCompatibilities ?? []).includes('FARGATE'))
    throw new NotEmulatedError('task definitions that do not require FARGATE');
  const { tags: given, ...request } = input;
  const problem = taskDefinitionProblem(request);
  if (problem !== undefined) throw clientError(problem);
  const tags = checkedTags(given);
  const family = request.family ?? '';
  const revisions = world.state.taskDefinitions.get(family) ?? [];
  const revision = revisions.length + 1;
  const record: TaskDefinitionRecord = {
    arn: arn(world, `task-definition/${family}:${revision}`),
    revision,
    content: { ...withDefaults(request), family },
    tags,
    registeredAt: world.clock.now(),
  };
  world.state.taskDefinitions.set(family, [...revisions, record]);
  world.changed('taskDefinitions', record);
  return { taskDefinition: describeTaskDefinitionRecord(record), tags };
}

/** What ECS answers for what was left out. */
const withDefaults = (request: RegisterTaskDefinitionRequest): RegisterTaskDefinitionRequest => ({
  ...request,
  cpu: `${cpuUnits(request.cpu ?? '')}`,
  memory: `${memoryMiB(request.memory ?? '')}`,
  volumes: request.volumes ?? [],
  placementConstraints: request.placementConstraints ?? [],
  containerDefinitions: (request.containerDefinitions ?? []).map(containerWithDefaults),
});

const containerWithDefaults = ({ healthCheck, ...container }: ContainerDefinition): ContainerDefinition => ({
  ...container,
  cpu: container.cpu ?? 0,
  essential: container.essential ?? true,
  environment: container.environment ?? [],
  mountPoints: container.mountPoints ?? [],
  volumesFrom: container.volumesFrom ?? [],
  systemControls: container.systemControls ?? [],
  portMappings: (container.portMappings ?? []).map((mapping) => ({
    ...mapping,
    ...(mapping.containerPort === undefined ? {} : { hostPort: mapping.containerPort }),
    protocol: mapping.protocol ?? 'tcp',
  })),
  ...(healthCheck === undefined ? {} : { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } }),
});

/** Running services go on with it and may even scale; nothing new can be made of it. */
export function deregisterTaskDefinition(
  world: World,
  input: OperationInput<'ecs', 'DeregisterTaskDefinition'>,
): Output<'DeregisterTaskDefinition'> {
  const reference = input.taskDefinition ?? '';
  if (!lastPart(reference).includes(':')) throw invalidParameter('Invalid revision number.');
  const record = findTaskDefinition(world.state, reference);
  if (record === undefined) throw clientError('Unable to describe task definition.');
  record.deregisteredAt ??= world.clock.now();
  world.changed('taskDefinitions', record);
  return { taskDefinition: describeTaskDefinitionRecord(record) };
}

export function describeTaskDefinition(
  { state }: View,
  input: OperationInput<'ecs', 'DescribeTaskDefinition'>,
): Output<'DescribeTaskDefinition'> {
  const record = findTaskDefinition(state, input.taskDefinition ?? '');
  if (record === undefined) throw clientError('Unable to describe task definition.');
  return {
    taskDefinition: describeTaskDefinitionRecord(record),
    ...(input.include?.includes('TAGS') === true ? { tags: record.tags } : {}),
  };
}

/** By family, then revision; despite its name, `familyPrefix` is a whole family. */
export function listTaskDefinitions(
  { state }: View,
  input: OperationInput<'ecs', 'ListTaskDefinitions'>,
): Output<'ListTaskDefinitions'> {
  const status = input.status ?? 'ACTIVE';
  const found = families(state, input.familyPrefix)
    .flatMap((family) => state.taskDefinitions.get(family) ?? [])
    .filter((record) => statusOf(record) === status)
    .map((record) => record.arn);
  const { items, ...rest } = page(input.sort === 'DESC' ? found.toReversed() : found, input, {
    standard: 100,
    maximum: 100,
  });
  return { taskDefinitionArns: items, ...rest };
}

const families = (state: EcsState, only: string | undefined): string[] =>
  only === undefined ? [...state.taskDefinitions.keys()].toSorted() : [only];

const statusOf = (record: TaskDefinitionRecord): 'ACTIVE' | 'INACTIVE' =>
  record.deregisteredAt === undefined ? 'ACTIVE' : 'INACTIVE';

export function describeTaskDefinitionRecord(record: TaskDefinitionRecord): TaskDefinition {
  return {
    ...record.content,
    taskDefinitionArn: record.arn,
    revision: record.revision,
    status: statusOf(record),
    compatibilities: ['EC2', 'FARGATE'],
    requiresAttributes: [],
    registeredAt: new Date(record.registeredAt),
    ...(record.deregisteredAt === undefined ? {} : { deregisteredAt: new Date(record.deregisteredAt) }),
  };
}
