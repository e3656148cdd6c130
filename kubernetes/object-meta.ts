import { z } from 'zod';
import { once } from './once.ts';
import { atomicList, int64, mapList, stringMap, struct, time } from './schema.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const ownerReference = once(() =>
  struct(`${meta}.OwnerReference`, {
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    uid: z.string(),
    controller: z.boolean().optional(),
    blockOwnerDeletion: z.boolean().optional(),
  }).meta({ id: `${meta}.OwnerReference`, mapType: 'atomic' }),
);

const managedFieldsEntry = once(() =>
  struct(`${meta}.ManagedFieldsEntry`, {
    manager: z.string().optional(),
    operation: z.string().optional(),
    apiVersion: z.string().optional(),
    time: time().optional(),
    fieldsType: z.string().optional(),
    fieldsV1: z
      .record(z.string(), z.unknown())
      .meta({ id: `${meta}.FieldsV1` })
      .optional(),
    subresource: z.string().optional(),
  }),
);

export const objectMeta = once(() =>
  struct(`${meta}.ObjectMeta`, {
    name: z.string().optional(),
    generateName: z.string().optional(),
    namespace: z.string().optional(),
    selfLink: z.string().optional(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    generation: int64().optional(),
    creationTimestamp: time().nullable().optional(),
    deletionTimestamp: time().optional(),
    deletionGracePeriodSeconds: int64().optional(),
    labels: stringMap().optional(),
    annotations: stringMap().optional(),
    ownerReferences: mapList(ownerReference(), ['uid']).optional(),
    finalizers: z.array(z.string()).meta({ listType: 'set', patchStrategy: 'merge' }).optional(),
    managedFields: atomicList(managedFieldsEntry()).optional(),
  }),
);

export type ObjectMeta = z.infer<ReturnType<typeof objectMeta>>;
export type OwnerReference = z.infer<ReturnType<typeof ownerReference>>;
export type ManagedFieldsEntry = z.infer<ReturnType<typeof managedFieldsEntry>>;
