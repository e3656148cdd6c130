import { z } from 'zod';
import { localObjectReference } from '../object-reference.ts';
import { once } from '../once.ts';
import { atomicList, int32, quantity, stringMap, struct } from '../schema.ts';
import { keyToPath, objectFieldSelector, resourceFieldSelector } from './key-selector.ts';

const core = 'io.k8s.api.core.v1';

export const hostPathVolumeSource = once(() =>
  struct(`${core}.HostPathVolumeSource`, {
    path: z.string(),
    type: z.string().optional(),
  }),
);

export const emptyDirVolumeSource = once(() =>
  struct(`${core}.EmptyDirVolumeSource`, {
    medium: z.string().optional(),
    sizeLimit: quantity().optional(),
  }),
);

export const secretVolumeSource = once(() =>
  struct(`${core}.SecretVolumeSource`, {
    secretName: z.string().optional(),
    items: atomicList(keyToPath()).optional(),
    defaultMode: int32().optional(),
    optional: z.boolean().optional(),
  }),
);

export const configMapVolumeSource = once(() =>
  struct(`${core}.ConfigMapVolumeSource`, {
    name: z.string().optional(),
    items: atomicList(keyToPath()).optional(),
    defaultMode: int32().optional(),
    optional: z.boolean().optional(),
  }),
);

export const nfsVolumeSource = once(() =>
  struct(`${core}.NFSVolumeSource`, {
    server: z.string(),
    path: z.string(),
    readOnly: z.boolean().optional(),
  }),
);

export const persistentVolumeClaimVolumeSource = once(() =>
  struct(`${core}.PersistentVolumeClaimVolumeSource`, {
    claimName: z.string(),
    readOnly: z.boolean().optional(),
  }),
);

export const downwardAPIVolumeFile = once(() =>
  struct(`${core}.DownwardAPIVolumeFile`, {
    path: z.string(),
    fieldRef: objectFieldSelector().optional(),
    resourceFieldRef: resourceFieldSelector().optional(),
    mode: int32().optional(),
  }),
);

export const downwardAPIVolumeSource = once(() =>
  struct(`${core}.DownwardAPIVolumeSource`, {
    items: atomicList(downwardAPIVolumeFile()).optional(),
    defaultMode: int32().optional(),
  }),
);

export const csiVolumeSource = once(() =>
  struct(`${core}.CSIVolumeSource`, {
    driver: z.string(),
    readOnly: z.boolean().optional(),
    fsType: z.string().optional(),
    volumeAttributes: stringMap().optional(),
    nodePublishSecretRef: localObjectReference().optional(),
  }),
);

export const imageVolumeSource = once(() =>
  struct(`${core}.ImageVolumeSource`, {
    reference: z.string().optional(),
    pullPolicy: z.string().optional(),
  }),
);

export const gitRepoVolumeSource = once(() =>
  struct(`${core}.GitRepoVolumeSource`, {
    repository: z.string(),
    revision: z.string().optional(),
    directory: z.string().optional(),
  }),
);

export type DownwardAPIVolumeFile = z.infer<ReturnType<typeof downwardAPIVolumeFile>>;
