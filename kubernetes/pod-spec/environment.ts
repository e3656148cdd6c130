import { z } from 'zod';
import { once } from '../once.ts';
import { struct } from '../schema.ts';
import { configMapKeySelector, objectFieldSelector, resourceFieldSelector, secretKeySelector } from './key-selector.ts';

const core = 'io.k8s.api.core.v1';

export const envVarSource = once(() =>
  struct(`${core}.EnvVarSource`, {
    fieldRef: objectFieldSelector().optional(),
    resourceFieldRef: resourceFieldSelector().optional(),
    configMapKeyRef: configMapKeySelector().optional(),
    secretKeyRef: secretKeySelector().optional(),
  }),
);

export const envVar = once(() =>
  struct(`${core}.EnvVar`, {
    name: z.string(),
    value: z.string().optional(),
    valueFrom: envVarSource().optional(),
  }),
);

export const configMapEnvSource = once(() =>
  struct(`${core}.ConfigMapEnvSource`, {
    name: z.string().optional(),
    optional: z.boolean().optional(),
  }),
);

export const secretEnvSource = once(() =>
  struct(`${core}.SecretEnvSource`, {
    name: z.string().optional(),
    optional: z.boolean().optional(),
  }),
);

export const envFromSource = once(() =>
  struct(`${core}.EnvFromSource`, {
    prefix: z.string().optional(),
    configMapRef: configMapEnvSource().optional(),
    secretRef: secretEnvSource().optional(),
  }),
);

export type EnvVar = z.infer<ReturnType<typeof envVar>>;
export type EnvFromSource = z.infer<ReturnType<typeof envFromSource>>;
export type EnvVarSource = z.infer<ReturnType<typeof envVarSource>>;
