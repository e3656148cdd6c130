import { keyOf, type Kind } from '../../../kubernetes/kind.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { controllerOf, controllerReference, isControlledBy } from '../../../kubernetes/owner.ts';
import { matchesLabels, type LabelSelector } from '../../../kubernetes/selector.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Context } from '../../context.ts';
import { hasOwnTask, podTask } from '../../pod-task.ts';
import { listObjects } from '../../read-objects.ts';
import { costOf } from './deletion-cost.ts';

export interface Adopter {
  readonly kind: Kind;
  readonly object: KubernetesObject;
  readonly selector: LabelSelector;
  /** How many pods there are to be in all. */
  readonly replicas: number;
}

/**
 * Pods that somebody has made by hand and that the selector matches count among the workload's own, as in Kubernetes: they
 * get it as their controller, and lose it when their labels do not match any more. Of those that are too many the ones go
 * whose deletion costs least. Answers how many there are: the ECS service has to run the others.
 */
export async function adoptPods(context: Context, adopter: Adopter): Promise<number> {
  const { metadata } = adopter.object;
  const pods = await listObjects(context.store, podKind, {
    namespace: metadata.namespace ?? '',
    // Those of services have none: most pods are not even parsed.
    where: hasOwnTask,
  });
  const active = pods.filter(isActive);
  const mine: Pod[] = [];
  const owner = { kind: adopter.kind, owner: adopter.object };
  for (const pod of active) {
    const matches = matchesLabels(adopter.selector, pod.metadata.labels);
    if (isControlledBy(pod, owner)) {
      if (matches) mine.push(pod);
      else await setController(context, adopter, { pod, controls: false });
    } else if (matches && controllerOf(pod) === undefined && metadata.deletionTimestamp === undefined) {
      if (await setController(context, adopter, { pod, controls: true })) mine.push(pod);
    }
  }
  const surplus = mine.toSorted((a, b) => costOf(b) - costOf(a)).slice(adopter.replicas);
  for (const pod of surplus) {
    await deleteObject(context, podKind, { key: keyOf(podKind, pod), preconditions: { uid: pod.metadata.uid } });
  }
  return mine.length - surplus.length;
}

/** One that has not been started yet is left to start first: whoever has a controller is started by nobody else. */
const isActive = (pod: Noted<Pod>): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  podTask(pod).task !== undefined &&
  !podTask(pod).stopped &&
  pod.status?.phase !== 'Succeeded' &&
  pod.status?.phase !== 'Failed';

/** Gives the pod this controller or takes it away. Tells whether it is so then. */
async function setController(
  context: Context,
  { kind, object }: Adopter,
  { pod, controls }: { readonly pod: Pod; readonly controls: boolean },
): Promise<boolean> {
  const uid = object.metadata.uid ?? '';
  const { object: written } = await updateObject(context, podKind, {
    key: keyOf(podKind, pod),
    change: (current) => {
      if (current.metadata.uid !== pod.metadata.uid) return undefined;
      if (controls && controllerOf(current) !== undefined) return undefined;
      const others = (current.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
      const references = controls ? [...others, controllerReference(kind, object)] : others;
      if (references.length === 0) delete current.metadata.ownerReferences;
      else current.metadata.ownerReferences = references;
      return current;
    },
  });
  return isControlledBy(written.parse<Pod>(), { kind, owner: object }) === controls;
}
