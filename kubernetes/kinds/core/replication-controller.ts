import { z } from 'zod';
import { required, type FieldError } from '../../field-errors.ts';
import { nonNegative } from '../../field-rules.ts';
import { defineKind, keyOf, type Kind } from '../../kind.ts';
import { subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { defaultPodTemplate } from '../../pod-spec/defaults/pod-spec.ts';
import { podTemplateSpec } from '../../pod-spec/pod-template.ts';
import { replicaColumns } from '../../pod-spec/replica-columns.ts';
import { containersColumn, imagesColumn } from '../../pod-spec/template-columns.ts';
import { validateReplicatedTemplate } from '../../pod-spec/validation/pod-template.ts';
import { validateReplicaStatus } from '../../pod-spec/validation/replica-status.ts';
import { nameWarnings } from '../../pod-spec/warnings/pod-name.ts';
import { podSpecWarnings } from '../../pod-spec/warnings/pod-spec.ts';
import { int32, int64, mapList, stringMap, struct, time } from '../../schema.ts';
import { formatLabelSelector, matchesLabels } from '../../selector.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const core = 'io.k8s.api.core.v1';

const replicationControllerSpec = once(() =>
  struct(`${core}.ReplicationControllerSpec`, {
    replicas: int32().optional(),
    minReadySeconds: int32().optional(),
    selector: stringMap().meta({ mapType: 'atomic' }).optional(),
    template: podTemplateSpec().optional(),
  }),
);

const replicationControllerCondition = once(() =>
  struct(`${core}.ReplicationControllerCondition`, {
    type: z.string(),
    status: z.string(),
    lastTransitionTime: time().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

const replicationControllerStatus = once(() =>
  struct(`${core}.ReplicationControllerStatus`, {
    replicas: int32(),
    fullyLabeledReplicas: int32().optional(),
    readyReplicas: int32().optional(),
    availableReplicas: int32().optional(),
    observedGeneration: int64().optional(),
    conditions: mapList(replicationControllerCondition(), ['type']).optional(),
  }),
);

const schema = once(() =>
  struct(`${core}.ReplicationController`, {
    kind: z.literal('ReplicationController'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    spec: replicationControllerSpec().default({}),
    status: replicationControllerStatus().optional(),
  }),
);

export type ReplicationController = z.infer<ReturnType<typeof schema>>;
export type ReplicationControllerStatus = z.infer<ReturnType<typeof replicationControllerStatus>>;

/** Selector and labels, where they are missing, are the template's labels. */
function defaults(object: ReplicationController): void {
  object.spec ??= {};
  const { spec } = object;
  spec.replicas ??= 1;
  if (spec.template === undefined) return;
  defaultPodTemplate(spec.template);
  const labels = spec.template.metadata?.labels;
  if (labels === undefined) return;
  if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
  if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
}

function validate({ spec, status }: ReplicationController): readonly FieldError[] {
  const { template, selector = {} } = spec;
  return [
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...(Object.keys(selector).length === 0 ? [required('spec.selector')] : []),
    ...nonNegative('spec.replicas', spec.replicas),
    ...(template === undefined
      ? [required('spec.template')]
      : validateReplicatedTemplate({
          template,
          path: 'spec.template',
          selected: matchesLabels({ matchLabels: selector }, template.metadata?.labels),
          owner: 'ReplicationController',
        })),
    ...validateReplicaStatus(status),
  ];
}

const selectorText = ({ spec }: ReplicationController): string =>
  formatLabelSelector({ matchLabels: spec.selector ?? {} });

export const replicationController: Kind<ReplicationController> = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  prepareCreate(object) {
    object.status = { replicas: 0 };
  },
  validate,
  warnings: ({ metadata, spec }) => [
    ...nameWarnings(metadata, 'Pod names and hostnames'),
    ...(spec.template === undefined ? [] : podSpecWarnings(spec.template, 'spec.template')),
  ],
  generationOf: (object) => object.spec,
  columns: [
    nameColumn,
    ...replicaColumns,
    ageColumn,
    containersColumn,
    imagesColumn,
    { name: 'Selector', wide: true, cell: (object) => selectorText(object) || '<none>' },
  ],
  selectableFields: [{ path: 'status.replicas', value: ({ status }) => String(status?.replicas ?? 0) }],
  subresources: {
    status: true,
    scale: {
      replicas: ({ spec }) => spec.replicas ?? 0,
      setReplicas(object, replicas) {
        object.spec.replicas = replicas;
      },
      statusReplicas: ({ status }) => status?.replicas ?? 0,
      selector: selectorText,
    },
  },
  leavesTombstone: true,
  related: (object) => [keyOf(replicationController, object)],
});
