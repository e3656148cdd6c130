import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { rollingNumbers } from '../../../translate/rolling.ts';

const prefix = 'deployment.kubernetes.io';
export const revisionAnnotation = `${prefix}/revision`;
export const revisionHistoryAnnotation = `${prefix}/revision-history`;
const desiredReplicas = `${prefix}/desired-replicas`;
const maxReplicas = `${prefix}/max-replicas`;

/** On a Deployment, `false`: a rollout that fails is not taken back. */
export const rollbackAnnotation = 'skiff.dev/rollback';

/** What a ReplicaSet does not take over from its Deployment (annotationsToSkip in deployment/util). */
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicas,
  maxReplicas,
  'deprecated.deployment.rollback.to',
]);

/** The revision that a ReplicaSet was given, 0 for none. */
export function revisionOf(replicaSet: Pick<ReplicaSet, 'metadata'>): number {
  const revision = Number(replicaSet.metadata.annotations?.[revisionAnnotation] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
}

/** The number that the newest ReplicaSet has to have: higher than that of all others. */
export const nextRevision = (others: readonly ReplicaSet[]): number => Math.max(0, ...others.map(revisionOf)) + 1;

/**
 * Annotations of the newest ReplicaSet: the Deployment's (so that a change-cause is kept with its revision), how many
 * replicas it is part of, and its revision. One that is used again gets a new number and remembers the former ones.
 */
export function newestAnnotations(
  deployment: Deployment,
  current: Readonly<Record<string, string>> | undefined,
  revision: number,
): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  const before = Number(current?.[revisionAnnotation] ?? 0);
  const history = current?.[revisionHistoryAnnotation];
  const former = before > 0 && before < revision ? [...(history === undefined ? [] : [history]), String(before)] : [];
  return {
    ...current,
    ...Object.fromEntries(copied),
    ...replicaAnnotations(deployment),
    [revisionAnnotation]: String(Math.max(before, revision)),
    ...(former.length === 0 ? {} : { [revisionHistoryAnnotation]: former.join(',') }),
  };
}

/** Clients compute with these while a rollout is under way. */
export function replicaAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = deployment.spec.replicas ?? 1;
  const recreate = deployment.spec.strategy?.type === 'Recreate';
  const surge = recreate ? 0 : rollingNumbers(replicas, deployment.spec.strategy?.rollingUpdate).surge;
  return { [desiredReplicas]: String(replicas), [maxReplicas]: String(replicas + surge) };
}
