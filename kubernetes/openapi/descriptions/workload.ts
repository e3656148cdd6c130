import { objectFields, type Descriptions } from './descriptions.ts';

const minReadySeconds = 'Seconds that a pod must have been ready before it counts as available; 0 unless said.';
const observedGeneration = 'Generation of the object that this status is about.';
const readyReplicas = 'Pods that are ready.';
const availableReplicas = 'Pods that have been ready for minReadySeconds.';
const fullyLabeledReplicas = 'Pods that have all labels of the template.';
const terminatingReplicas = 'Pods that are on their way out; not counted by Skiff.';
const conditionFields = {
  lastTransitionTime: 'When the status last changed.',
  message: 'Why it is so, for people to read.',
  reason: 'Why it is so, as one word.',
  status: 'True, False or Unknown.',
} as const;
const replicas = 'How many pods there should be; 1 unless said.';

/** What keeps a number of pods running. */
export const workloadDescriptions: Descriptions = {
  'io.k8s.api.apps.v1.Deployment': {
    '': 'Keeps a number of equal pods running and brings out new versions step by step: an ECS service.',
    ...objectFields,
    spec: 'What to run, how many, and how to bring out a new version.',
    status: 'How far that has come.',
  },
  'io.k8s.api.apps.v1.DeploymentSpec': {
    '': 'What a Deployment runs, how many times, and how it brings out a new version.',
    minReadySeconds,
    paused: 'Whether changes of the template wait: no new version is begun, and one under way goes no further.',
    progressDeadlineSeconds:
      'Seconds without progress after which a rollout is told to have failed, 600 unless said. ECS may give it up before.',
    replicas,
    revisionHistoryLimit: 'How many old ReplicaSets are kept to go back to; 10 unless said.',
    selector: 'Finds the pods by their labels; must match those of the template and cannot be changed.',
    strategy: 'How a new version is brought out.',
    template: 'The pods. A change makes a new ReplicaSet and task definition, and rolls it out.',
  },
  'io.k8s.api.apps.v1.DeploymentStrategy': {
    '': 'How old pods make way for new ones. A version that fails is taken back, unless the annotation skiff.dev/rollback is false.',
    rollingUpdate: 'How many pods more or less there may be meanwhile, for RollingUpdate.',
    type: 'RollingUpdate replaces pods little by little, Recreate stops all old ones first; RollingUpdate unless said.',
  },
  'io.k8s.api.apps.v1.RollingUpdateDeployment': {
    '': 'How many pods a rollout may have more or less than wanted. Skiff gives ECS percentages that come to these numbers.',
    maxSurge: 'Pods above the wanted number, or a percentage of it, rounded up; 25% unless said.',
    maxUnavailable: 'Pods below the wanted number, or a percentage of it, rounded down; 25% unless said.',
  },
  'io.k8s.api.apps.v1.DeploymentStatus': {
    '': 'How far a Deployment has come.',
    availableReplicas,
    collisionCount: 'How often the name of a new ReplicaSet was taken; goes into the next name.',
    conditions: 'Available, Progressing and ReplicaFailure. Progressing says why a rollout was given up.',
    observedGeneration,
    readyReplicas,
    replicas: 'Pods of all versions.',
    terminatingReplicas,
    unavailableReplicas: 'Pods that are still missing to all being available.',
    updatedReplicas: 'Pods of the newest version.',
  },
  'io.k8s.api.apps.v1.DeploymentCondition': {
    '': 'One thing that is or is not so of a Deployment.',
    ...conditionFields,
    lastUpdateTime: 'When anything of the condition last changed.',
    type: 'Available, Progressing or ReplicaFailure.',
  },
  'io.k8s.api.apps.v1.ReplicaSet': {
    '': 'Keeps a number of equal pods running: a version of a Deployment, or by itself an ECS service of its own.',
    ...objectFields,
    spec: 'What to run and how many.',
    status: 'How many there are.',
  },
  'io.k8s.api.apps.v1.ReplicaSetSpec': {
    '': 'What a ReplicaSet runs, and how many times.',
    minReadySeconds,
    replicas,
    selector: 'Finds the pods by their labels; must match those of the template and cannot be changed.',
    template:
      'The pods. After a change those that run keep the former one, as do their replacements; scaling up brings new ones.',
  },
  'io.k8s.api.apps.v1.ReplicaSetStatus': {
    '': 'How many pods a ReplicaSet has.',
    availableReplicas,
    conditions: 'ReplicaFailure, when pods cannot be made.',
    fullyLabeledReplicas,
    observedGeneration,
    readyReplicas,
    replicas: 'Pods that there are.',
    terminatingReplicas,
  },
  'io.k8s.api.apps.v1.ReplicaSetCondition': {
    '': 'One thing that is or is not so of a ReplicaSet.',
    ...conditionFields,
    type: 'ReplicaFailure.',
  },
  'io.k8s.api.core.v1.ReplicationController': {
    '': 'Keeps a number of equal pods running: the older form of a ReplicaSet, an ECS service of its own.',
    ...objectFields,
    spec: 'What to run and how many.',
    status: 'How many there are.',
  },
  'io.k8s.api.core.v1.ReplicationControllerSpec': {
    '': 'What a ReplicationController runs, and how many times.',
    minReadySeconds,
    replicas,
    selector: 'Labels that the pods have; those of the template unless said.',
    template:
      'The pods. After a change those that run keep the former one, as do their replacements; scaling up brings new ones.',
  },
  'io.k8s.api.core.v1.ReplicationControllerStatus': {
    '': 'How many pods a ReplicationController has.',
    availableReplicas,
    conditions: 'ReplicaFailure, when pods cannot be made.',
    fullyLabeledReplicas,
    observedGeneration,
    readyReplicas,
    replicas: 'Pods that there are.',
  },
  'io.k8s.api.core.v1.ReplicationControllerCondition': {
    '': 'One thing that is or is not so of a ReplicationController.',
    ...conditionFields,
    type: 'ReplicaFailure.',
  },
};
