import { objectFields, type Descriptions } from './descriptions.ts';

/** Bodies of requests and answers that are no stored objects. */
export const requestDescriptions: Descriptions = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions': {
    '': 'How an object is to be deleted.',
    apiVersion: objectFields.apiVersion,
    kind: objectFields.kind,
    dryRun: '“All” checks the request and changes nothing.',
    gracePeriodSeconds: 'Seconds that the object is given to end, in place of its own grace period; 0 is at once.',
    ignoreStoreReadErrorWithClusterBreakingPotential: 'Would delete objects that cannot be read any more.',
    orphanDependents: 'Older form of propagationPolicy: whether what the object owns is kept.',
    preconditions: 'What must be so of the object, or nothing is deleted.',
    propagationPolicy:
      'What becomes of objects that this one owns: Background deletes them afterwards, Foreground before, Orphan keeps them.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions': {
    '': 'What must be so of an object for it to be deleted.',
    resourceVersion: 'The revision that it must still have.',
    uid: 'The uid that it must have.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch': {
    '': 'A change of an object, in the form that the content type of the request says.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Status': {
    '': 'How a request ended, when the answer is not an object.',
    apiVersion: objectFields.apiVersion,
    kind: objectFields.kind,
    metadata: 'Empty but for lists.',
    code: 'Status code of HTTP.',
    details: 'More on the cause, by which programs can decide what to do.',
    message: 'What happened, for people to read.',
    reason: 'One word for why it failed, such as NotFound, Conflict or Invalid.',
    status: 'Success or Failure.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails': {
    '': 'What a failed request was about.',
    causes: 'Each single thing that was wrong.',
    group: 'Group of the object.',
    kind: 'Kind or resource of the object.',
    name: 'Name of the object.',
    retryAfterSeconds: 'Seconds to wait before trying again.',
    uid: 'The uid of the object.',
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause': {
    '': 'One thing that was wrong with a request.',
    field: 'Path of the field that it is about, like spec.containers[0].image.',
    message: 'What is wrong, for people to read.',
    reason: 'The same as one word, such as FieldValueInvalid.',
  },
  'io.k8s.api.autoscaling.v1.Scale': {
    '': 'How many pods a workload has and should have; what `kubectl scale` writes.',
    ...objectFields,
    spec: 'What is wanted.',
    status: 'What there is.',
  },
  'io.k8s.api.autoscaling.v1.ScaleSpec': {
    '': 'How many pods are wanted.',
    replicas: 'Number of pods that the workload is to have.',
  },
  'io.k8s.api.autoscaling.v1.ScaleStatus': {
    '': 'How many pods there are.',
    replicas: 'Number of pods that the workload has.',
    selector: 'The selector of the pods, as text: app=web.',
  },
};
