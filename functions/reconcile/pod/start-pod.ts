import { runTask } from '../../../aws/ecs/task.ts';
import { timestamp } from '../../../kubernetes/clock.ts';
import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { again, type Outcome } from '../../../kubernetes/queue/queue.ts';
import type { EcsTask } from '../../../translate/ecs-state.ts';
import { translateRunTask } from '../../../translate/run-task.ts';
import type { Context } from '../../context.ts';
import { podEvents } from '../../pod-events.ts';
import { podTask, setPodTask } from '../../pod-task.ts';
import { recordEvent } from '../../record-event.ts';
import { podWithTask } from '../../record-task.ts';
import { writePod } from '../../write-pod.ts';
import { ownerOfPod, unschedulable } from './pod-definition.ts';

/** ECS had no room, or no address: it may soon. */
const noCapacitySeconds = 15;
/** Until the first event of the task should have come. */
const eventSeconds = 10;

export interface Attempt {
  /** From 0. */
  readonly attempt: number;
  /** Attempts before it that failed one after the other. */
  readonly failures: number;
}

/** Starts the pod's next task. Called again after a crash it finds the task that it has started: the token is the attempt's. */
export async function startPod(context: Context, pod: Noted<Pod>, next: Attempt): Promise<Outcome> {
  const { taskDefinition } = podTask(pod);
  if (taskDefinition === undefined) return again(1);
  const plan = translateRunTask(
    { owner: ownerOfPod(pod), taskDefinitionArn: taskDefinition, attempt: next.attempt },
    context.installation,
  );
  const result = await runTask(context.aws, plan);
  if ('failure' in result) {
    await cannotStart(context, pod, result.failure);
    return again(noCapacitySeconds);
  }
  await adopt(context, pod, { ...next, task: result.task });
  return again(eventSeconds);
}

async function cannotStart(context: Context, pod: Pod, failure: string): Promise<void> {
  await recordEvent(context, pod, {
    type: 'Warning',
    reason: 'FailedScheduling',
    message: failure,
    component: 'default-scheduler',
    occurrence: timestamp(context.clock),
  });
  await writePod(context, pod, (current) => unschedulable(current, failure, timestamp(context.clock)));
}

/** The pod is this task from now on. */
async function adopt(
  context: Context,
  pod: Pod,
  { task, attempt, failures }: Attempt & { task: EcsTask },
): Promise<void> {
  let change: { readonly before: Pod; readonly after: Pod } | undefined;
  await writePod(context, pod, (current) => {
    if (podTask(current).task === task.taskArn) return current;
    const before = structuredClone(current);
    setPodTask(current, { attempt, failures });
    const after = podWithTask(context, current, task);
    change = { before, after };
    return after;
  });
  if (change === undefined) return;
  for (const event of podEvents({ ...change, task })) await recordEvent(context, change.after, event);
}
