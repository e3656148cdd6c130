import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import type { Context } from '../../context.ts';
import { revisionOf } from './revision-annotations.ts';

/** Deletes the oldest ReplicaSets beyond revisionHistoryLimit, of those that have no pods and none to come. */
export async function cleanUpHistory(
  context: Context,
  {
    deployment,
    replicaSets,
    newest,
  }: { deployment: Deployment; replicaSets: readonly ReplicaSet[]; newest: ReplicaSet },
): Promise<void> {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const old = replicaSets
    .filter(({ metadata }) => metadata.uid !== newest.metadata.uid && metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  for (const each of old.slice(0, Math.max(0, old.length - limit))) {
    if ((each.spec.replicas ?? 0) > 0 || (each.status?.replicas ?? 0) > 0) continue;
    await deleteObject(context, replicaSetKind, {
      key: keyOf(replicaSetKind, each),
      preconditions: { uid: each.metadata.uid },
    });
  }
}
