import { DescribeTasksCommand, ListTasksCommand, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { parseEcsTask, type EcsTask } from '../../translate/ecs-state.ts';
import { isMadeFor, ownershipOf, type Ownership } from '../../translate/ownership.ts';
import type { RunTaskPlan } from '../../translate/plan.ts';
import { allPages, batches } from '../batch.ts';
import type { Clients } from '../clients.ts';
import { isNamed, NotOursError, whileDoing } from '../errors.ts';
import { requireOwnDefinition } from './task-definition.ts';

type Ecs = Pick<Clients, 'ecs'>;

/** DescribeTasks takes a hundred tasks a call, and StopTask a reason of so many characters. */
const describedAtOnce = 100;
const longestReason = 255;

/**
 * Whose tasks. ECS takes `startedBy` only as the only filter, and so would tell of running tasks alone: name the family of
 * their task definitions as well to have the stopped ones.
 */
export type TaskSelector = { readonly serviceName: string } | { readonly startedBy: string; readonly family?: string };

/**
 * Tasks, running ones and those that ECS still knows of the stopped ones (an hour at least), and those that are `known`
 * to be among them, whoever has started them.
 */
export async function observeTasks(
  aws: Ecs,
  cluster: string,
  { known = [], ...selector }: TaskSelector & { readonly known?: readonly string[] },
): Promise<EcsTask[]> {
  const arns = new Set(known);
  for (const filter of filters(selector)) {
    for (const arn of await listTasks(aws, cluster, filter)) arns.add(arn);
  }
  const tasks = await describeTasks(aws, cluster, [...arns]);
  if (!('startedBy' in selector)) return tasks;
  return tasks.filter((task) => task.startedBy === selector.startedBy || known.includes(task.taskArn));
}

/** ARNs of the tasks that a filter lets through; of those that are to run unless it says otherwise. */
export const listTasks = (aws: Ecs, cluster: string, filter: Filter): Promise<string[]> =>
  allPages(async (nextToken) => {
    const page = await aws.ecs.send(new ListTasksCommand({ cluster, ...filter, nextToken }));
    return { items: page.taskArns ?? [], next: page.nextToken };
  });

type Filter = Pick<ListTasksCommand['input'], 'serviceName' | 'startedBy' | 'family' | 'desiredStatus'>;

function filters(selector: TaskSelector): readonly Filter[] {
  const both = (filter: Filter): readonly Filter[] => [
    { ...filter, desiredStatus: 'RUNNING' },
    { ...filter, desiredStatus: 'STOPPED' },
  ];
  if ('serviceName' in selector) return both({ serviceName: selector.serviceName });
  if (selector.family !== undefined) return both({ family: selector.family });
  return [{ startedBy: selector.startedBy }];
}

/** Tasks by ARN or id, in batches; those that ECS does not know (any more) are left out. */
export async function describeTasks(aws: Ecs, cluster: string, tasks: readonly string[]): Promise<EcsTask[]> {
  const described: EcsTask[] = [];
  for (const batch of batches(tasks, describedAtOnce)) {
    const answer = await aws.ecs.send(new DescribeTasksCommand({ cluster, tasks: batch, include: ['TAGS'] }));
    described.push(...(answer.tasks ?? []).flatMap((task) => parseEcsTask(task) ?? []));
  }
  return described;
}

/** A task, or why ECS started none: it answers 200 then, with `failures`. */
export type RunTaskResult = { readonly task: EcsTask } | { readonly failure: string };

/**
 * Starts one task. The plan's client token makes a repeated call answer the same task. Throws NotOursError when the task
 * definition was not registered for the object that the task is for.
 */
export async function runTask(aws: Ecs, plan: RunTaskPlan): Promise<RunTaskResult> {
  return whileDoing(`running a task for ${plan.startedBy}`, async () => {
    await requireOwnDefinition(aws, plan.taskDefinition, ownershipOf(plan.tags));
    const { tasks, failures } = await aws.ecs.send(new RunTaskCommand(plan));
    const task = parseEcsTask(tasks?.[0]);
    if (task !== undefined) return { task };
    const [failure] = failures ?? [];
    const parts = [failure?.reason, failure?.detail].filter((part) => part !== undefined);
    return { failure: parts.length === 0 ? 'ECS started no task' : parts.join(': ') };
  });
}

export interface StopRequest {
  readonly cluster: string;
  /** As DescribeTasks shows it. */
  readonly task: Pick<EcsTask, 'taskArn' | 'tags'>;
  readonly ownership: Ownership;
  readonly reason: string;
}

/** Asks a task to stop. `gone`: ECS does not know it, or it has stopped. Throws NotOursError when it is another object's. */
export async function stopTask(aws: Ecs, request: StopRequest): Promise<'stopping' | 'gone'> {
  const { cluster, ownership } = request;
  const task = request.task.taskArn;
  if (!isMadeFor(request.task.tags, ownership)) throw new NotOursError(`task ${task}`);
  try {
    await aws.ecs.send(new StopTaskCommand({ cluster, task, reason: request.reason.slice(0, longestReason) }));
    return 'stopping';
  } catch (error) {
    // A task that is not there is a wrong parameter to ECS, and so are other things.
    if (!isNamed(error, 'InvalidParameterException')) throw error;
    const [found] = await describeTasks(aws, cluster, [task]);
    if (found !== undefined && found.lastStatus !== 'STOPPED') throw error;
    return 'gone';
  }
}
