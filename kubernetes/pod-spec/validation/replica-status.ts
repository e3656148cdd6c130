import { invalid, under, type FieldError } from '../../field-errors.ts';
import { nonNegative } from '../../field-rules.ts';

interface ReplicaStatus {
  readonly replicas?: number | undefined;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly collisionCount?: number | undefined;
}

const counts = [
  'replicas',
  'fullyLabeledReplicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'observedGeneration',
  'collisionCount',
] as const;

/** Everything wrong with the counts in the status of a Deployment, ReplicaSet or ReplicationController. */
export function validateReplicaStatus(status: ReplicaStatus = {}): readonly FieldError[] {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const parts = ['fullyLabeledReplicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'] as const;
  return [
    ...counts.flatMap((field) => nonNegative(under('status', field), status[field])),
    ...parts
      .filter((field) => (status[field] ?? 0) > replicas)
      .map((field) => invalid(under('status', field), status[field], 'cannot be greater than status.replicas')),
    ...(availableReplicas > readyReplicas
      ? [invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas')]
      : []),
  ];
}
