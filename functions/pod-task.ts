import { withoutKeys } from '../kubernetes/annotations.ts';
import type { Pod } from '../kubernetes/kinds/core/pod.ts';
import { controllerOf } from '../kubernetes/owner.ts';

/**
 * What a Pod remembers of the ECS task that it is, in its annotations.
 */
const annotations = {
  /** ARN of the task. */
  task: 'skiff.dev/task',
  /** When it became the pod's task. */
  since: 'skiff.dev/task-since',
  /** The task's version when it was looked at last. */
  version: 'skiff.dev/task-version',
  /** Set once the task has stopped: nothing of it is left to be stopped. */
  stopped: 'skiff.dev/task-stopped',
  /** ARN of the task definition: of bare Pods, which have no ReplicaSet to keep it. */
  taskDefinition: 'skiff.dev/task-definition',
  /** Names of the bare Pod's secrets in Secrets Manager, and imagePullSecrets that were not there. */
  secrets: 'skiff.dev/secrets',
  missing: 'skiff.dev/missing-pull-secrets',
  /** How many tasks have been started for a bare Pod, less one. */
  attempt: 'skiff.dev/attempt',
  /** How many of them ended early one after the other. */
  failures: 'skiff.dev/failures',
} as const;

export interface PodTask {
  readonly task: string | undefined;
  /** RFC 3339. */
  readonly since: string | undefined;
  readonly version: number;
  readonly stopped: boolean;
  readonly taskDefinition: string | undefined;
  readonly attempt: number;
  readonly failures: number;
}

const number = (text: string | undefined, otherwise: number): number => {
  const value = Number(text ?? otherwise);
  return Number.isInteger(value) ? value : otherwise;
};

/** Reads the annotations. */
export function podTask(pod: Pick<Pod, 'metadata'>): PodTask {
  const read = (key: keyof typeof annotations): string | undefined => pod.metadata.annotations?.[annotations[key]];
  return {
    task: read('task'),
    since: read('since'),
    version: number(read('version'), -1),
    stopped: read('stopped') === 'true',
    taskDefinition: read('taskDefinition'),
    attempt: number(read('attempt'), -1),
    failures: number(read('failures'), 0),
  };
}

/** Writes into the annotations of a pod that is the caller's own. */
export function setPodTask(pod: Pod, changes: Partial<PodTask>): void {
  const entries = Object.entries(changes).flatMap(([key, value]) =>
    value === undefined || value === false
      ? []
      : [[annotations[key as keyof typeof annotations], String(value)] as const],
  );
  const kept = { ...pod.metadata.annotations };
  if (changes.stopped === false) delete kept[annotations.stopped];
  pod.metadata.annotations = { ...kept, ...Object.fromEntries(entries) };
}

/** The annotations of its author. */
export const withoutPodTask = (given: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  withoutKeys(given, Object.values(annotations));

/** Whether Skiff has started its task itself, also when a controller has adopted it since. */
export const hasOwnTask = (pod: Pick<Pod, 'metadata'>): boolean => podTask(pod).taskDefinition !== undefined;

/** Whether nobody but Skiff itself replaces the pod when it is lost. */
export const isBare = (pod: Pick<Pod, 'metadata'>): boolean => controllerOf(pod) === undefined;
