import { objectFields, type Descriptions } from './descriptions.ts';

const evaluationError = 'What went wrong while it was found out.';

/** Questions of users about themselves. They are answered and not stored. */
export const reviewDescriptions: Descriptions = {
  'io.k8s.api.authentication.v1.SelfSubjectReview': {
    '': 'Asks who I am; what `kubectl auth whoami` sends.',
    ...objectFields,
    status: 'The answer.',
  },
  'io.k8s.api.authentication.v1.SelfSubjectReviewStatus': {
    '': 'Who asked.',
    userInfo: 'The user, as the server knows them.',
  },
  'io.k8s.api.authentication.v1.UserInfo': {
    '': 'A user, as the server knows them.',
    extra: 'What else is known of them.',
    groups: 'Groups that they belong to.',
    uid: 'Their uid, when they have one.',
    username: 'Their name.',
  },
  'io.k8s.api.authorization.v1.SelfSubjectAccessReview': {
    '': 'Asks whether I may do something; what `kubectl auth can-i` sends.',
    ...objectFields,
    spec: 'The question.',
    status: 'The answer.',
  },
  'io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec': {
    '': 'What somebody wants to do: one of these.',
    nonResourceAttributes: 'Something with a path that is no resource.',
    resourceAttributes: 'Something with objects.',
  },
  'io.k8s.api.authorization.v1.ResourceAttributes': {
    '': 'Something that is to be done with objects.',
    fieldSelector: 'Only with objects whose fields are so.',
    group: 'Group of the objects; * for all.',
    labelSelector: 'Only with objects that have these labels.',
    name: 'Name of one object; all unless said.',
    namespace: 'Namespace of the objects; all unless said.',
    resource: 'Resource, like pods; * for all.',
    subresource: 'Subresource, like log.',
    verb: 'What is to be done: get, list, watch, create, update, patch or delete; * for all.',
    version: 'Version of the group; * for all.',
  },
  'io.k8s.api.authorization.v1.FieldSelectorAttributes': {
    '': 'A field selector, as text or in parts.',
    rawSelector: 'The selector as text.',
    requirements: 'The selector in parts.',
  },
  'io.k8s.api.authorization.v1.LabelSelectorAttributes': {
    '': 'A label selector, as text or in parts.',
    rawSelector: 'The selector as text.',
    requirements: 'The selector in parts.',
  },
  'io.k8s.api.authorization.v1.NonResourceAttributes': {
    '': 'Something that is to be done with a path that is no resource.',
    path: 'The path, like /version.',
    verb: 'What is to be done, like get.',
  },
  'io.k8s.api.authorization.v1.SubjectAccessReviewStatus': {
    '': 'Whether somebody may do something.',
    allowed: 'Whether they may.',
    denied: 'Whether they were refused outright, and nobody else is to be asked.',
    evaluationError,
    reason: 'Why, for people to read.',
  },
  'io.k8s.api.authorization.v1.SelfSubjectRulesReview': {
    '': 'Asks all that I may do in a namespace; what `kubectl auth can-i --list` sends.',
    ...objectFields,
    spec: 'The question.',
    status: 'The answer.',
  },
  'io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec': {
    '': 'Where the rules are asked for.',
    namespace: 'The namespace.',
  },
  'io.k8s.api.authorization.v1.SubjectRulesReviewStatus': {
    '': 'All that somebody may do in a namespace.',
    evaluationError,
    incomplete: 'Whether some rules may be missing.',
    nonResourceRules: 'What they may do with paths that are no resources.',
    resourceRules: 'What they may do with objects.',
  },
  'io.k8s.api.authorization.v1.NonResourceRule': {
    '': 'What somebody may do with some paths.',
    nonResourceURLs: 'The paths; * at the end stands for all below.',
    verbs: 'What they may do; * for all.',
  },
  'io.k8s.api.authorization.v1.ResourceRule': {
    '': 'What somebody may do with some objects.',
    apiGroups: 'Groups of the objects; * for all.',
    resourceNames: 'Names of the objects; all unless said.',
    resources: 'Resources, like pods; * for all, pods/log for a subresource.',
    verbs: 'What they may do; * for all.',
  },
};
