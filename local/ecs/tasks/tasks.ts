import type { OperationInput, OperationOutput } from '../../../aws/operations.ts';
import { NotEmulatedError } from '../../not-emulated-error.ts';
import { describeTask } from './describe-task.ts';
import { invalidParameter, serviceNotFound, tokenConflict } from '../errors.ts';
import { checkedCapacity, checkedNetwork, checkToken, platformVersion, refuseParts } from '../launch-input.ts';
import { arn, clusterOf, lastPart, taskDefinitionToRun } from '../names.ts';
import { createTask, taskTags } from './new-task.ts';
import { page } from '../pages.ts';
import type { ClusterRecord, TaskDefinitionRecord, TaskRecord } from '../state.ts';
import { checkedTags } from '../tag-rules.ts';
import { checkedOverrides } from './task-overrides.ts';
import { keepToken, tokenKey, tokenTasks } from './task-tokens.ts';
import type { View, World } from '../world.ts';

type Operation = 'RunTask' | 'StopTask' | 'ListTasks' | 'DescribeTasks';
type Output<Op extends Operation> = Omit<OperationOutput<'ecs', Op>, '$metadata'>;
type RunTaskInput = OperationInput<'ecs', 'RunTask'>;

/** Starts up to ten tasks. A client token makes it safe to repeat: the same call answers the same tasks. */
export function runTask(world: World, input: RunTaskInput): Output<'RunTask'> {
  const cluster = clusterOf(world.state, input.cluster);
  checkToken(input.clientToken, 64);
  const fingerprint = JSON.stringify({ ...input, clientToken: undefined });
  const known = tokenTasks(world, cluster.name, input.clientToken);
  if (known !== undefined && known.fingerprint !== fingerprint) throw tokenConflict(known.tasks);
  const tasks = known === undefined ? startTasks(world, cluster, input) : described(world, known.tasks);
  if (known === undefined && input.clientToken !== undefined)
    keepToken(world, {
      key: tokenKey(cluster.name, input.clientToken),
      createdAt: world.clock.now(),
      fingerprint,
      tasks: tasks.map((task) => task.arn),
    });
  return { tasks: tasks.map((task) => ({ ...describeTask(world, task), tags: task.tags })), failures: [] };
}

const described = (world: World, arns: readonly string[]): TaskRecord[] =>
  arns.map((each) => world.state.tasks.get(each)).filter((task) => task !== undefined);

function startTasks(world: World, cluster: ClusterRecord, input: RunTaskInput): TaskRecord[] {
  refuseParts(input, ['volumeConfigurations']);
  const count = input.count ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 10)
    throw invalidParameter('Number of tasks must be between 1 and 10.');
  if (input.propagateTags === 'SERVICE') throw invalidParameter('propagateTags SERVICE is not supported for RunTask.');
  if (!/^[A-Za-z0-9/_-]{0,128}$/.test(input.startedBy ?? ''))
    throw invalidParameter('startedBy must be at most 128 letters, numbers, hyphens, forward slashes and underscores.');
  const definition = taskDefinitionToRun(world.state, input.taskDefinition ?? '', invalidParameter);
  const request = {
    cluster: cluster.name,
    definition,
    group: input.group ?? `family:${definition.content.family}`,
    startedBy: input.startedBy,
    service: undefined,
    capacityProvider: checkedCapacity(input),
    platformVersion: platformVersion(input.platformVersion),
    networkConfiguration: checkedNetwork(input.networkConfiguration),
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    overrides: checkedOverrides(definition, input.overrides),
    tags: runTaskTags(cluster, definition, input),
  };
  const neighbours = [...world.state.tasks.values()]
    .filter((task) => task.group === request.group && task.desiredStatus === 'RUNNING')
    .map((task) => task.availabilityZone);
  return Array.from({ length: count }, () => {
    const task = createTask(world, { ...request, neighbours });
    neighbours.push(task.availabilityZone);
    world.launch(task, definition);
    return task;
  });
}

const runTaskTags = (
  cluster: ClusterRecord,
  definition: TaskDefinitionRecord,
  input: RunTaskInput,
): TaskRecord['tags'] =>
  taskTags({
    own: checkedTags(input.tags),
    propagated: input.propagateTags === 'TASK_DEFINITION' ? definition.tags : [],
    managed: input.enableECSManagedTags === true ? { 'aws:ecs:clusterName': cluster.name } : {},
  });

/** Stopping a task that is stopping or has stopped changes nothing. */
export function stopTask(world: World, input: OperationInput<'ecs', 'StopTask'>): Output<'StopTask'> {
  const cluster = clusterOf(world.state, input.cluster);
  const task = world.state.tasks.get(arn(world, `task/${cluster.name}/${lastPart(input.task ?? '')}`));
  if (task === undefined) throw invalidParameter('The referenced task was not found.');
  world.stopTask(task, { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user' });
  return { task: { ...describeTask(world, task), tags: task.tags } };
}

export function listTasks(view: View, input: OperationInput<'ecs', 'ListTasks'>): Output<'ListTasks'> {
  const cluster = clusterOf(view.state, input.cluster);
  const { family, serviceName, startedBy, launchType } = input;
  if (input.containerInstance !== undefined || input.daemonName !== undefined)
    throw new NotEmulatedError('container instances and daemons');
  if (startedBy !== undefined && (family ?? serviceName ?? launchType) !== undefined)
    throw invalidParameter('startedBy must be the only filter.');
  const service = serviceName === undefined ? undefined : arn(view, `service/${cluster.name}/${lastPart(serviceName)}`);
  if (service !== undefined && !view.state.services.has(service)) throw serviceNotFound();
  const desired = input.desiredStatus ?? 'RUNNING';
  const matches = (task: TaskRecord): boolean =>
    task.cluster === cluster.name &&
    task.desiredStatus === desired &&
    (service === undefined || task.service === service) &&
    (startedBy === undefined || task.startedBy === startedBy) &&
    (family === undefined || familyOf(task) === family) &&
    (launchType === undefined || launchType === 'FARGATE');
  const found = [...view.state.tasks.values()].filter(matches).map((task) => task.arn);
  const { items, ...rest } = page(found, input, { standard: 100, maximum: 100 });
  return { taskArns: items, ...rest };
}

const familyOf = (task: TaskRecord): string => lastPart(task.taskDefinition).replace(/:\d+$/, '');

export function describeTasks(view: View, input: OperationInput<'ecs', 'DescribeTasks'>): Output<'DescribeTasks'> {
  const cluster = clusterOf(view.state, input.cluster);
  const asked = input.tasks ?? [];
  if (asked.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (asked.length > 100) throw invalidParameter('Tasks can not exceed 100.');
  const answers = asked.map((each) => {
    const wanted = arn(view, `task/${cluster.name}/${lastPart(each)}`);
    return { wanted, found: view.state.tasks.get(wanted) };
  });
  const withTags = input.include?.includes('TAGS') === true;
  return {
    tasks: answers.flatMap(({ found }) =>
      found === undefined ? [] : [{ ...describeTask(view, found), tags: withTags ? found.tags : [] }],
    ),
    failures: answers
      .filter(({ found }) => found === undefined)
      .map(({ wanted }) => ({ arn: wanted, reason: 'MISSING' })),
  };
}
