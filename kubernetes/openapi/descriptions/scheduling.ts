import type { Descriptions } from './descriptions.ts';

const requiredPlace = 'Must hold when the pod is placed; later changes do not move it. Warned about.';
const preferredPlace = 'Better if it holds when the pod is placed. Warned about.';

const podAffinityFields = {
  preferredDuringSchedulingIgnoredDuringExecution: preferredPlace,
  requiredDuringSchedulingIgnoredDuringExecution: requiredPlace,
} as const;

/** Where pods run. ECS decides that on Fargate: what is asked for here is accepted with a warning. */
export const schedulingDescriptions: Descriptions = {
  'io.k8s.api.core.v1.Affinity': {
    '': 'Wishes on where a pod runs. Warned about: ECS spreads the tasks over the Availability Zones.',
    nodeAffinity: 'Which nodes it should run on.',
    podAffinity: 'Which pods it should be near.',
    podAntiAffinity: 'Which pods it should be far from.',
  },
  'io.k8s.api.core.v1.NodeAffinity': {
    '': 'Which nodes a pod should run on. Warned about: Fargate has no nodes to choose.',
    preferredDuringSchedulingIgnoredDuringExecution: preferredPlace,
    requiredDuringSchedulingIgnoredDuringExecution: requiredPlace,
  },
  'io.k8s.api.core.v1.NodeSelector': {
    '': 'Finds nodes: one of its terms must hold.',
    nodeSelectorTerms: 'The terms.',
  },
  'io.k8s.api.core.v1.NodeSelectorTerm': {
    '': 'Finds nodes: all that it says must hold.',
    matchExpressions: 'What labels of the node have to be like.',
    matchFields: 'What fields of the node have to be like, such as metadata.name.',
  },
  'io.k8s.api.core.v1.NodeSelectorRequirement': {
    '': 'What one label or field of a node has to be like.',
    key: 'Name of the label or field.',
    operator: 'In, NotIn, Exists, DoesNotExist, Gt or Lt.',
    values: 'Values to compare with; a single number for Gt and Lt.',
  },
  'io.k8s.api.core.v1.PreferredSchedulingTerm': {
    '': 'A wish on the node, and how much it counts.',
    preference: 'The nodes that are wished for.',
    weight: 'How much it counts, from 1 to 100.',
  },
  'io.k8s.api.core.v1.PodAffinity': {
    '': 'Which pods a pod should be near. Warned about: ECS decides where tasks run.',
    ...podAffinityFields,
  },
  'io.k8s.api.core.v1.PodAntiAffinity': {
    '': 'Which pods a pod should be far from. Warned about: ECS decides where tasks run.',
    ...podAffinityFields,
  },
  'io.k8s.api.core.v1.PodAffinityTerm': {
    '': 'Other pods, and what counts as the same place.',
    labelSelector: 'Finds the other pods by their labels.',
    matchLabelKeys: 'Labels whose value must be that of this pod.',
    mismatchLabelKeys: 'Labels whose value must not be that of this pod.',
    namespaceSelector: 'Finds the namespaces of the other pods by labels.',
    namespaces: 'Namespaces of the other pods; that of this pod unless said.',
    topologyKey: 'Label of nodes: those with the same value are the same place.',
  },
  'io.k8s.api.core.v1.WeightedPodAffinityTerm': {
    '': 'A wish on the pods nearby, and how much it counts.',
    podAffinityTerm: 'The other pods.',
    weight: 'How much it counts, from 1 to 100.',
  },
  'io.k8s.api.core.v1.TopologySpreadConstraint': {
    '': 'How evenly pods are spread. Warned about: ECS spreads tasks over the Availability Zones by itself.',
    labelSelector: 'Finds the pods that are counted.',
    matchLabelKeys: 'Labels whose value must be that of this pod for a pod to be counted.',
    maxSkew: 'By how many pods two places may differ.',
    minDomains: 'How many places there must be at least.',
    nodeAffinityPolicy: 'Whether nodes that the pod does not want are counted: Honor or Ignore.',
    nodeTaintsPolicy: 'Whether nodes with taints are counted: Honor or Ignore.',
    topologyKey: 'Label of nodes: those with the same value are the same place.',
    whenUnsatisfiable: 'What to do when it cannot be held: DoNotSchedule or ScheduleAnyway.',
  },
  'io.k8s.api.core.v1.Toleration': {
    '': 'Taints of nodes that a pod puts up with. Skiff’s nodes have none.',
    effect: 'Effect of the taint: NoSchedule, PreferNoSchedule or NoExecute; any unless said.',
    key: 'Key of the taint; any unless said.',
    operator: 'Equal compares the value, Exists does not; Equal unless said.',
    tolerationSeconds: 'How long a NoExecute taint is put up with; for ever unless said.',
    value: 'Value of the taint.',
  },
};
