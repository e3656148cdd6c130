import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import { timestamp } from '../../../kubernetes/clock.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { objectNotFound } from '../../../kubernetes/status-error.ts';
import type { ObjectKey } from '../../../kubernetes/object.ts';
import type { Owner } from '../../../translate/plan.ts';
import { podTask, setPodTask } from '../../pod-task.ts';
import type { Context } from '../../context.ts';
import { writePod } from '../../write-pod.ts';
import { haveCome, withMissing, withSecrets } from '../recorded-secrets.ts';
import { registerTemplate, type Refused } from '../task-definition.ts';

export const ownerOfPod = ({ metadata }: Pod): Owner => ({
  kind: 'Pod',
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/**
 * The pod with its task definition registered and recorded; or why it cannot run, which its status then says; undefined
 * when it has gone meanwhile.
 */
export async function ensurePodDefinition(
  context: Context,
  pod: Noted<Pod>,
): Promise<{ readonly pod: Noted<Pod>; readonly key: ObjectKey } | Refused | undefined> {
  const key = keyOf(podKind, pod);
  const { taskDefinition, task, stopped } = podTask(pod);
  const runs = task !== undefined && !stopped;
  // A kubelet looks for imagePullSecrets at each pull.
  if (taskDefinition !== undefined && (runs || !(await haveCome(context, pod)))) return { pod, key };
  const { labels, annotations } = pod.metadata;
  const registered = await registerTemplate(context, {
    object: pod,
    owner: ownerOfPod(pod),
    template: {
      metadata: { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) },
      spec: pod.spec,
    },
    path: '',
    revision: pod.metadata.uid ?? '',
    component: 'skiff',
    recordSecrets: async (names) => {
      const written = await writePod(context, pod, (current) => ({
        ...current,
        notes: withSecrets(current.notes, pod.metadata.uid ?? '', names),
      }));
      if (written === undefined) throw objectNotFound(podKind, key.name);
    },
  });
  if ('refused' in registered) {
    await writePod(context, pod, (current) => unschedulable(current, registered.refused, timestamp(context.clock)));
    return registered;
  }
  const after = await writePod(context, pod, (current) => {
    setPodTask(current, { taskDefinition: registered.arn });
    return { ...current, notes: withMissing(current.notes, registered.missingPullSecrets) };
  });
  return after === undefined ? undefined : { pod: after, key };
}

/** As a scheduler says that it found no node. */
export function unschedulable(pod: Noted<Pod>, message: string, now: string): Noted<Pod> {
  const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const same = before?.status === 'False' && before.message === message;
  const condition = same
    ? before
    : {
        type: 'PodScheduled',
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime: now,
        reason: 'Unschedulable',
        message,
      };
  return {
    ...pod,
    status: { ...pod.status, phase: pod.status?.phase ?? 'Pending', conditions: [...others, condition] },
  };
}
