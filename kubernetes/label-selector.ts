import { z } from 'zod';
import { once } from './once.ts';
import { atomicList, stringMap, struct } from './schema.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const labelSelectorRequirement = once(() =>
  struct(`${meta}.LabelSelectorRequirement`, {
    key: z.string(),
    operator: z.string(),
    values: atomicList(z.string()).optional(),
  }),
);

/** The selector of workloads, policies and affinities; selector.ts says what it means. */
export const labelSelector = once(() =>
  struct(`${meta}.LabelSelector`, {
    matchLabels: stringMap().optional(),
    matchExpressions: atomicList(labelSelectorRequirement()).optional(),
  }).meta({ mapType: 'atomic' }),
);
