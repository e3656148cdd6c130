import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { type Noted, type Notes, parseNoted } from '../../../kubernetes/notes.ts';
import { objectNotFound } from '../../../kubernetes/status-error.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Owner } from '../../../translate/plan.ts';
import type { Context } from '../../context.ts';
import { rolloutRecord, withoutRollout } from './rollout-record.ts';
import { haveCome, withMissing, withSecrets } from '../recorded-secrets.ts';
import { registerTemplate, type Refused } from '../task-definition.ts';
import { definitionNote, hashNote, recordedDefinition, withFormer } from '../workload/recorded-definition.ts';

export const ownerOfDeployment = ({ metadata }: Deployment): Owner => ({
  kind: 'Deployment',
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** The ReplicaSet with its task definition registered and recorded, or why there can be none. */
export async function ensureDefinition(
  context: Context,
  deployment: Deployment,
  replicaSet: Noted<ReplicaSet>,
): Promise<Noted<ReplicaSet> | Refused> {
  const recorded = recordedDefinition(replicaSet);
  if (recorded !== undefined && !(await isToBeginAnew(context, replicaSet))) return replicaSet;
  const registered = await registerTemplate(context, {
    object: deployment,
    owner: ownerOfDeployment(deployment),
    template: replicaSet.spec.template,
    path: 'spec.template.',
    revision: replicaSet.metadata.uid ?? '',
    component: 'deployment-controller',
    recordSecrets: async (names) => {
      await note(context, replicaSet, (notes) => withSecrets(notes, deployment.metadata.uid ?? '', names));
    },
  });
  if ('refused' in registered) return registered;
  return note(context, replicaSet, (notes) =>
    withMissing(
      withFormer(
        // With another task definition the rollout begins anew, also after it was given up.
        {
          ...(recorded === undefined ? notes : withoutRollout(notes)),
          [definitionNote]: registered.arn,
          [hashNote]: registered.hash,
        },
        recorded === undefined || recorded === registered.arn ? [] : [recorded],
      ),
      registered.missingPullSecrets,
    ),
  );
}

/**
 * Whether imagePullSecrets have come since its task definition was registered without them, and it does not run: a kubelet
 * would have pulled with them by now. What runs already, or has, is left alone.
 */
const isToBeginAnew = async (context: Context, replicaSet: Noted<ReplicaSet>): Promise<boolean> =>
  rolloutRecord(replicaSet).completed === 0 &&
  (replicaSet.status?.readyReplicas ?? 0) === 0 &&
  (await haveCome(context, replicaSet));

async function note(
  context: Context,
  replicaSet: ReplicaSet,
  notes: (current: Notes) => Notes,
): Promise<Noted<ReplicaSet>> {
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      if (current.metadata.uid !== replicaSet.metadata.uid)
        throw objectNotFound(replicaSetKind, current.metadata.name ?? '');
      return current;
    },
    notes,
  });
  return parseNoted<ReplicaSet>(object);
}
