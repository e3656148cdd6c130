import { describeTasks } from '../../../aws/ecs/task.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { again, done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import type { EcsTask } from '../../../translate/ecs-state.ts';
import type { Context } from '../../context.ts';
import { unseenFor } from '../../late-reads.ts';
import { isBare, podTask, type PodTask } from '../../pod-task.ts';
import { readObject } from '../../read-objects.ts';
import { recordTask } from '../../record-task.ts';
import { soonest, type Reconciler } from '../reconciler.ts';
import { forgottenTask, pollFor } from '../workload/workload-pods.ts';
import { secondsUntilRestart } from './back-off.ts';
import { ensurePodDefinition } from './pod-definition.ts';
import { endUnhealthy } from './end-unhealthy.ts';
import { startPod } from './start-pod.ts';
import { removePod, stopPod } from './stop-pod.ts';

/** Until another look at a task that ECS does not show yet. */
const unseenSeconds = 2;

/** A bare Pod is a task that Skiff starts, and starts again; a workload's Pod is looked after by the workload's service. */
export const reconcilePod: Reconciler = {
  async reconcile(context, key) {
    const pod = await readObject(context.store, podKind, key);
    if (pod === undefined) return done;
    if (pod.metadata.deletionTimestamp !== undefined) return stopPod(context, pod);
    return isBare(pod) && !hasEnded(pod) ? runPod(context, pod) : done;
  },
  remove: removePod,
};

const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

async function runPod(context: Context, found: Noted<Pod>): Promise<Outcome> {
  const defined = await ensurePodDefinition(context, found);
  if (defined === undefined) return done;
  if ('refused' in defined) return soonest(defined.again);
  const { pod, key } = defined;
  const known = podTask(pod);
  if (known.task === undefined) return startPod(context, pod, { attempt: Math.max(0, known.attempt), failures: 0 });
  const task = known.stopped ? undefined : await presentTask(context, known);
  if (task === 'unseen') return again(unseenSeconds);
  const after = task === undefined ? pod : await recordTask(context, key, task);
  if (after === undefined || hasEnded(after)) return done;
  if (!podTask(after).stopped) {
    if (task !== undefined) await endUnhealthy(context, after, task);
    return soonest(pollFor(context, alive(task), [after]));
  }
  const wait = secondsUntilRestart(after, context.clock.now());
  if (wait.seconds > 0) return soonest(wait.seconds);
  return startPod(context, after, { attempt: known.attempt + 1, failures: wait.failures });
}

/** The pod's task as ECS has it; `unseen`: it may be too new for ECS to show it. */
async function presentTask(context: Context, known: PodTask): Promise<EcsTask | 'unseen'> {
  const [found] = await describeTasks(context.aws, context.installation.cluster, [known.task ?? '']);
  if (found !== undefined) return found;
  return unseenFor(known.since, context.clock.now()) > 0 ? 'unseen' : forgottenTask(known.task ?? '');
}

const alive = (task: EcsTask | undefined): readonly EcsTask[] => (task === undefined ? [] : [task]);
