import type { Descriptions } from './descriptions.ts';

/** What objects of all kinds are made of. */
export const metaDescriptions: Descriptions = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': {
    '': 'Who the object is, how it is labelled, who owns it, and what the server keeps of it.',
    annotations:
      'Notes of people and tools, by name; nothing is selected by them. Those under skiff.dev/ are wishes to Skiff.',
    creationTimestamp: 'When the object was created. Set by the server.',
    deletionGracePeriodSeconds: 'Seconds that a deleted object is given to end. Set by the server.',
    deletionTimestamp: 'When a deleted object is to be gone; from then on nothing keeps it alive. Set by the server.',
    finalizers: 'Work that is to be done before a deleted object may go; whoever did it takes its name off the list.',
    generateName: 'Start of a name that the server completes with random letters, when no name is given.',
    generation: 'Counts the changes of what is wanted; the status says up to which one it has been seen.',
    labels: 'Short values by name, by which selectors and `kubectl get -l` find the object.',
    managedFields: 'Which tool last set which fields; server-side apply finds conflicts by it.',
    name: 'The name, unique among objects of the kind in a namespace; it cannot be changed.',
    namespace: 'The namespace that the object lives in, “default” unless said; it cannot be changed.',
    ownerReferences: 'Objects that this one belongs to: when all of them are gone, it goes too.',
    resourceVersion:
      'Revision at which the object was last written; sent along, a write fails if there is a newer one.',
    selfLink: 'Was the URL of the object; no longer set.',
    uid: 'Tells this object from others that had or will have its name. Set by the server.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference': {
    '': 'An object, in the same namespace or in none, to which another one belongs.',
    apiVersion: 'Group and version of the owner.',
    blockOwnerDeletion: 'Whether a foreground deletion of the owner waits until this object is gone.',
    controller: 'Whether the owner is the one that manages the object, as a ReplicaSet its pods; at most one is.',
    kind: 'Kind of the owner.',
    name: 'Name of the owner.',
    uid: 'The uid of the owner: another object of the same name does not own this one.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry': {
    '': 'The fields that one tool has set in one way.',
    apiVersion: 'Version of the kind in which the fields are named.',
    fieldsType: 'Form of the list of fields; FieldsV1 is the only one.',
    fieldsV1: 'The fields themselves.',
    manager: 'Name of the tool, as `--field-manager` or its user agent says it.',
    operation: 'Apply for server-side apply, Update for all other writes.',
    subresource: 'The subresource that was written, such as status; empty for the object itself.',
    time: 'When the tool last changed what it owns.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': {
    '': 'A set of fields as a tree: f: before a field, k: before the keys of a list item, v: before a value.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector': {
    '': 'Finds objects by their labels: all that is said must hold. An empty selector finds everything.',
    matchExpressions: 'Requirements that compare a label with several values, or ask whether it is there.',
    matchLabels: 'Labels that an object must have, with just these values.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement': {
    '': 'What one label has to be like.',
    key: 'Name of the label.',
    operator: 'In, NotIn, Exists or DoesNotExist.',
    values: 'Values to compare with: needed by In and NotIn, left out otherwise.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement': {
    '': 'What one field has to be like.',
    key: 'Path of the field, like metadata.name.',
    operator: 'In, NotIn, Exists or DoesNotExist.',
    values: 'Values to compare with: needed by In and NotIn, left out otherwise.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Condition': {
    '': 'One thing that is or is not so of an object.',
    lastTransitionTime: 'When the status last changed.',
    message: 'The same for people to read.',
    observedGeneration: 'Generation of the object that the condition was found of.',
    reason: 'One word for the cause, for programs to read.',
    status: 'True, False or Unknown.',
    type: 'What the condition is about.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta': {
    '': 'What the server says of a list.',
    continue: 'Token for the next page, when there is more; sent back as the parameter `continue`.',
    remainingItemCount: 'How many objects follow this page, when that is known.',
    resourceVersion: 'Revision at which the list was read: a watch that starts there misses nothing.',
    selfLink: 'Was the URL of the list; no longer set.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': {
    '': 'A moment in RFC 3339, to the second: 2026-01-31T12:00:00Z.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': {
    '': 'A moment in RFC 3339, to the microsecond: 2026-01-31T12:00:00.000000Z.',
  },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    '': 'An amount with an optional unit: 500m is half of one, 2k is 2000, 1Gi is 1073741824.',
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    '': 'A number, or a text such as a percentage or the name of a port.',
  },
};
