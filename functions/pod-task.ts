import type { Pod } from '../kubernetes/kinds/core/pod.ts';
import type { Noted, Notes } from '../kubernetes/notes.ts';
import { controllerOf } from '../kubernetes/owner.ts';

/** What is noted of a Pod about the ECS task that it is. */
const keys = {
  /** ARN of the task. */
  task: 'task',
  /** The uid in the task's tags: the Pod's own, or that of the workload whose ECS service runs it. */
  owner: 'task-owner',
  /** ARN of the task that the Pod was before: its logs can still be read. */
  previousTask: 'previous-task',
  /** Private IPv4 address of the task. */
  address: 'task-address',
  /** When it became the pod's task. */
  since: 'task-since',
  /** The task's version when it was looked at last. */
  version: 'task-version',
  /** Set once the task has stopped: nothing of it is left to be stopped. */
  stopped: 'task-stopped',
  /** ARN of the task definition: of bare Pods, which have no ReplicaSet to keep it. */
  taskDefinition: 'task-definition',
  /** How many tasks have been started for a bare Pod, less one. */
  attempt: 'attempt',
  /** How many of them ended early one after the other. */
  failures: 'failures',
} as const;

export interface PodTask {
  readonly task: string | undefined;
  readonly owner: string | undefined;
  readonly previousTask: string | undefined;
  readonly address: string | undefined;
  /** RFC 3339. */
  readonly since: string | undefined;
  readonly version: number;
  readonly stopped: boolean;
  readonly taskDefinition: string | undefined;
  readonly attempt: number;
  readonly failures: number;
}

/** Reads the notes. */
export function podTask({ notes }: { readonly notes: Notes }): PodTask {
  const read = (key: keyof typeof keys): string | undefined => notes[keys[key]];
  return {
    task: read('task'),
    owner: read('owner'),
    previousTask: read('previousTask'),
    address: read('address'),
    since: read('since'),
    version: Number(read('version') ?? -1),
    stopped: read('stopped') === 'true',
    taskDefinition: read('taskDefinition'),
    attempt: Number(read('attempt') ?? -1),
    failures: Number(read('failures') ?? 0),
  };
}

/** Writes into the notes of a pod that is the caller's own. */
export function setPodTask(pod: Noted<Pod>, changes: Partial<PodTask>): void {
  const entries = Object.entries(changes).flatMap(([key, value]) =>
    value === undefined || value === false ? [] : [[keys[key as keyof typeof keys], String(value)] as const],
  );
  const { [keys.stopped]: stopped, ...kept } = pod.notes;
  const before = changes.stopped === undefined && stopped !== undefined ? { [keys.stopped]: stopped } : {};
  pod.notes = { ...kept, ...before, ...Object.fromEntries(entries) };
}

/** Whether Skiff has started its task itself, also when a controller has adopted it since. */
export const hasOwnTask = (pod: { readonly notes: Notes }): boolean => podTask(pod).taskDefinition !== undefined;

/** Whether nobody but Skiff itself replaces the pod when it is lost. */
export const isBare = (pod: Pick<Pod, 'metadata'>): boolean => controllerOf(pod) === undefined;
