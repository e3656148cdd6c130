import { z } from 'zod';
import { once } from './once.ts';
import { struct } from './schema.ts';

const core = 'io.k8s.api.core.v1';

/** Names an object wherever it lives: what an Event is about, the pod behind an endpoint. */
export const objectReference = once(() =>
  struct(`${core}.ObjectReference`, {
    kind: z.string().optional(),
    namespace: z.string().optional(),
    name: z.string().optional(),
    uid: z.string().optional(),
    apiVersion: z.string().optional(),
    resourceVersion: z.string().optional(),
    fieldPath: z.string().optional(),
  }).meta({ mapType: 'atomic' }),
);

/** Names an object of a known kind in the same namespace. */
export const localObjectReference = once(() =>
  struct(`${core}.LocalObjectReference`, { name: z.string().optional() }).meta({ mapType: 'atomic' }),
);

/** Names an object of any kind in the same namespace. */
export const typedLocalObjectReference = once(() =>
  struct(`${core}.TypedLocalObjectReference`, {
    apiGroup: z.string().optional(),
    kind: z.string(),
    name: z.string(),
  }).meta({ mapType: 'atomic' }),
);

export type ObjectReference = z.infer<ReturnType<typeof objectReference>>;
export type LocalObjectReference = z.infer<ReturnType<typeof localObjectReference>>;
export type TypedLocalObjectReference = z.infer<ReturnType<typeof typedLocalObjectReference>>;
