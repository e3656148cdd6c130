import { z } from 'zod';
import { invalid, type FieldError } from '../../field-errors.ts';
import { nonNegative } from '../../field-rules.ts';
import { equalJson } from '../../json-value.ts';
import { defineKind, keyOf, type Kind } from '../../kind.ts';
import { labelSelector } from '../../label-selector.ts';
import { selectorInGo } from '../../label-selector-validation.ts';
import { subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { defaultPodTemplate } from '../../pod-spec/defaults/pod-spec.ts';
import { podTemplateSpec } from '../../pod-spec/pod-template.ts';
import { containersColumn, imagesColumn } from '../../pod-spec/template-columns.ts';
import { validateReplicaStatus } from '../../pod-spec/validation/replica-status.ts';
import { validateSelectedTemplate } from '../../pod-spec/validation/selected-template.ts';
import { nameWarnings } from '../../pod-spec/warnings/pod-name.ts';
import { podSpecWarnings } from '../../pod-spec/warnings/pod-spec.ts';
import { int32, int64, intOrString, mapList, struct, time } from '../../schema.ts';
import { formatLabelSelector } from '../../selector.ts';
import { ageColumn, nameColumn } from '../../table.ts';
import { validateDeploymentStrategy } from './deployment-strategy-validation.ts';

const apps = 'io.k8s.api.apps.v1';

const rollingUpdateDeployment = once(() =>
  struct(`${apps}.RollingUpdateDeployment`, {
    maxUnavailable: intOrString().optional(),
    maxSurge: intOrString().optional(),
  }),
);

const deploymentStrategy = once(() =>
  struct(`${apps}.DeploymentStrategy`, {
    type: z.string().optional(),
    rollingUpdate: rollingUpdateDeployment().optional(),
  }),
);

const deploymentSpec = once(() =>
  struct(`${apps}.DeploymentSpec`, {
    replicas: int32().optional(),
    selector: labelSelector().meta({ pointer: true }),
    template: podTemplateSpec(),
    strategy: deploymentStrategy().meta({ patchStrategy: 'retainKeys' }).optional(),
    minReadySeconds: int32().optional(),
    revisionHistoryLimit: int32().optional(),
    paused: z.boolean().optional(),
    progressDeadlineSeconds: int32().optional(),
  }),
);

const deploymentCondition = once(() =>
  struct(`${apps}.DeploymentCondition`, {
    type: z.string(),
    status: z.string(),
    lastUpdateTime: time().optional(),
    lastTransitionTime: time().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

const deploymentStatus = once(() =>
  struct(`${apps}.DeploymentStatus`, {
    observedGeneration: int64().optional(),
    replicas: int32().optional(),
    updatedReplicas: int32().optional(),
    readyReplicas: int32().optional(),
    availableReplicas: int32().optional(),
    unavailableReplicas: int32().optional(),
    terminatingReplicas: int32().optional(),
    conditions: mapList(deploymentCondition(), ['type']).optional(),
    collisionCount: int32().optional(),
  }),
);

const emptySpec = () => ({ selector: {}, template: { spec: { containers: [] } } });

const schema = once(() =>
  struct(`${apps}.Deployment`, {
    kind: z.literal('Deployment'),
    apiVersion: z.literal('apps/v1'),
    metadata: objectMeta(),
    spec: deploymentSpec().default(emptySpec),
    status: deploymentStatus().optional(),
  }),
);

export type Deployment = z.infer<ReturnType<typeof schema>>;
export type DeploymentStrategy = z.infer<ReturnType<typeof deploymentStrategy>>;
export type DeploymentStatus = z.infer<ReturnType<typeof deploymentStatus>>;
export type DeploymentCondition = z.infer<ReturnType<typeof deploymentCondition>>;

function defaults(object: Deployment): void {
  object.spec ??= emptySpec();
  const { spec } = object;
  spec.replicas ??= 1;
  defaultPodTemplate(spec.template);
  spec.strategy ??= {};
  defaultStrategy(spec.strategy);
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
}

function defaultStrategy(strategy: DeploymentStrategy): void {
  strategy.type ||= 'RollingUpdate';
  if (strategy.type !== 'RollingUpdate') return;
  strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...strategy.rollingUpdate };
}

function validate({ spec, status }: Deployment): readonly FieldError[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  return [
    ...nonNegative('spec.replicas', spec.replicas),
    ...validateSelectedTemplate(spec),
    ...validateDeploymentStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...nonNegative('spec.progressDeadlineSeconds', deadline),
    ...(deadline !== undefined && deadline <= minReadySeconds
      ? [invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
      : []),
    ...validateReplicaStatus(status),
  ];
}

export const deployment: Kind<Deployment> = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  prepareCreate(object) {
    object.status = {};
  },
  validate,
  validateUpdate: ({ spec }, previous) =>
    equalJson(spec.selector, previous.spec.selector)
      ? []
      : [invalid('spec.selector', selectorInGo(spec.selector ?? {}), 'field is immutable')],
  warnings: ({ metadata, spec }) => [
    ...nameWarnings(metadata, 'Pod names and hostnames'),
    ...podSpecWarnings(spec.template, 'spec.template'),
  ],
  // Annotations are copied to the ReplicaSets, so the controller has to see them.
  generationOf: ({ spec, metadata }) => ({ spec, annotations: metadata.annotations ?? {} }),
  columns: [
    nameColumn,
    { name: 'Ready', cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    { name: 'Up-to-date', cell: ({ status }) => status?.updatedReplicas ?? 0 },
    { name: 'Available', cell: ({ status }) => status?.availableReplicas ?? 0 },
    ageColumn,
    containersColumn,
    imagesColumn,
    { name: 'Selector', wide: true, cell: ({ spec }) => formatLabelSelector(spec.selector) || '<none>' },
  ],
  subresources: {
    status: true,
    scale: {
      replicas: ({ spec }) => spec.replicas ?? 0,
      setReplicas(object, replicas) {
        object.spec.replicas = replicas;
      },
      statusReplicas: ({ status }) => status?.replicas ?? 0,
      selector: ({ spec }) => formatLabelSelector(spec.selector),
    },
  },
  leavesTombstone: true,
  related: (object) => [keyOf(deployment, object)],
});
