import { z } from 'zod';
import { labelSelector } from '../label-selector.ts';
import { once } from '../once.ts';
import { atomicList, int32, int64, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const toleration = once(() =>
  struct(`${core}.Toleration`, {
    key: z.string().optional(),
    operator: z.string().optional(),
    value: z.string().optional(),
    effect: z.string().optional(),
    tolerationSeconds: int64().optional(),
  }),
);

export const topologySpreadConstraint = once(() =>
  struct(`${core}.TopologySpreadConstraint`, {
    maxSkew: int32(),
    topologyKey: z.string(),
    whenUnsatisfiable: z.string(),
    labelSelector: labelSelector().optional(),
    minDomains: int32().optional(),
    nodeAffinityPolicy: z.string().optional(),
    nodeTaintsPolicy: z.string().optional(),
    matchLabelKeys: atomicList(z.string()).optional(),
  }),
);

export const podSchedulingGate = once(() =>
  struct(`${core}.PodSchedulingGate`, {
    name: z.string(),
  }),
);

export const podReadinessGate = once(() =>
  struct(`${core}.PodReadinessGate`, {
    conditionType: z.string(),
  }),
);

export const podOS = once(() =>
  struct(`${core}.PodOS`, {
    name: z.string(),
  }),
);

export const podResourceClaim = once(() =>
  struct(`${core}.PodResourceClaim`, {
    name: z.string(),
    resourceClaimName: z.string().optional(),
    resourceClaimTemplateName: z.string().optional(),
  }),
);

export type Toleration = z.infer<ReturnType<typeof toleration>>;
export type TopologySpreadConstraint = z.infer<ReturnType<typeof topologySpreadConstraint>>;
