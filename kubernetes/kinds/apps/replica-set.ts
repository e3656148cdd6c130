import { z } from 'zod';
import { controllerKey } from '../../controller-key.ts';
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
import { replicaColumns } from '../../pod-spec/replica-columns.ts';
import { containersColumn, imagesColumn } from '../../pod-spec/template-columns.ts';
import { validateReplicaStatus } from '../../pod-spec/validation/replica-status.ts';
import { validateSelectedTemplate } from '../../pod-spec/validation/selected-template.ts';
import { nameWarnings } from '../../pod-spec/warnings/pod-name.ts';
import { podSpecWarnings } from '../../pod-spec/warnings/pod-spec.ts';
import { int32, int64, mapList, struct, time } from '../../schema.ts';
import { formatLabelSelector } from '../../selector.ts';
import { ageColumn, nameColumn } from '../../table.ts';
import { deployment } from './deployment.ts';

const apps = 'io.k8s.api.apps.v1';

const replicaSetSpec = once(() =>
  struct(`${apps}.ReplicaSetSpec`, {
    replicas: int32().optional(),
    minReadySeconds: int32().optional(),
    selector: labelSelector().meta({ pointer: true }),
    template: podTemplateSpec().default(() => ({ spec: { containers: [] } })),
  }),
);

const replicaSetCondition = once(() =>
  struct(`${apps}.ReplicaSetCondition`, {
    type: z.string(),
    status: z.string(),
    lastTransitionTime: time().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

const replicaSetStatus = once(() =>
  struct(`${apps}.ReplicaSetStatus`, {
    replicas: int32(),
    fullyLabeledReplicas: int32().optional(),
    readyReplicas: int32().optional(),
    availableReplicas: int32().optional(),
    terminatingReplicas: int32().optional(),
    observedGeneration: int64().optional(),
    conditions: mapList(replicaSetCondition(), ['type']).optional(),
  }),
);

const emptySpec = () => ({ selector: {}, template: { spec: { containers: [] } } });

const schema = once(() =>
  struct(`${apps}.ReplicaSet`, {
    kind: z.literal('ReplicaSet'),
    apiVersion: z.literal('apps/v1'),
    metadata: objectMeta(),
    spec: replicaSetSpec().default(emptySpec),
    status: replicaSetStatus().optional(),
  }),
);

export type ReplicaSet = z.infer<ReturnType<typeof schema>>;
export type ReplicaSetStatus = z.infer<ReturnType<typeof replicaSetStatus>>;

function defaults(object: ReplicaSet): void {
  object.spec ??= emptySpec();
  object.spec.template ??= { spec: { containers: [] } };
  object.spec.replicas ??= 1;
  defaultPodTemplate(object.spec.template);
}

const validate = ({ spec, status }: ReplicaSet): readonly FieldError[] => [
  ...nonNegative('spec.replicas', spec.replicas),
  ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
  ...validateSelectedTemplate(spec),
  ...validateReplicaStatus(status),
];

export const replicaSet: Kind<ReplicaSet> = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  prepareCreate(object) {
    object.status = { replicas: 0 };
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
  generationOf: (object) => object.spec,
  columns: [
    nameColumn,
    ...replicaColumns,
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
  related: (object, previous) =>
    [object, ...(previous === undefined ? [] : [previous])].map(
      (version) => controllerKey(version, [deployment]) ?? keyOf(replicaSet, version),
    ),
});
