import { z } from 'zod';
import { invalid, type FieldError } from '../../field-errors.ts';
import { defineKind, standardVerbs } from '../../kind.ts';
import { labelProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { validateFinalizers } from '../../object-meta-validation.ts';
import { once } from '../../once.ts';
import { atomicList, mapList, struct, time } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const core = 'io.k8s.api.core.v1';

const namespaceCondition = once(() =>
  struct(`${core}.NamespaceCondition`, {
    type: z.string(),
    status: z.string(),
    lastTransitionTime: time().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

const schema = once(() =>
  struct(`${core}.Namespace`, {
    kind: z.literal('Namespace'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    spec: struct(`${core}.NamespaceSpec`, { finalizers: atomicList(z.string()).optional() }).optional(),
    status: struct(`${core}.NamespaceStatus`, {
      phase: z.string().optional(),
      conditions: mapList(namespaceCondition(), ['type']).optional(),
    }).optional(),
  }),
);

export type Namespace = z.infer<ReturnType<typeof schema>>;

/** Every namespace can be selected by its name, and so by network policies. */
const nameLabel = 'kubernetes.io/metadata.name';
/** Holds a deleted namespace back until everything in it is gone. */
const contentFinalizer = 'kubernetes';

function defaults(object: Namespace): void {
  const { name } = object.metadata;
  if (name) object.metadata.labels = { ...object.metadata.labels, [nameLabel]: name };
  object.spec ??= {};
  object.status ??= {};
  object.status.phase ||= 'Active';
}

function prepareCreate(object: Namespace): void {
  const finalizers = object.spec?.finalizers ?? [];
  object.spec = { finalizers: finalizers.includes(contentFinalizer) ? finalizers : [...finalizers, contentFinalizer] };
  object.status = { phase: 'Active' };
}

function prepareUpdate(object: Namespace, previous: Namespace): void {
  object.spec = structuredClone(previous.spec);
}

function validate({ metadata, spec, status }: Namespace): FieldError[] {
  const wanted = metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating';
  const state = metadata.deletionTimestamp === undefined ? 'empty' : 'not empty';
  return [
    ...validateFinalizers(spec?.finalizers ?? [], 'spec.finalizers'),
    ...(status?.phase === wanted
      ? []
      : [invalid('status.Phase', status?.phase ?? '', `may only be '${wanted}' if \`deletionTimestamp\` is ${state}`)]),
  ];
}

export const namespace = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  verbs: standardVerbs.filter((verb) => verb !== 'deletecollection'),
  schema,
  nameProblems: labelProblems,
  defaults,
  prepareCreate,
  prepareUpdate,
  prepareDelete: (object) => {
    object.status = { ...object.status, phase: 'Terminating' };
  },
  heldBack: ({ spec }) => (spec?.finalizers ?? []).length > 0,
  validate,
  columns: [nameColumn, { name: 'Status', cell: ({ status }) => status?.phase ?? '' }, ageColumn],
  selectableFields: [{ path: 'status.phase', value: ({ status }) => status?.phase ?? '' }],
  subresources: { status: true, others: [{ name: 'finalize', verbs: ['update'], kind: 'Namespace' }] },
  related: ({ metadata }) => [{ resource: 'namespaces', namespace: '', name: metadata.name ?? '' }],
});
