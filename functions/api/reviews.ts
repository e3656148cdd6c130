import { timestamp } from '../../kubernetes/clock.ts';
import {
  selfSubjectReview,
  type SelfSubjectReview,
} from '../../kubernetes/kinds/authentication/self-subject-review.ts';
import {
  selfSubjectAccessReview,
  type SelfSubjectAccessReview,
} from '../../kubernetes/kinds/authorization/self-subject-access-review.ts';
import {
  selfSubjectRulesReview,
  type SelfSubjectRulesReview,
} from '../../kubernetes/kinds/authorization/self-subject-rules-review.ts';
import { required } from '../../kubernetes/field-errors.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { invalidObject } from '../../kubernetes/status-error.ts';
import { mayEverything } from './authorize.ts';
import type { Call } from './call.ts';
import { decodeObject } from './decode-object.ts';
import { negotiate } from './negotiate.ts';
import { writeOptions } from './options.ts';
import { encoded } from './respond.ts';

/** Questions of users about themselves: who I am and what I may do. Anybody who is known may ask. */
export interface Review {
  readonly kind: Kind;
  answer(call: Call): Promise<Response>;
}

export const reviews: readonly Review[] = [
  review(selfSubjectReview, whoAmI),
  review(selfSubjectAccessReview, mayI),
  review(selfSubjectRulesReview, whatMayI),
];

function review<T extends KubernetesObject>(kind: Kind<T>, answer: (question: T, call: Call) => T): Review {
  return {
    kind,
    answer: async (call) => {
      const { media } = negotiate(call.request.headers.get('accept'));
      const { fieldValidation } = writeOptions(call.query, call.request.headers, 'CreateOptions');
      const { object, warnings } = await decodeObject(call, kind, fieldValidation);
      return encoded(JSON.stringify(answer(object, call)), media, { status: 201, warnings });
    },
  };
}

function whoAmI(question: SelfSubjectReview, { user, dependencies }: Call): SelfSubjectReview {
  const { username, uid, groups } = user;
  const userInfo = { username, ...(uid === undefined ? {} : { uid }), groups: [...groups] };
  return { ...question, metadata: { creationTimestamp: timestamp(dependencies.clock) }, status: { userInfo } };
}

function mayI(question: SelfSubjectAccessReview, { user }: Call): SelfSubjectAccessReview {
  const { resourceAttributes, nonResourceAttributes } = question.spec;
  if ((resourceAttributes === undefined) === (nonResourceAttributes === undefined)) {
    const error = required(
      'spec.resourceAttributes',
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
    throw invalidObject(selfSubjectAccessReview, '', [error]);
  }
  return { ...question, status: { allowed: mayEverything(user) } };
}

function whatMayI(question: SelfSubjectRulesReview, { user }: Call): SelfSubjectRulesReview {
  const all = ['*'];
  const everything = mayEverything(user);
  return {
    ...question,
    status: {
      resourceRules: everything ? [{ verbs: all, apiGroups: all, resources: all }] : [],
      nonResourceRules: everything ? [{ verbs: all, nonResourceURLs: all }] : [],
      incomplete: false,
    },
  };
}
