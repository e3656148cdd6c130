import type { z } from 'zod';
import { objectMeta } from '../object-meta.ts';
import { once } from '../once.ts';
import { struct } from '../schema.ts';
import { podSpec } from './pod-spec.ts';

const core = 'io.k8s.api.core.v1';

export const podTemplateSpec = once(() =>
  struct(`${core}.PodTemplateSpec`, {
    metadata: objectMeta().optional(),
    spec: podSpec().default(() => ({ containers: [] })),
  }),
);

export type PodTemplateSpec = z.infer<ReturnType<typeof podTemplateSpec>>;
