import { removeService } from '../../../aws/ecs/service.ts';
import { deployment as deploymentKind, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { withoutKeys } from '../../../kubernetes/annotations.ts';
import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { type Noted, type Notes, parseNoted } from '../../../kubernetes/notes.ts';
import { controllerOf, controllerReference } from '../../../kubernetes/owner.ts';
import { matchesLabels } from '../../../kubernetes/selector.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { ecsServiceName } from '../../../translate/names.ts';
import type { Context } from '../../context.ts';
import { madeFor } from '../../ownership.ts';
import { hasController, listControlled, listObjects } from '../../read-objects.ts';
import {
  definitionNote,
  hashNote,
  recordedDefinition,
  templateNote,
  withFormer,
} from '../workload/recorded-definition.ts';
import { withoutRollout } from './rollout-record.ts';
import { sameTemplate } from './template-hash.ts';

/**
 * The ReplicaSets of a Deployment, oldest first. One that nobody controls and that its selector matches is adopted, as
 * Kubernetes does; its own ECS service goes, since its pods are the Deployment's service's from now on.
 */
export async function ownReplicaSets(context: Context, deployment: Deployment): Promise<Noted<ReplicaSet>[]> {
  const { namespace = '', deletionTimestamp } = deployment.metadata;
  const own = await listControlled(context.store, replicaSetKind, { kind: deploymentKind, owner: deployment });
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

async function adopt(
  context: Context,
  deployment: Deployment,
  replicaSet: Noted<ReplicaSet>,
): Promise<Noted<ReplicaSet>> {
  const { namespace = '', name = '', uid = '' } = replicaSet.metadata;
  await removeService(context.aws, {
    cluster: context.installation.cluster,
    serviceName: ecsServiceName(namespace, name, uid),
    ownership: madeFor(context, replicaSet),
  });
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      if (controllerOf(current) !== undefined) return undefined;
      const references = current.metadata.ownerReferences ?? [];
      current.metadata.ownerReferences = [...references, controllerReference(deploymentKind, deployment)];
      return current;
    },
    notes: asRevision,
  });
  return parseNoted<ReplicaSet>(object);
}

/** Its task definition was registered on its own behalf: as a revision it gets another, on the Deployment's. */
function asRevision(notes: Notes): Notes {
  const definition = recordedDefinition({ notes });
  const rest = withoutKeys(withoutRollout(notes), [definitionNote, hashNote, templateNote]);
  return definition === undefined ? rest : withFormer(rest, [definition]);
}

/** The ReplicaSet of the Deployment's present template; the oldest, if there are several. */
export function newestReplicaSet<T extends ReplicaSet>(
  deployment: Deployment,
  replicaSets: readonly T[],
): T | undefined {
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
