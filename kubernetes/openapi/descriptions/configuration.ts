import { objectFields, type Descriptions } from './descriptions.ts';

/** Settings and credentials of pods, and references to objects. */
export const configurationDescriptions: Descriptions = {
  'io.k8s.api.core.v1.ConfigMap': {
    '': 'Settings by name, for pods to read. Running pods keep those that they were started with.',
    ...objectFields,
    binaryData: 'Entries that are no text, in base64.',
    data: 'Entries that are text.',
    immutable: 'Whether entries can no longer be changed; cannot be taken back.',
  },
  'io.k8s.api.core.v1.Secret': {
    '': 'Credentials by name, for pods to read. Running pods keep those that they were started with.',
    ...objectFields,
    data: 'Entries, in base64.',
    immutable: 'Whether entries can no longer be changed; cannot be taken back.',
    stringData: 'Entries in clear, for writing: the server puts them into data.',
    type: 'What the Secret is for, Opaque unless said. Other types, as kubernetes.io/tls, ask for certain entries.',
  },
  'io.k8s.api.core.v1.ServiceAccount': {
    '': 'An identity that pods act as. Skiff does not hand out its role or token to pods yet.',
    ...objectFields,
    automountServiceAccountToken: 'Whether pods get a token of the account. Skiff mounts none yet.',
    imagePullSecrets: 'Secrets for private registries. Skiff pulls images with the execution role of the installation.',
    secrets: 'Secrets that pods of the account may use.',
  },
  'io.k8s.api.core.v1.LocalObjectReference': {
    '': 'An object of the same namespace, by name.',
    name: 'Its name.',
  },
  'io.k8s.api.core.v1.ObjectReference': {
    '': 'An object of any kind, by name.',
    apiVersion: 'Group and version of the object.',
    fieldPath: 'Part of the object that is meant, like spec.containers{web}.',
    kind: 'Kind of the object.',
    name: 'Name of the object.',
    namespace: 'Namespace of the object.',
    resourceVersion: 'Revision of the object that is meant.',
    uid: 'The uid of the object.',
  },
  'io.k8s.api.core.v1.Namespace': {
    '': 'A space for names: keeps teams apart, and is deleted with all that is in it.',
    ...objectFields,
    spec: 'What the server keeps for its deletion.',
    status: 'Whether it is in use or being deleted.',
  },
  'io.k8s.api.core.v1.NamespaceSpec': {
    '': 'What holds a deleted namespace back.',
    finalizers: 'Work to be done before it goes. `kubernetes` waits until everything in it is gone.',
  },
  'io.k8s.api.core.v1.NamespaceStatus': {
    '': 'Whether a namespace is in use or being deleted.',
    conditions: 'What a deletion is waiting for.',
    phase: 'Active, or Terminating when it is being deleted.',
  },
  'io.k8s.api.core.v1.NamespaceCondition': {
    '': 'One thing that is or is not so of the deletion of a namespace.',
    lastTransitionTime: 'When the status last changed.',
    message: 'Why it is so, for people to read.',
    reason: 'Why it is so, as one word.',
    status: 'True, False or Unknown.',
    type: 'What the condition is about, such as NamespaceContentRemaining.',
  },
};
