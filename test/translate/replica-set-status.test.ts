import { describe, expect, test } from 'vitest';
import type { Pod } from '../../kubernetes/kinds/core/pod.ts';
import { replicaSetStatus, secondsUntilAvailable } from '../../translate/replica-set-status.ts';

const now = '2026-01-01T00:01:00Z';
const pod = (
  options: { readySince?: string; phase?: string; labels?: Record<string, string>; deleted?: boolean } = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    labels: options.labels ?? { app: 'web' },
    ...(options.deleted === true ? { deletionTimestamp: now } : {}),
  },
  spec: { containers: [{ name: 'web' }] },
  status: {
    phase: options.phase ?? 'Running',
    conditions: [
      options.readySince === undefined
        ? { type: 'Ready', status: 'False' }
        : { type: 'Ready', status: 'True', lastTransitionTime: options.readySince },
    ],
  },
});
const observe = (pods: Pod[], minReadySeconds = 0) => ({
  generation: 4,
  templateLabels: { app: 'web' },
  minReadySeconds,
  pods,
  now,
});

describe('the status of a ReplicaSet', () => {
  test('leaves out counts of nothing, but for replicas', () => {
    expect(replicaSetStatus(observe([]))).toEqual({ replicas: 0, observedGeneration: 4 });
  });

  test('counts pods by what they are', () => {
    const pods = [pod({ readySince: now }), pod(), pod({ readySince: now, labels: { app: 'other' } })];
    expect(replicaSetStatus(observe(pods))).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      observedGeneration: 4,
    });
  });

  test('does not count pods that have ended or are being deleted', () => {
    const pods = [
      pod({ phase: 'Failed', readySince: now }),
      pod({ phase: 'Succeeded' }),
      pod({ deleted: true, readySince: now }),
    ];
    expect(replicaSetStatus(observe(pods)).replicas).toBe(0);
  });

  test('counts a pod as available when it has been ready for minReadySeconds, to the second', () => {
    const pods = [pod({ readySince: '2026-01-01T00:00:50Z' }), pod({ readySince: '2026-01-01T00:00:51Z' })];
    expect(replicaSetStatus(observe(pods, 10))).toMatchObject({ readyReplicas: 2, availableReplicas: 1 });
    expect(secondsUntilAvailable(observe(pods, 10))).toBe(1);
    expect(secondsUntilAvailable(observe(pods, 9))).toBeUndefined();
  });
});
