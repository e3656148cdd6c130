import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { atomicList, struct } from '../../schema.ts';

const authentication = 'io.k8s.api.authentication.v1';

const schema = once(() =>
  struct(`${authentication}.SelfSubjectReview`, {
    kind: z.literal('SelfSubjectReview'),
    apiVersion: z.literal('authentication.k8s.io/v1'),
    metadata: objectMeta(),
    status: struct(`${authentication}.SelfSubjectReviewStatus`, {
      userInfo: struct(`${authentication}.UserInfo`, {
        username: z.string().optional(),
        uid: z.string().optional(),
        groups: atomicList(z.string()).optional(),
        extra: z.record(z.string(), z.array(z.string())).optional(),
      }).optional(),
    }).optional(),
  }),
);

export type SelfSubjectReview = z.infer<ReturnType<typeof schema>>;

/** A question: who am I? Answered when it is made, and never stored. */
export const selfSubjectReview = defineKind<SelfSubjectReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  verbs: ['create'],
  schema,
  nameProblems: () => [],
  columns: [],
});
