import { protectTasks } from '../../../aws/ecs/task-protection.ts';
import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { OwnerOf } from '../../../kubernetes/owner.ts';
import type { Context } from '../../context.ts';
import { taskOwnership } from '../../own-task.ts';
import { podTask } from '../../pod-task.ts';
import { podsOf } from './workload-pods.ts';

/** On a Pod: what its deletion costs, compared with that of its fellows; 0 when it is absent. */
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/** Long enough for ECS to choose what to stop, and short enough not to hold up the next rollout. */
const protectedMinutes = 2;

/**
 * Before a workload gets fewer tasks: those of the pods with the highest deletion cost are kept from being chosen. Without
 * any such annotation ECS chooses.
 */
export async function keepCostlyPods(
  context: Context,
  workload: { readonly owners: readonly OwnerOf[]; readonly replicas: number },
): Promise<void> {
  const { owners, replicas } = workload;
  const own = (await podsOf(context, owners)).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  if (!own.some((pod) => costOf(pod) !== 0)) return;
  const kept = own.toSorted((a, b) => costOf(b) - costOf(a)).slice(0, replicas);
  const tasks = kept.flatMap((pod) => podTask(pod).task ?? []);
  const uids = kept.flatMap((pod) => taskOwnership(context, pod).uids);
  if (tasks.length === 0) return;
  const { cluster } = context.installation;
  const ownership = { installation: context.installation.name, uids };
  await protectTasks(context.aws, { cluster, tasks, minutes: protectedMinutes, ownership });
}

/** What a Pod's deletion costs. */
export function costOf({ metadata }: Pod): number {
  const cost = Number(metadata.annotations?.[costAnnotation] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}
