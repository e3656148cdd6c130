import { z } from 'zod';
import { labelSelector } from '../label-selector.ts';
import { once } from '../once.ts';
import { atomicList, int32, int64, struct } from '../schema.ts';
import { keyToPath } from './key-selector.ts';
import { downwardAPIVolumeFile } from './plain-volume.ts';

const core = 'io.k8s.api.core.v1';

export const secretProjection = once(() =>
  struct(`${core}.SecretProjection`, {
    name: z.string().optional(),
    items: atomicList(keyToPath()).optional(),
    optional: z.boolean().optional(),
  }),
);

export const configMapProjection = once(() =>
  struct(`${core}.ConfigMapProjection`, {
    name: z.string().optional(),
    items: atomicList(keyToPath()).optional(),
    optional: z.boolean().optional(),
  }),
);

export const downwardAPIProjection = once(() =>
  struct(`${core}.DownwardAPIProjection`, {
    items: atomicList(downwardAPIVolumeFile()).optional(),
  }),
);

export const serviceAccountTokenProjection = once(() =>
  struct(`${core}.ServiceAccountTokenProjection`, {
    audience: z.string().optional(),
    expirationSeconds: int64().optional(),
    path: z.string(),
  }),
);

export const clusterTrustBundleProjection = once(() =>
  struct(`${core}.ClusterTrustBundleProjection`, {
    name: z.string().optional(),
    signerName: z.string().optional(),
    labelSelector: labelSelector().optional(),
    optional: z.boolean().optional(),
    path: z.string(),
  }),
);

export const volumeProjection = once(() =>
  struct(`${core}.VolumeProjection`, {
    secret: secretProjection().optional(),
    downwardAPI: downwardAPIProjection().optional(),
    configMap: configMapProjection().optional(),
    serviceAccountToken: serviceAccountTokenProjection().optional(),
    clusterTrustBundle: clusterTrustBundleProjection().optional(),
  }),
);

export const projectedVolumeSource = once(() =>
  struct(`${core}.ProjectedVolumeSource`, {
    sources: atomicList(volumeProjection()).optional(),
    defaultMode: int32().optional(),
  }),
);

export type ProjectedVolumeSource = z.infer<ReturnType<typeof projectedVolumeSource>>;
export type VolumeProjection = z.infer<ReturnType<typeof volumeProjection>>;
