import type { Column } from '../table.ts';

interface Replicated {
  readonly spec: { readonly replicas?: number | undefined };
  readonly status?: { readonly replicas: number; readonly readyReplicas?: number | undefined } | undefined;
}

/** How many pods there are to be, are, and are ready, in ReplicaSets and ReplicationControllers. */
export const replicaColumns: readonly Column<Replicated>[] = [
  { name: 'Desired', type: 'integer', cell: ({ spec }) => spec.replicas ?? 0 },
  { name: 'Current', type: 'integer', cell: ({ status }) => status?.replicas ?? 0 },
  { name: 'Ready', type: 'integer', cell: ({ status }) => status?.readyReplicas ?? 0 },
];
