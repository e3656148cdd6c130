import type { OperationInput, OperationOutput } from '../../../aws/operations.ts';
import { invalidParameter } from '../errors.ts';
import { arn, clusterOf, lastPart } from '../names.ts';
import type { World } from '../world.ts';

const standardMinutes = 120;
const mostMinutes = 2880;

/** Protects tasks of services from being stopped by scaling in and by deployments, or takes that back. */
export function updateTaskProtection(
  world: World,
  input: OperationInput<'ecs', 'UpdateTaskProtection'>,
): Omit<OperationOutput<'ecs', 'UpdateTaskProtection'>, '$metadata'> {
  const cluster = clusterOf(world.state, input.cluster);
  const asked = input.tasks ?? [];
  const minutes = input.expiresInMinutes ?? standardMinutes;
  if (asked.length === 0 || asked.length > 10) throw invalidParameter('tasks must have between 1 and 10 items.');
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > mostMinutes)
    throw invalidParameter(`expiresInMinutes must be between 1 and ${mostMinutes}.`);
  const enabled = input.protectionEnabled === true;
  const until = world.clock.now() + minutes * 60_000;
  const answers = asked.map((each) => {
    const wanted = arn(world, `task/${cluster.name}/${lastPart(each)}`);
    const task = world.state.tasks.get(wanted);
    const can = task?.service !== undefined && task.desiredStatus === 'RUNNING';
    if (!can) return { wanted, reason: task === undefined ? 'MISSING' : 'TASK_NOT_VALID' };
    if (enabled) task.protectedUntil = until;
    else delete task.protectedUntil;
    world.changed('tasks', task);
    world.schedule(task.service);
    return { wanted, reason: undefined };
  });
  return {
    protectedTasks: answers
      .filter(({ reason }) => reason === undefined)
      .map(({ wanted }) => ({
        taskArn: wanted,
        protectionEnabled: enabled,
        ...(enabled ? { expirationDate: new Date(until) } : {}),
      })),
    failures: answers.flatMap(({ wanted, reason }) => (reason === undefined ? [] : [{ arn: wanted, reason }])),
  };
}
