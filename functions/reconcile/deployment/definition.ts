import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { objectNotFound } from '../../../kubernetes/status-error.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Owner } from '../../../translate/plan.ts';
import { taskDefinitionAnnotation } from '../../../translate/rollout-failure.ts';
import type { Context } from '../../context.ts';
import { rolloutRecord, withoutRollout } from './rollout-record.ts';
import { haveCome, withMissing, withSecrets } from '../recorded-secrets.ts';
import { registerTemplate, type Refused } from '../task-definition.ts';
import { hashAnnotation, recordedDefinition, withFormer } from '../workload/recorded-definition.ts';

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
  replicaSet: ReplicaSet,
): Promise<ReplicaSet | Refused> {
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
      await annotate(context, replicaSet, (given) => withSecrets(given, names));
    },
  });
  if ('refused' in registered) return registered;
  return annotate(context, replicaSet, (given) =>
    withMissing(
      withFormer(
        // With another task definition the rollout begins anew, also after it was given up.
        {
          ...(recorded === undefined ? given : withoutRollout(given)),
          [taskDefinitionAnnotation]: registered.arn,
          [hashAnnotation]: registered.hash,
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
const isToBeginAnew = async (context: Context, replicaSet: ReplicaSet): Promise<boolean> =>
  rolloutRecord(replicaSet).completed === 0 &&
  (replicaSet.status?.readyReplicas ?? 0) === 0 &&
  (await haveCome(context, replicaSet));

type Annotations = Readonly<Record<string, string>>;

async function annotate(
  context: Context,
  replicaSet: ReplicaSet,
  change: (given: Annotations | undefined) => Annotations,
): Promise<ReplicaSet> {
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      if (current.metadata.uid !== replicaSet.metadata.uid)
        throw objectNotFound(replicaSetKind, current.metadata.name ?? '');
      current.metadata.annotations = { ...change(current.metadata.annotations) };
      return current;
    },
  });
  return object.parse<ReplicaSet>();
}
