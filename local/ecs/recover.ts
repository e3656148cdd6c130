import { findTaskDefinition } from './names.ts';
import type { TaskRecord } from './state.ts';
import { taskChanged } from './tasks/task-events.ts';
import { TaskRun } from './tasks/task-run.ts';
import type { World } from './world.ts';

/**
 * Goes on with the tasks of the process before whose containers have outlived it: answers them, by ARN. The others have
 * ended with it, and their services start new ones.
 */
export function recover(world: World): Map<string, TaskRun> {
  const runs = new Map<string, TaskRun>();
  for (const task of world.state.tasks.values()) {
    const run = adoptIfSound(world, task);
    if (run === undefined) markLost(world, task);
    else runs.set(task.arn, run);
  }
  for (const service of world.state.services.values()) world.schedule(service.arn);
  world.background(world.runtime.removeStrays());
  return runs;
}

/** A task of which the emulation can make nothing is lost, and does not keep the others from going on. */
function adoptIfSound(world: World, task: TaskRecord): TaskRun | undefined {
  try {
    return adopt(world, task);
  } catch (error) {
    world.background(Promise.reject(new Error(`going on with ${task.arn}`, { cause: error })));
    return undefined;
  }
}

function adopt(world: World, task: TaskRecord): TaskRun | undefined {
  const definition = findTaskDefinition(world.state, task.taskDefinition);
  if (definition === undefined || task.lastStatus !== 'RUNNING' || task.desiredStatus !== 'RUNNING') return undefined;
  const digests = Object.fromEntries(
    task.containers.flatMap(({ name, imageDigest }) => (imageDigest === undefined ? [] : [[name, imageDigest]])),
  );
  const run = new TaskRun(world, task, { definition, digests });
  return run.resume() ? run : undefined;
}

function markLost(world: World, task: TaskRecord): void {
  const now = world.clock.now();
  for (const container of task.containers) container.lastStatus = 'STOPPED';
  task.stopCode ??= 'TerminationNotice';
  task.stoppedReason ??= 'The process that ran this task has ended';
  task.stoppingAt ??= now;
  task.stoppedAt = now;
  task.networkInterface.status = 'DELETED';
  task.desiredStatus = 'STOPPED';
  task.lastStatus = 'STOPPED';
  taskChanged(world, task);
}
