import { describeTasks } from '../aws/ecs/task.ts';
import type { Pod } from '../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../kubernetes/notes.ts';
import { isMadeFor, type Ownership } from '../translate/ownership.ts';
import type { Context } from './context.ts';
import { madeFor } from './ownership.ts';
import { podTask } from './pod-task.ts';

/** A pod's tasks were made for itself, or for the workload whose ECS service runs them. */
export function taskOwnership(context: Pick<Context, 'installation'>, pod: Noted<Pod>): Ownership {
  const { owner } = podTask(pod);
  return owner === undefined ? madeFor(context, pod) : madeFor(context, pod, owner);
}

/** Whether ECS says that a task was made for the pod. One that it does not know (any more) is nobody else's. */
export async function ownsTask(context: Context, pod: Noted<Pod>, taskId: string): Promise<boolean> {
  const [task] = await describeTasks(context.aws, context.installation.cluster, [taskId]);
  return task === undefined || isMadeFor(task.tags, taskOwnership(context, pod));
}
