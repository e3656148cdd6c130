import { deregisterOwnedTaskDefinitions } from '../../../aws/ecs/owned-task-definitions.ts';
import { removeService } from '../../../aws/ecs/service.ts';
import { timestamp } from '../../../kubernetes/clock.ts';
import { deployment as deploymentKind, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { again, done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import type { Tombstone } from '../../../kubernetes/tombstone.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { secondsUntilDeadline } from '../../../translate/deployment-conditions.ts';
import { deploymentStatus } from '../../../translate/deployment-status.ts';
import { ecsServiceName, taskDefinitionFamily } from '../../../translate/names.ts';
import { secondsUntilAvailable } from '../../../translate/replica-set-status.ts';
import type { Context } from '../../context.ts';
import { madeFor } from '../../ownership.ts';
import { readObject } from '../../read-objects.ts';
import { soonest, type Reconciler } from '../reconciler.ts';
import type { Refused } from '../task-definition.ts';
import type { PodOwner } from '../workload/pod-of-task.ts';
import { formerDefinitions, recordedDefinition } from '../workload/recorded-definition.ts';
import { tellBeyondQuota } from '../workload/task-quota.ts';
import { syncWorkloadPods, type WorkloadPods } from '../workload/workload-pods.ts';
import { ensureDefinition } from './definition.ts';
import { cleanUpHistory } from './history.ts';
import { ownReplicaSets, newestReplicaSet } from './replica-sets.ts';
import { syncRevisions, type Revisions } from './revision.ts';
import { applyRollout, type Rollout } from './rollout.ts';
import { showReplicaSet } from './scale.ts';

const drainingSeconds = 2;

/** A Deployment is one ECS service; each of its ReplicaSets is a task definition of that service. */
export const reconcileDeployment: Reconciler = {
  async reconcile(context, key) {
    const found = await readObject(context.store, deploymentKind, key);
    if (found === undefined) return done;
    const revisions = await revisionsOf(context, found);
    const { newest, refused } = await defineNewest(context, revisions);
    const replicaSets = revisions.replicaSets.map((each) =>
      newest !== undefined && each.metadata.uid === newest.metadata.uid ? newest : each,
    );
    const rollout = await applyRollout(context, { deployment: revisions.deployment, replicaSets, newest });
    const source = { deployment: revisions.deployment, replicaSets: rollout.replicaSets, newest: rollout.newest };
    const pods = await syncPods(context, source, rollout);
    const shown = [];
    for (const each of source.replicaSets) {
      shown.push(await showReplicaSet(context, { ...source, ...pods, ecsService: rollout.ecsService }, each));
    }
    return finish(context, { ...source, replicaSets: shown, rollout, refused, pods });
  },

  async remove(context, { object }: Tombstone) {
    const { namespace = '', name = '', uid = '' } = object.metadata;
    const { aws, installation } = context;
    const ownership = madeFor(context, object);
    const serviceName = ecsServiceName(namespace, name, uid);
    const state = await removeService(aws, { cluster: installation.cluster, serviceName, ownership });
    if (state === 'draining') return again(drainingSeconds);
    await deregisterOwnedTaskDefinitions(aws, { family: taskDefinitionFamily(namespace, name), ownership });
    return done;
  },
};

/** One that is being deleted makes nothing new. */
async function revisionsOf(context: Context, found: Deployment): Promise<Revisions> {
  if (found.metadata.deletionTimestamp === undefined) return syncRevisions(context, found);
  const replicaSets = await ownReplicaSets(context, found);
  return { deployment: found, replicaSets, newest: newestReplicaSet(found, replicaSets) };
}

async function defineNewest(
  context: Context,
  { deployment, newest }: Revisions,
): Promise<{ readonly newest: Noted<ReplicaSet> | undefined; readonly refused: Refused | undefined }> {
  if (newest === undefined || deployment.metadata.deletionTimestamp !== undefined)
    return { newest, refused: undefined };
  const defined = await ensureDefinition(context, deployment, newest);
  return 'refused' in defined ? { newest, refused: defined } : { newest: defined, refused: undefined };
}

interface Source {
  readonly deployment: Deployment;
  readonly replicaSets: readonly Noted<ReplicaSet>[];
  readonly newest: Noted<ReplicaSet> | undefined;
}

/** One for each task definition that was registered for it: the last one counts, and tasks of the others may still run. */
const podOwners = (object: Noted<ReplicaSet>): PodOwner[] =>
  [recordedDefinition(object), ...formerDefinitions(object)].map((taskDefinition) => ({
    kind: replicaSetKind,
    object,
    template: object.spec.template ?? {},
    taskDefinition,
    component: 'replicaset-controller',
  }));

async function syncPods(context: Context, source: Source, { ecsService }: Rollout): Promise<WorkloadPods> {
  if (ecsService === undefined) return { pods: [], tasks: [], again: undefined };
  const owners = source.replicaSets.flatMap(podOwners);
  return syncWorkloadPods(context, { ecsService, owners });
}

interface Seen extends Source {
  readonly rollout: Rollout;
  readonly refused: Refused | undefined;
  readonly pods: WorkloadPods;
}

/** Status last: its observedGeneration says that all the rest has been done. */
async function finish(context: Context, seen: Seen): Promise<Outcome> {
  const { deployment, replicaSets, rollout, refused, pods } = seen;
  const now = timestamp(context.clock);
  const quota = await tellBeyondQuota(context, deployment, {
    replicas: deployment.spec.replicas ?? 1,
    component: 'deployment-controller',
  });
  const newReplicaSet = replicaSets.find((each) => each.metadata.uid === seen.newest?.metadata.uid);
  const { object } = await updateObject(context, deploymentKind, {
    key: keyOf(deploymentKind, deployment),
    subresource: 'status',
    change: (current) => ({
      ...current,
      status: deploymentStatus({
        // What was looked at, with the status that it has now: conditions go on from that.
        deployment: current.status === undefined ? deployment : { ...deployment, status: current.status },
        replicaSets,
        newReplicaSet,
        rolloutFailure: rollout.failure,
        now,
        failure: refused?.refused ?? quota,
      }),
    }),
  });
  const { status } = object.parse<Deployment>();
  const settled = status?.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable') === true;
  if (settled && newReplicaSet !== undefined && deployment.metadata.deletionTimestamp === undefined) {
    await cleanUpHistory(context, { deployment, replicaSets, newest: newReplicaSet });
  }
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  return soonest(
    rollout.again,
    refused?.again,
    pods.again,
    secondsUntilAvailable({ pods: pods.pods, minReadySeconds, now }),
    secondsUntilDeadline(status, deployment.spec.progressDeadlineSeconds ?? 600, now),
  );
}
