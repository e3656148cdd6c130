import { z } from 'zod';
import { labelSelector } from '../label-selector.ts';
import { objectMeta } from '../object-meta.ts';
import { typedLocalObjectReference } from '../object-reference.ts';
import { once } from '../once.ts';
import { atomicList, struct } from '../schema.ts';
import { volumeResourceRequirements } from './resources.ts';

const core = 'io.k8s.api.core.v1';

export const typedObjectReference = once(() =>
  struct(`${core}.TypedObjectReference`, {
    apiGroup: z.string().optional(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
  }),
);

export const persistentVolumeClaimSpec = once(() =>
  struct(`${core}.PersistentVolumeClaimSpec`, {
    accessModes: atomicList(z.string()).optional(),
    selector: labelSelector().optional(),
    resources: volumeResourceRequirements().optional(),
    volumeName: z.string().optional(),
    storageClassName: z.string().optional(),
    volumeMode: z.string().optional(),
    dataSource: typedLocalObjectReference().optional(),
    dataSourceRef: typedObjectReference().optional(),
    volumeAttributesClassName: z.string().optional(),
  }),
);

export const persistentVolumeClaimTemplate = once(() =>
  struct(`${core}.PersistentVolumeClaimTemplate`, {
    metadata: objectMeta().optional(),
    spec: persistentVolumeClaimSpec(),
  }),
);

export const ephemeralVolumeSource = once(() =>
  struct(`${core}.EphemeralVolumeSource`, {
    volumeClaimTemplate: persistentVolumeClaimTemplate().optional(),
  }),
);
