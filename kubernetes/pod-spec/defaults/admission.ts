import { mirrorServiceAccount } from './pod-spec.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { Toleration } from '../scheduling.ts';

/** What the admission plugins of a kube-apiserver, which are on by default, add to Pods. */

/** ServiceAccount: a new Pod runs as `default` when it does not say. */
export function admitServiceAccount(spec: PodSpec): void {
  if (!spec.serviceAccountName) spec.serviceAccountName = 'default';
  mirrorServiceAccount(spec);
}

/** The priority classes that every cluster has. */
const priorities: Readonly<Record<string, number | undefined>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** Priority, and DefaultTolerationSeconds: five minutes on a node that is lost. */
export function admitScheduling(spec: PodSpec): void {
  spec.priority ??= priorities[spec.priorityClassName ?? ''] ?? 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) => !spec.tolerations?.some((toleration) => covers(toleration, key)),
  );
  if (missing.length === 0) return;
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  spec.tolerations = [...(spec.tolerations ?? []), ...added];
}

const covers = ({ key, effect }: Toleration, taint: string): boolean =>
  (!key || key === taint) && (!effect || effect === 'NoExecute');
