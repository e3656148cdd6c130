import type { ReplicaSet } from '../kubernetes/kinds/apps/replica-set.ts';
import type { Pod } from '../kubernetes/kinds/core/pod.ts';

export type ReplicaSetStatus = NonNullable<ReplicaSet['status']>;

export interface ReplicaSetObservation {
  readonly generation: number;
  /** Labels of the pod template: pods that carry them all are fully labelled. */
  readonly templateLabels: Readonly<Record<string, string>>;
  readonly minReadySeconds: number;
  /** The pods that it controls. */
  readonly pods: readonly Pod[];
  /** RFC 3339. */
  readonly now: string;
  readonly previous?: ReplicaSetStatus | undefined;
}

/** Pods that count: those that have ended or are being deleted do not (FilterActivePods). */
export const isActive = (pod: Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;

const readyCondition = (pod: Pod) =>
  pod.status?.conditions?.find((condition) => condition.type === 'Ready' && condition.status === 'True');

export const isPodReady = (pod: Pod): boolean => readyCondition(pod) !== undefined;

/** Seconds until a ready pod counts as available, 0 when it does already; undefined for pods that are not ready. */
function secondsLeft(pod: Pod, minReadySeconds: number, now: string): number | undefined {
  const ready = readyCondition(pod);
  if (ready === undefined) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(ready.lastTransitionTime ?? now);
  return Math.max(0, Math.ceil((since + minReadySeconds * 1000 - Date.parse(now)) / 1000));
}

/** Status of a ReplicaSet or ReplicationController; counts of 0 are left out as Go leaves them out, but for `replicas`. */
export function replicaSetStatus(observation: ReplicaSetObservation): ReplicaSetStatus {
  const { generation, templateLabels, minReadySeconds, now, previous } = observation;
  const pods = observation.pods.filter(isActive);
  const labelled = pods.filter((pod) =>
    Object.entries(templateLabels).every(([key, value]) => pod.metadata.labels?.[key] === value),
  ).length;
  const ready = pods.filter(isPodReady).length;
  const available = pods.filter((pod) => secondsLeft(pod, minReadySeconds, now) === 0).length;
  return {
    replicas: pods.length,
    ...(labelled === 0 ? {} : { fullyLabeledReplicas: labelled }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    observedGeneration: generation,
    ...(previous?.conditions === undefined ? {} : { conditions: previous.conditions }),
  };
}

/** Seconds until the next pod becomes available by minReadySeconds alone: when to look again. Undefined: none will. */
export function secondsUntilAvailable(
  observation: Pick<ReplicaSetObservation, 'pods' | 'minReadySeconds' | 'now'>,
): number | undefined {
  const waiting = observation.pods
    .filter(isActive)
    .map((pod) => secondsLeft(pod, observation.minReadySeconds, observation.now) ?? 0)
    .filter((seconds) => seconds > 0);
  return waiting.length === 0 ? undefined : Math.min(...waiting);
}
