import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { deleteOptions } from '../../openapi/meta-types.ts';
import { struct } from '../../schema.ts';

const schema = once(() =>
  struct('io.k8s.api.policy.v1.Eviction', {
    kind: z.literal('Eviction'),
    apiVersion: z.literal('policy/v1'),
    metadata: objectMeta(),
    deleteOptions: deleteOptions().optional(),
  }),
);

export type Eviction = z.infer<ReturnType<typeof schema>>;

/** The body of the eviction subresource of pods. It is no resource of its own, so the registry does not list it. */
export const eviction = defineKind<Eviction>({
  group: 'policy',
  version: 'v1',
  kind: 'Eviction',
  plural: 'evictions',
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  columns: [],
});
