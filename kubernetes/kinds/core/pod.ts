import { z } from 'zod';
import { controllerKey } from '../../controller-key.ts';
import { forbidden, type FieldError } from '../../field-errors.ts';
import { defineKind, keyOf, type Kind, type Related } from '../../kind.ts';
import { subdomainProblems } from '../../names.ts';
import type { KubernetesObject } from '../../object.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { controllerOf } from '../../owner.ts';
import { admitScheduling, admitServiceAccount } from '../../pod-spec/defaults/admission.ts';
import { defaultPodOnly, defaultPodSpec, ensured } from '../../pod-spec/defaults/pod-spec.ts';
import { podSpec } from '../../pod-spec/pod-spec.ts';
import { podStatus, type PodStatus } from '../../pod-spec/pod-status.ts';
import { qualityOfService } from '../../pod-spec/quality-of-service.ts';
import { validateImages, validatePodSpecUpdate } from '../../pod-spec/validation/pod-spec-update.ts';
import { validatePodSpec } from '../../pod-spec/validation/pod-spec.ts';
import { nameWarnings } from '../../pod-spec/warnings/pod-name.ts';
import { podSpecWarnings } from '../../pod-spec/warnings/pod-spec.ts';
import { struct } from '../../schema.ts';
import { matchesLabels, type LabelSelector } from '../../selector.ts';
import { replicaSet } from '../apps/replica-set.ts';
import { podColumns, podRowConditions } from './pod-columns.ts';
import { replicationController } from './replication-controller.ts';

const schema = once(() =>
  struct('io.k8s.api.core.v1.Pod', {
    kind: z.literal('Pod'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    spec: podSpec().default(() => ({ containers: [] })),
    status: podStatus().optional(),
  }),
);

export type Pod = z.infer<ReturnType<typeof schema>>;
export type { Container, ContainerPort, EphemeralContainer } from '../../pod-spec/container.ts';
export type { ContainerStatus } from '../../pod-spec/container-status.ts';
export type { PodSpec } from '../../pod-spec/pod-spec.ts';
export type { PodCondition, PodStatus } from '../../pod-spec/pod-status.ts';
export type { PodTemplateSpec } from '../../pod-spec/pod-template.ts';
export type { Volume } from '../../pod-spec/volume.ts';

/** A new Pod has not run: what it was said to have done is forgotten. */
function initialStatus(pod: Pod): PodStatus {
  const gated = (pod.spec.schedulingGates ?? []).length > 0;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
  return {
    phase: 'Pending',
    ...(gated ? { conditions: [condition] } : {}),
    qosClass: qualityOfService(pod.spec),
  };
}

function validate({ metadata, spec }: Pod): readonly FieldError[] {
  // A Pod that has no revision is being made.
  const isNew = metadata.resourceVersion === undefined;
  return [
    ...validatePodSpec(spec, { path: 'spec', podName: metadata.name ?? '' }),
    ...validateImages(spec.containers, 'spec.containers'),
    ...validateImages(spec.initContainers, 'spec.initContainers'),
    ...(isNew && spec.ephemeralContainers?.length
      ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')]
      : []),
    ...(isNew && spec.nodeName && spec.schedulingGates?.length
      ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')]
      : []),
  ];
}

const finished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** There is somebody to stop only where something runs. A negative time counts as the shortest. */
function gracePeriodSeconds(pod: Pod, asked: number | undefined): number {
  if (!pod.spec.nodeName || finished(pod)) return 0;
  const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

const controllers = [replicaSet, replicationController];

/** What looks after the Pod, and the Services before it. A Pod that nobody owns may be taken up by whoever selects it. */
function related(object: Pod, previous: Pod | undefined): readonly Related[] {
  const versions = previous === undefined ? [object] : [object, previous];
  const namespace = object.metadata.namespace ?? '';
  const owners = versions.map((version) => controllerKey(version, controllers) ?? keyOf(pod, version));
  const isSelecting = (candidate: KubernetesObject): boolean =>
    versions.some((version) => selects(candidate, version.metadata.labels));
  const orphaned = versions.some((version) => controllerOf(version) === undefined);
  const resources = ['services', ...(orphaned ? ['replicasets.apps', 'replicationcontrollers'] : [])];
  return [...owners, ...resources.map((resource) => ({ resource, namespace, where: isSelecting }))];
}

interface SelectingByLabels extends KubernetesObject {
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

interface SelectingBySelector extends KubernetesObject {
  readonly spec?: { readonly selector?: LabelSelector };
}

const isReplicaSet = (candidate: KubernetesObject): candidate is SelectingBySelector => candidate.kind === 'ReplicaSet';
const isPlain = (candidate: KubernetesObject): candidate is SelectingByLabels => !isReplicaSet(candidate);

/** Whether a Service, ReplicaSet or ReplicationController means pods with these labels; without a selector it means none. */
function selects(candidate: KubernetesObject, labels: Readonly<Record<string, string>> | undefined): boolean {
  if (isReplicaSet(candidate)) {
    return candidate.spec?.selector !== undefined && matchesLabels(candidate.spec.selector, labels);
  }
  const matchLabels = isPlain(candidate) ? (candidate.spec?.selector ?? {}) : {};
  return Object.keys(matchLabels).length > 0 && matchesLabels({ matchLabels }, labels);
}

/** A pod of a workload is a task of an ECS service, for good. */
function relabellingWarnings(object: Pod, previous: Pod): readonly string[] {
  const labels = object.metadata.labels ?? {};
  const changed = Object.entries(previous.metadata.labels ?? {}).some(([key, value]) => labels[key] !== value);
  const owner = controllerOf(object);
  if (!changed || owner === undefined) return [];
  const text = `metadata.labels: the pod moves in and out of Services, but stays with ${owner.kind} ${owner.name}`;
  return [`${text}, whose ECS service runs it`];
}

export const pod: Kind<Pod> = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults(object) {
    defaultPodSpec(ensured(object));
    defaultPodOnly(object.spec);
  },
  prepareCreate(object) {
    admitServiceAccount(object.spec);
    admitScheduling(object.spec);
    object.status = initialStatus(object);
  },
  prepareUpdate: (object) => admitScheduling(object.spec),
  validate,
  validateUpdate: (object, previous) => validatePodSpecUpdate(object.spec, previous.spec),
  warnings: (object, previous) => [
    ...nameWarnings(object.metadata, "the Pod's hostname"),
    ...podSpecWarnings(object, ''),
    ...(previous === undefined ? [] : relabellingWarnings(object, previous)),
  ],
  generationOf: (object) => object.spec,
  columns: podColumns,
  rowConditions: podRowConditions,
  selectableFields: [
    { path: 'spec.nodeName', value: ({ spec }) => spec.nodeName ?? '' },
    { path: 'spec.restartPolicy', value: ({ spec }) => spec.restartPolicy ?? '' },
    { path: 'spec.schedulerName', value: ({ spec }) => spec.schedulerName ?? '' },
    { path: 'spec.serviceAccountName', value: ({ spec }) => spec.serviceAccountName ?? '' },
    { path: 'spec.hostNetwork', value: ({ spec }) => String(spec.hostNetwork ?? false) },
    { path: 'status.phase', value: ({ status }) => status?.phase ?? '' },
    { path: 'status.podIP', value: ({ status }) => status?.podIPs?.[0]?.ip ?? status?.podIP ?? '' },
    { path: 'status.podIPs', value: ({ status }) => (status?.podIPs ?? []).map((each) => each.ip).join(',') },
    { path: 'status.nominatedNodeName', value: ({ status }) => status?.nominatedNodeName ?? '' },
  ],
  subresources: {
    status: true,
    others: [
      { name: 'attach', verbs: ['create', 'get'], kind: 'PodAttachOptions' },
      { name: 'binding', verbs: ['create'], kind: 'Binding' },
      { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'], kind: 'Pod' },
      { name: 'eviction', verbs: ['create'], kind: 'Eviction', group: 'policy', version: 'v1' },
      { name: 'exec', verbs: ['create', 'get'], kind: 'PodExecOptions' },
      { name: 'log', verbs: ['get'], kind: 'Pod' },
      { name: 'portforward', verbs: ['create', 'get'], kind: 'PodPortForwardOptions' },
      { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: 'PodProxyOptions' },
      { name: 'resize', verbs: ['get', 'patch', 'update'], kind: 'Pod' },
    ],
  },
  gracePeriodSeconds,
  leavesTombstone: true,
  related,
});
