import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { timestamp } from '../../../kubernetes/clock.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import { type Noted, parseNoted } from '../../../kubernetes/notes.ts';
import { isControlledBy } from '../../../kubernetes/owner.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { EcsDeployment, EcsService } from '../../../translate/ecs-state.ts';
import { replicaSetStatus } from '../../../translate/replica-set-status.ts';
import type { Context } from '../../context.ts';
import { recordEvent } from '../../record-event.ts';
import { recordedDefinition } from '../workload/recorded-definition.ts';
import { replicaAnnotations } from './revision-annotations.ts';

export interface ScaleSource {
  readonly deployment: Deployment;
  readonly ecsService: EcsService | undefined;
  readonly pods: readonly Pod[];
}

/**
 * How many tasks of a revision there are to be now. ECS gives the primary deployment the whole number from the start;
 * while others are being replaced, Kubernetes would count what it has grown to.
 */
export const replicasOf = (replicaSet: Noted<ReplicaSet>, ecsService: EcsService | undefined): number => {
  const definition = recordedDefinition(replicaSet);
  const deployments = (ecsService?.deployments ?? []).filter((each) => each.status !== 'INACTIVE');
  const part = ({ status, desiredCount, pendingCount, runningCount }: EcsDeployment): number =>
    status === 'PRIMARY' && deployments.length > 1 ? Math.min(desiredCount, pendingCount + runningCount) : desiredCount;
  return deployments
    .filter((each) => each.taskDefinition === definition)
    .reduce((total, each) => total + part(each), 0);
};

/** Makes a ReplicaSet show how far ECS has scaled its revision, and how its pods are. */
export async function showReplicaSet(
  context: Context,
  source: ScaleSource,
  replicaSet: Noted<ReplicaSet>,
): Promise<Noted<ReplicaSet>> {
  const replicas = replicasOf(replicaSet, source.ecsService);
  const scaled =
    replicas === replicaSet.spec.replicas ? replicaSet : await scale(context, source, { replicaSet, replicas });
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, scaled),
    subresource: 'status',
    change: (current) => ({
      ...current,
      status: replicaSetStatus({
        generation: scaled.metadata.generation ?? 0,
        templateLabels: current.spec.template?.metadata?.labels ?? {},
        minReadySeconds: current.spec.minReadySeconds ?? 0,
        pods: source.pods.filter((pod) => isControlledBy(pod, { kind: replicaSetKind, owner: current })),
        now: timestamp(context.clock),
        previous: current.status,
      }),
    }),
  });
  return parseNoted<ReplicaSet>(object);
}

async function scale(
  context: Context,
  { deployment }: ScaleSource,
  { replicaSet, replicas }: { readonly replicaSet: Noted<ReplicaSet>; readonly replicas: number },
): Promise<Noted<ReplicaSet>> {
  const before = replicaSet.spec.replicas ?? 0;
  const direction = replicas > before ? 'up' : 'down';
  await recordEvent(context, deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${replicaSet.metadata.name ?? ''} from ${before} to ${replicas}`,
    component: 'deployment-controller',
    occurrence: `${replicaSet.metadata.uid ?? ''}/${replicaSet.metadata.generation ?? 0}`,
  });
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      current.spec.replicas = replicas;
      current.metadata.annotations = { ...current.metadata.annotations, ...replicaAnnotations(deployment) };
      return current;
    },
  });
  return parseNoted<ReplicaSet>(object);
}
