import type { Deployment } from '../kubernetes/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../kubernetes/kinds/apps/replica-set.ts';
import { deploymentConditions } from './deployment-conditions.ts';

export type DeploymentStatus = NonNullable<Deployment['status']>;

export interface DeploymentObservation {
  readonly deployment: Deployment;
  /** All that it controls, the new one included. */
  readonly replicaSets: readonly ReplicaSet[];
  /** The one whose template is the Deployment's. */
  readonly newReplicaSet: ReplicaSet | undefined;
  /** Why the rollout of the new ReplicaSet was given up. */
  readonly rolloutFailure?: string | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** Why its pods cannot be made: becomes the condition ReplicaFailure. */
  readonly failure?: string | undefined;
}

const sum = (replicaSets: readonly ReplicaSet[], count: (each: ReplicaSet) => number | undefined): number =>
  replicaSets.reduce((total, each) => total + (count(each) ?? 0), 0);

const unlessZero = (key: string, value: number): Record<string, number> => (value === 0 ? {} : { [key]: value });

/** Status of a Deployment, as the deployment controller computes it (syncRolloutStatus, calculateStatus). */
export function deploymentStatus(observation: DeploymentObservation): DeploymentStatus {
  const { deployment, replicaSets, newReplicaSet } = observation;
  const counts = {
    replicas: sum(replicaSets, (each) => each.status?.replicas),
    updated: newReplicaSet?.status?.replicas ?? 0,
    ready: sum(replicaSets, (each) => each.status?.readyReplicas),
    available: sum(replicaSets, (each) => each.status?.availableReplicas),
  };
  const wanted = sum(replicaSets, (each) => each.spec?.replicas);
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...unlessZero('replicas', counts.replicas),
    ...unlessZero('updatedReplicas', counts.updated),
    ...unlessZero('readyReplicas', counts.ready),
    ...unlessZero('availableReplicas', counts.available),
    ...unlessZero('unavailableReplicas', Math.max(0, wanted - counts.available)),
    conditions: deploymentConditions(observation, counts),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
  };
}
