import { honoured, warned, whole, type SupportTree, type Whole } from './decision.ts';

const selector = (path: string): string =>
  ['matchLabels', 'matchExpressions[].key', 'matchExpressions[].operator', 'matchExpressions[].values[]']
    .map((leaf) => `${path}.${leaf}`)
    .join(' ');

const expressions = (path: string): string =>
  ['matchExpressions[]', 'matchFields[]']
    .flatMap((list) => [`${path}.${list}.key`, `${path}.${list}.operator`, `${path}.${list}.values[]`])
    .join(' ');

const term = (path: string): string =>
  [
    selector(`${path}.labelSelector`),
    selector(`${path}.namespaceSelector`),
    ...['matchLabelKeys[]', 'mismatchLabelKeys[]', 'namespaces[]', 'topologyKey'].map((leaf) => `${path}.${leaf}`),
  ].join(' ');

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution[]';

const placement = warned('Fargate has no nodes to choose: ECS spreads the tasks over the Availability Zones');

const podTerms = (): Whole =>
  whole(placement, `${term(`${required}[]`)} ${term(`${preferred}.podAffinityTerm`)} ${preferred}.weight`);

/** Where pods run. */
export const schedulingSupport: SupportTree = {
  affinity: {
    nodeAffinity: whole(
      placement,
      `${expressions(`${required}.nodeSelectorTerms[]`)} ${expressions(`${preferred}.preference`)} ${preferred}.weight`,
    ),
    podAffinity: podTerms(),
    podAntiAffinity: podTerms(),
  },
  nodeName: placement,
  nodeSelector: honoured('amd64 or arm64, the architecture of the task, and linux; told for other labels', {
    otherKeys: {
      known: ['kubernetes.io/arch', 'kubernetes.io/os', 'beta.kubernetes.io/arch', 'beta.kubernetes.io/os'],
      decision: placement,
    },
  }),
  'tolerations[]': {
    effect: honoured('there are no taints: everything is tolerated'),
    key: honoured('there are no taints: everything is tolerated'),
    operator: honoured('there are no taints: everything is tolerated'),
    tolerationSeconds: honoured('there are no taints: everything is tolerated'),
    value: honoured('there are no taints: everything is tolerated'),
  },
  'topologySpreadConstraints[]': whole(
    placement,
    `${selector('labelSelector')} matchLabelKeys[] maxSkew minDomains nodeAffinityPolicy nodeTaintsPolicy topologyKey whenUnsatisfiable`,
  ),
  preemptionPolicy: warned('tasks do not push out others', { unless: ['PreemptLowerPriority', 'Never'] }),
  priority: warned('tasks have no priority', { unless: [0] }),
  priorityClassName: warned('tasks have no priority'),
  schedulerName: warned('ECS schedules every pod', { unless: ['default-scheduler'] }),
};
