import { z } from 'zod';
import { once } from '../once.ts';
import { int32, int64, struct } from '../schema.ts';

/** Types that every group has beside its kinds. */
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const typeMeta = { kind: z.string().optional(), apiVersion: z.string().optional() };

export const listMeta = once(() =>
  struct(`${meta}.ListMeta`, {
    selfLink: z.string().optional(),
    resourceVersion: z.string().optional(),
    continue: z.string().optional(),
    remainingItemCount: int64().optional(),
  }),
);

const statusCause = once(() =>
  struct(`${meta}.StatusCause`, {
    reason: z.string().optional(),
    message: z.string().optional(),
    field: z.string().optional(),
  }),
);

const statusDetails = once(() =>
  struct(`${meta}.StatusDetails`, {
    name: z.string().optional(),
    group: z.string().optional(),
    kind: z.string().optional(),
    uid: z.string().optional(),
    causes: z.array(statusCause()).meta({ listType: 'atomic' }).optional(),
    retryAfterSeconds: int32().optional(),
  }),
);

export const status = once(() =>
  struct(`${meta}.Status`, {
    ...typeMeta,
    metadata: listMeta().optional(),
    status: z.string().optional(),
    message: z.string().optional(),
    reason: z.string().optional(),
    details: statusDetails().optional(),
    code: int32().optional(),
  }),
);

const preconditions = once(() =>
  struct(`${meta}.Preconditions`, { uid: z.string().optional(), resourceVersion: z.string().optional() }),
);

export const deleteOptions = once(() =>
  struct(`${meta}.DeleteOptions`, {
    ...typeMeta,
    gracePeriodSeconds: int64().optional(),
    preconditions: preconditions().optional(),
    orphanDependents: z.boolean().optional(),
    propagationPolicy: z.string().optional(),
    dryRun: z.array(z.string()).meta({ listType: 'atomic' }).optional(),
    ignoreStoreReadErrorWithClusterBreakingPotential: z.boolean().optional(),
  }),
);
