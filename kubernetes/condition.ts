import { z } from 'zod';
import { once } from './once.ts';
import { int64, struct, time } from './schema.ts';

/** `metav1.Condition`, the conditions of newer kinds; older ones have types of their own. */
export const condition = once(() =>
  struct('io.k8s.apimachinery.pkg.apis.meta.v1.Condition', {
    type: z.string(),
    status: z.string(),
    observedGeneration: int64().optional(),
    lastTransitionTime: time(),
    reason: z.string(),
    message: z.string(),
  }),
);
