import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { atomicList, struct } from '../../schema.ts';

const authorization = 'io.k8s.api.authorization.v1';

const schema = once(() =>
  struct(`${authorization}.SelfSubjectRulesReview`, {
    kind: z.literal('SelfSubjectRulesReview'),
    apiVersion: z.literal('authorization.k8s.io/v1'),
    metadata: objectMeta(),
    spec: struct(`${authorization}.SelfSubjectRulesReviewSpec`, { namespace: z.string().optional() }),
    status: struct(`${authorization}.SubjectRulesReviewStatus`, {
      resourceRules: atomicList(
        struct(`${authorization}.ResourceRule`, {
          verbs: atomicList(z.string()),
          apiGroups: atomicList(z.string()).optional(),
          resources: atomicList(z.string()).optional(),
          resourceNames: atomicList(z.string()).optional(),
        }),
      ),
      nonResourceRules: atomicList(
        struct(`${authorization}.NonResourceRule`, {
          verbs: atomicList(z.string()),
          nonResourceURLs: atomicList(z.string()).optional(),
        }),
      ),
      incomplete: z.boolean(),
      evaluationError: z.string().optional(),
    }).optional(),
  }),
);

export type SelfSubjectRulesReview = z.infer<ReturnType<typeof schema>>;

/** A question: what may I do in a namespace? Answered when it is made, and never stored. */
export const selfSubjectRulesReview = defineKind<SelfSubjectRulesReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  verbs: ['create'],
  schema,
  nameProblems: () => [],
  columns: [],
});
