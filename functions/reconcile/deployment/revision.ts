import { deployment as deploymentKind, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { type Noted, parseNoted } from '../../../kubernetes/notes.ts';
import { controllerReference, isControlledBy } from '../../../kubernetes/owner.ts';
import { StatusError } from '../../../kubernetes/status-error.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Context } from '../../context.ts';
import { keyFor, readObject } from '../../read-objects.ts';
import { newestReplicaSet, ownReplicaSets } from './replica-sets.ts';
import { newestAnnotations, nextRevision, revisionAnnotation, revisionOf } from './revision-annotations.ts';
import { hashLabel, sameTemplate, templateHash, withHashLabel } from './template-hash.ts';

export interface Revisions {
  /** As it is now: its revision annotation may have changed. */
  readonly deployment: Deployment;
  readonly replicaSets: readonly Noted<ReplicaSet>[];
  /** Undefined while the Deployment is paused before a new revision. */
  readonly newest: Noted<ReplicaSet> | undefined;
}

/**
 * Makes sure that the Deployment's template has a ReplicaSet, with a higher revision than all others, and that the
 * Deployment says so. A paused Deployment gets no new one.
 */
export async function syncRevisions(context: Context, found: Deployment): Promise<Revisions> {
  const before = await ownReplicaSets(context, found);
  const known = newestReplicaSet(found, before);
  if (found.spec.paused === true) return { deployment: found, replicaSets: before, newest: known };
  const others = before.filter((each) => each.metadata.uid !== known?.metadata.uid);
  const revision = nextRevision(others);
  const newest =
    known === undefined
      ? await createReplicaSet(context, found, revision)
      : await renew(context, { deployment: found, replicaSet: known, revision });
  const deployment = await noteRevision(context, found, newest);
  return { deployment, replicaSets: [...others, newest], newest };
}

async function createReplicaSet(
  context: Context,
  deployment: Deployment,
  revision: number,
): Promise<Noted<ReplicaSet>> {
  for (let collisions = deployment.status?.collisionCount ?? 0; ; collisions += 1) {
    const object = newReplicaSet(deployment, { revision, collisions });
    try {
      const written = await createObject(context, replicaSetKind, { object });
      return parseNoted<ReplicaSet>(written.object);
    } catch (error) {
      if (!(error instanceof StatusError) || error.status.reason !== 'AlreadyExists') throw error;
      const key = keyFor(replicaSetKind, deployment.metadata.namespace ?? '', object.metadata.name ?? '');
      const there = await readObject(context.store, replicaSetKind, key);
      // Its own, made in an attempt whose answer was lost. Otherwise the name is somebody else's: another hash.
      if (there !== undefined && isFor(deployment, there)) return there;
    }
  }
}

const isFor = (deployment: Deployment, replicaSet: ReplicaSet): boolean =>
  isControlledBy(replicaSet, { kind: deploymentKind, owner: deployment }) &&
  replicaSet.spec.template !== undefined &&
  sameTemplate(replicaSet.spec.template, deployment.spec.template);

function newReplicaSet(
  deployment: Deployment,
  { revision, collisions }: { readonly revision: number; readonly collisions: number },
): ReplicaSet {
  const { metadata, spec } = structuredClone(deployment);
  const hash = templateHash(spec.template, collisions);
  const template = withHashLabel(spec.template, hash);
  return {
    kind: 'ReplicaSet',
    apiVersion: 'apps/v1',
    metadata: {
      name: `${metadata.name ?? ''}-${hash}`,
      namespace: metadata.namespace,
      labels: { ...template.metadata?.labels },
      annotations: newestAnnotations(deployment, undefined, revision),
      ownerReferences: [controllerReference(deploymentKind, deployment)],
    },
    spec: {
      replicas: 0,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
      template,
    },
  };
}

/** Brings annotations and minReadySeconds up to date; one that is used again becomes the newest. */
async function renew(
  context: Context,
  { deployment, replicaSet, revision }: { deployment: Deployment; replicaSet: ReplicaSet; revision: number },
): Promise<Noted<ReplicaSet>> {
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      current.metadata.annotations = newestAnnotations(deployment, current.metadata.annotations, revision);
      if (deployment.spec.minReadySeconds === undefined) delete current.spec.minReadySeconds;
      else current.spec.minReadySeconds = deployment.spec.minReadySeconds;
      return current;
    },
  });
  return parseNoted<ReplicaSet>(object);
}

/** Only on the Deployment that was looked at: what has changed meanwhile would count as observed otherwise. */
async function noteRevision(context: Context, deployment: Deployment, newest: ReplicaSet): Promise<Deployment> {
  const revision = String(revisionOf(newest));
  if (deployment.metadata.annotations?.[revisionAnnotation] === revision) return deployment;
  const { object } = await updateObject(context, deploymentKind, {
    key: keyOf(deploymentKind, deployment),
    revision: Number(deployment.metadata.resourceVersion),
    change: (current) => {
      current.metadata.annotations = { ...current.metadata.annotations, [revisionAnnotation]: revision };
      return current;
    },
  });
  return object.parse<Deployment>();
}
