import { stopTask } from '../../../aws/ecs/task.ts';
import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import type { EcsTask } from '../../../translate/ecs-state.ts';
import { canBeFoundDead } from '../../../translate/health-check.ts';
import type { Context } from '../../context.ts';
import { taskOwnership } from '../../own-task.ts';

/** ECS's words for what it does to the tasks of services. */
const reason = 'Task failed container health checks';

/**
 * Stops the task of a bare pod whose liveness or startup probe has failed, as ECS does with those of services: it leaves
 * tasks alone that it was told to run. The pod's restart policy says what comes then.
 */
export async function endUnhealthy(context: Context, pod: Noted<Pod>, task: EcsTask): Promise<void> {
  if (task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') return;
  const unhealthy = new Set(
    task.containers.filter(({ healthStatus }) => healthStatus === 'UNHEALTHY').map(({ name }) => name),
  );
  if (!pod.spec.containers.some((container) => unhealthy.has(container.name) && canBeFoundDead(container))) return;
  const { cluster } = context.installation;
  await stopTask(context.aws, { cluster, task, reason, ownership: taskOwnership(context, pod) });
}
