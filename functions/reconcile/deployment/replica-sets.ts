import { removeService } from '../../../aws/ecs/service.ts';
import { deployment as deploymentKind, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { controllerOf, controllerReference } from '../../../kubernetes/owner.ts';
import { matchesLabels } from '../../../kubernetes/selector.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { ecsServiceName } from '../../../translate/names.ts';
import type { Context } from '../../context.ts';
import { hasController, listControlled, listObjects } from '../../read-objects.ts';
import { withoutRollout } from './rollout-record.ts';
import { sameTemplate } from './template-hash.ts';

/**
 * The ReplicaSets of a Deployment, oldest first. One that nobody controls and that its selector matches is adopted, as
 * Kubernetes does; its own ECS service goes, since its pods are the Deployment's service's from now on.
 */
export async function ownReplicaSets(context: Context, deployment: Deployment): Promise<ReplicaSet[]> {
  const { namespace = '', uid = '', deletionTimestamp } = deployment.metadata;
  const own = await listControlled(context.store, replicaSetKind, uid);
  if (deletionTimestamp === undefined) {
    const orphans = await listObjects(context.store, replicaSetKind, {
      namespace,
      where: (record) => !hasController(record) && matchesLabels(deployment.spec.selector, record.labels),
    });
    for (const each of orphans.filter(isOrphan)) own.push(await adopt(context, deployment, each));
  }
  return own.toSorted((a, b) => created(a) - created(b) || revisionOrder(a, b));
}

const created = ({ metadata }: ReplicaSet): number => Date.parse(metadata.creationTimestamp ?? '');
const revisionOrder = (a: ReplicaSet, b: ReplicaSet): number =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;

const isOrphan = (replicaSet: ReplicaSet): boolean =>
  controllerOf(replicaSet) === undefined && replicaSet.metadata.deletionTimestamp === undefined;

async function adopt(context: Context, deployment: Deployment, replicaSet: ReplicaSet): Promise<ReplicaSet> {
  const { namespace = '', name = '', uid = '' } = replicaSet.metadata;
  await removeService(context.aws, context.installation.cluster, ecsServiceName(namespace, name, uid));
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      if (controllerOf(current) !== undefined) return undefined;
      current.metadata.annotations = withoutRollout(current.metadata.annotations);
      const references = current.metadata.ownerReferences ?? [];
      current.metadata.ownerReferences = [...references, controllerReference(deploymentKind, deployment)];
      return current;
    },
  });
  return object.parse<ReplicaSet>();
}

/** The ReplicaSet of the Deployment's present template; the oldest, if there are several. */
export function newestReplicaSet(deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const template = defaultedDeployment(deployment);
  return replicaSets.find((each) => sameTemplate(defaulted(each).spec.template, template));
}

/** Both with the defaults of today: one may have been written when there were fewer of them. */
function defaulted(replicaSet: ReplicaSet): ReplicaSet {
  const copy = structuredClone(replicaSet);
  replicaSetKind.defaults(copy);
  return copy;
}

function defaultedDeployment(deployment: Deployment): PodTemplateSpec {
  const copy = structuredClone(deployment);
  deploymentKind.defaults(copy);
  return copy.spec.template;
}
