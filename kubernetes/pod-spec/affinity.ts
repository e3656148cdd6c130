import { z } from 'zod';
import { labelSelector } from '../label-selector.ts';
import { once } from '../once.ts';
import { atomicList, int32, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const nodeSelectorRequirement = once(() =>
  struct(`${core}.NodeSelectorRequirement`, {
    key: z.string(),
    operator: z.string(),
    values: atomicList(z.string()).optional(),
  }),
);

export const nodeSelectorTerm = once(() =>
  struct(`${core}.NodeSelectorTerm`, {
    matchExpressions: atomicList(nodeSelectorRequirement()).optional(),
    matchFields: atomicList(nodeSelectorRequirement()).optional(),
  }).meta({ mapType: 'atomic' }),
);

export const nodeSelector = once(() =>
  struct(`${core}.NodeSelector`, {
    nodeSelectorTerms: atomicList(nodeSelectorTerm()),
  }).meta({ mapType: 'atomic' }),
);

export const preferredSchedulingTerm = once(() =>
  struct(`${core}.PreferredSchedulingTerm`, {
    weight: int32(),
    preference: nodeSelectorTerm(),
  }),
);

export const nodeAffinity = once(() =>
  struct(`${core}.NodeAffinity`, {
    requiredDuringSchedulingIgnoredDuringExecution: nodeSelector().optional(),
    preferredDuringSchedulingIgnoredDuringExecution: atomicList(preferredSchedulingTerm()).optional(),
  }),
);

export const podAffinityTerm = once(() =>
  struct(`${core}.PodAffinityTerm`, {
    labelSelector: labelSelector().optional(),
    namespaces: atomicList(z.string()).optional(),
    topologyKey: z.string(),
    namespaceSelector: labelSelector().optional(),
    matchLabelKeys: atomicList(z.string()).optional(),
    mismatchLabelKeys: atomicList(z.string()).optional(),
  }),
);

export const weightedPodAffinityTerm = once(() =>
  struct(`${core}.WeightedPodAffinityTerm`, {
    weight: int32(),
    podAffinityTerm: podAffinityTerm(),
  }),
);

export const podAffinity = once(() =>
  struct(`${core}.PodAffinity`, {
    requiredDuringSchedulingIgnoredDuringExecution: atomicList(podAffinityTerm()).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: atomicList(weightedPodAffinityTerm()).optional(),
  }),
);

export const podAntiAffinity = once(() =>
  struct(`${core}.PodAntiAffinity`, {
    requiredDuringSchedulingIgnoredDuringExecution: atomicList(podAffinityTerm()).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: atomicList(weightedPodAffinityTerm()).optional(),
  }),
);

export const affinity = once(() =>
  struct(`${core}.Affinity`, {
    nodeAffinity: nodeAffinity().optional(),
    podAffinity: podAffinity().optional(),
    podAntiAffinity: podAntiAffinity().optional(),
  }),
);

export type Affinity = z.infer<ReturnType<typeof affinity>>;
export type NodeSelectorTerm = z.infer<ReturnType<typeof nodeSelectorTerm>>;
export type PodAffinityTerm = z.infer<ReturnType<typeof podAffinityTerm>>;
export type NodeSelectorRequirement = z.infer<ReturnType<typeof nodeSelectorRequirement>>;
