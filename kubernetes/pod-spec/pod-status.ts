import { z } from 'zod';
import { once } from '../once.ts';
import { atomicList, int64, mapList, struct, time } from '../schema.ts';
import { containerStatus } from './container-status.ts';

const core = 'io.k8s.api.core.v1';

export const podCondition = once(() =>
  struct(`${core}.PodCondition`, {
    type: z.string(),
    observedGeneration: int64().optional(),
    status: z.string(),
    lastProbeTime: time().nullable().optional(),
    lastTransitionTime: time().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

export const hostIP = once(() =>
  struct(`${core}.HostIP`, {
    ip: z.string(),
  }),
);

export const podIP = once(() =>
  struct(`${core}.PodIP`, {
    ip: z.string(),
  }),
);

export const podResourceClaimStatus = once(() =>
  struct(`${core}.PodResourceClaimStatus`, {
    name: z.string(),
    resourceClaimName: z.string().optional(),
  }),
);

export const podStatus = once(() =>
  struct(`${core}.PodStatus`, {
    observedGeneration: int64().optional(),
    phase: z.string().optional(),
    conditions: mapList(podCondition(), ['type']).optional(),
    message: z.string().optional(),
    reason: z.string().optional(),
    nominatedNodeName: z.string().optional(),
    hostIP: z.string().optional(),
    hostIPs: z.array(hostIP()).meta({ listType: 'atomic', patchStrategy: 'merge', patchMergeKey: 'ip' }).optional(),
    podIP: z.string().optional(),
    podIPs: mapList(podIP(), ['ip']).optional(),
    startTime: time().optional(),
    initContainerStatuses: atomicList(containerStatus()).optional(),
    containerStatuses: atomicList(containerStatus()).optional(),
    qosClass: z.string().optional(),
    ephemeralContainerStatuses: atomicList(containerStatus()).optional(),
    resize: z.string().optional(),
    resourceClaimStatuses: mapList(podResourceClaimStatus(), ['name'])
      .meta({ patchStrategy: 'merge,retainKeys' })
      .optional(),
  }),
);

export type PodStatus = z.infer<ReturnType<typeof podStatus>>;
export type PodCondition = z.infer<ReturnType<typeof podCondition>>;
