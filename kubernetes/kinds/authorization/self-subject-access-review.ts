import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { atomicList, struct } from '../../schema.ts';

const authorization = 'io.k8s.api.authorization.v1';
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Selectors that narrow a question down to some of the objects. */
const selectorAttributes = <Requirement extends z.ZodType>(id: string, requirement: Requirement) =>
  struct(id, { rawSelector: z.string().optional(), requirements: atomicList(requirement).optional() });

const requirementOf = (id: string) =>
  struct(id, { key: z.string(), operator: z.string(), values: atomicList(z.string()).optional() });

const resourceAttributes = once(() =>
  struct(`${authorization}.ResourceAttributes`, {
    namespace: z.string().optional(),
    verb: z.string().optional(),
    group: z.string().optional(),
    version: z.string().optional(),
    resource: z.string().optional(),
    subresource: z.string().optional(),
    name: z.string().optional(),
    fieldSelector: selectorAttributes(
      `${authorization}.FieldSelectorAttributes`,
      requirementOf(`${meta}.FieldSelectorRequirement`),
    ).optional(),
    labelSelector: selectorAttributes(
      `${authorization}.LabelSelectorAttributes`,
      requirementOf(`${meta}.LabelSelectorRequirement`),
    ).optional(),
  }),
);

const schema = once(() =>
  struct(`${authorization}.SelfSubjectAccessReview`, {
    kind: z.literal('SelfSubjectAccessReview'),
    apiVersion: z.literal('authorization.k8s.io/v1'),
    metadata: objectMeta(),
    spec: struct(`${authorization}.SelfSubjectAccessReviewSpec`, {
      resourceAttributes: resourceAttributes().optional(),
      nonResourceAttributes: struct(`${authorization}.NonResourceAttributes`, {
        path: z.string().optional(),
        verb: z.string().optional(),
      }).optional(),
    }),
    status: struct(`${authorization}.SubjectAccessReviewStatus`, {
      allowed: z.boolean(),
      denied: z.boolean().optional(),
      reason: z.string().optional(),
      evaluationError: z.string().optional(),
    }).optional(),
  }),
);

export type SelfSubjectAccessReview = z.infer<ReturnType<typeof schema>>;

/** A question: may I do this? Answered when it is made, and never stored. */
export const selfSubjectAccessReview = defineKind<SelfSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
  schema,
  nameProblems: () => [],
  columns: [],
});
