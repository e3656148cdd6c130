import { z } from 'zod';
import { once } from '../once.ts';
import { quantity, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const resourceClaim = once(() =>
  struct(`${core}.ResourceClaim`, {
    name: z.string(),
    request: z.string().optional(),
  }),
);

export const resourceRequirements = once(() =>
  struct(`${core}.ResourceRequirements`, {
    limits: z.record(z.string(), quantity()).optional(),
    requests: z.record(z.string(), quantity()).optional(),
    claims: z
      .array(resourceClaim())
      .meta({ listType: 'map', listMapKeys: ['name'] })
      .optional(),
  }),
);

export const containerResizePolicy = once(() =>
  struct(`${core}.ContainerResizePolicy`, {
    resourceName: z.string(),
    restartPolicy: z.string(),
  }),
);

export const volumeResourceRequirements = once(() =>
  struct(`${core}.VolumeResourceRequirements`, {
    limits: z.record(z.string(), quantity()).optional(),
    requests: z.record(z.string(), quantity()).optional(),
  }),
);

export type ResourceRequirements = z.infer<ReturnType<typeof resourceRequirements>>;
