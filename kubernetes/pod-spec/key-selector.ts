import { z } from 'zod';
import { once } from '../once.ts';
import { int32, quantity, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const configMapKeySelector = once(() =>
  struct(`${core}.ConfigMapKeySelector`, {
    name: z.string().optional(),
    key: z.string(),
    optional: z.boolean().optional(),
  }).meta({ mapType: 'atomic' }),
);

export const secretKeySelector = once(() =>
  struct(`${core}.SecretKeySelector`, {
    name: z.string().optional(),
    key: z.string(),
    optional: z.boolean().optional(),
  }).meta({ mapType: 'atomic' }),
);

export const objectFieldSelector = once(() =>
  struct(`${core}.ObjectFieldSelector`, {
    apiVersion: z.string().optional(),
    fieldPath: z.string(),
  }).meta({ mapType: 'atomic' }),
);

export const resourceFieldSelector = once(() =>
  struct(`${core}.ResourceFieldSelector`, {
    containerName: z.string().optional(),
    resource: z.string(),
    divisor: quantity().optional(),
  }).meta({ mapType: 'atomic' }),
);

export const keyToPath = once(() =>
  struct(`${core}.KeyToPath`, {
    key: z.string(),
    path: z.string(),
    mode: int32().optional(),
  }),
);

export type KeyToPath = z.infer<ReturnType<typeof keyToPath>>;
export type ObjectFieldSelector = z.infer<ReturnType<typeof objectFieldSelector>>;
export type ResourceFieldSelector = z.infer<ReturnType<typeof resourceFieldSelector>>;
