import { z } from 'zod';
import { at, duplicate, forbidden, invalid, under, type FieldError } from '../../field-errors.ts';
import { checked, repetitions, requiredOneOf } from '../../field-rules.ts';
import { defineKind } from '../../kind.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../label.ts';
import { subdomainProblems } from '../../names.ts';
import { nodeConfigSource, nodeStatus } from '../../node-status.ts';
import { objectMeta, type ObjectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { atomicList, struct, time } from '../../schema.ts';
import { ageColumn, nameColumn, type Column } from '../../table.ts';

const core = 'io.k8s.api.core.v1';

const taint = once(() =>
  struct(`${core}.Taint`, {
    key: z.string(),
    value: z.string().optional(),
    effect: z.string(),
    timeAdded: time().optional(),
  }),
);

const schema = once(() =>
  struct(`${core}.Node`, {
    kind: z.literal('Node'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    spec: struct(`${core}.NodeSpec`, {
      podCIDR: z.string().optional(),
      podCIDRs: z.array(z.string()).meta({ listType: 'set', patchStrategy: 'merge' }).optional(),
      providerID: z.string().optional(),
      unschedulable: z.boolean().optional(),
      taints: atomicList(taint()).optional(),
      configSource: nodeConfigSource().optional(),
      externalID: z.string().optional(),
    }).optional(),
    status: nodeStatus().optional(),
  }),
);

export type Node = z.infer<ReturnType<typeof schema>>;
type Taint = z.infer<ReturnType<typeof taint>>;

function defaults(object: Node): void {
  object.spec ??= {};
  object.status ??= {};
  const { status } = object;
  if (status.capacity !== undefined) status.allocatable ??= { ...status.capacity };
  status.daemonEndpoints ??= {};
  status.daemonEndpoints.kubeletEndpoint ??= { Port: 0 };
  status.nodeInfo ??= {
    machineID: '',
    systemUUID: '',
    bootID: '',
    kernelVersion: '',
    osImage: '',
    containerRuntimeVersion: '',
    kubeletVersion: '',
    kubeProxyVersion: '',
    operatingSystem: '',
    architecture: '',
  };
}

const effects: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validate(object: Node): FieldError[] {
  const taints = object.spec?.taints ?? [];
  const again = repetitions(taints.map(({ key, effect }) => `${key}:${effect}`));
  return taints.flatMap((each, index) => {
    const path = at('spec.taints', index);
    return [...validateTaint(each, path), ...(again.has(index) ? [duplicateTaint(each, path)] : [])];
  });
}

function validateTaint({ key, value = '', effect }: Taint, path: string): readonly FieldError[] {
  const problems = labelValueProblems(value);
  return [
    ...checked(under(path, 'key'), key, qualifiedNameProblems),
    ...(problems.length === 0 ? [] : [invalid(under(path, 'value'), value, problems.join(';'))]),
    ...requiredOneOf(under(path, 'effect'), effect, effects),
  ];
}

function duplicateTaint({ key, value = '', effect }: Taint, path: string): FieldError {
  const quoted = [key, value, effect].map((each) => JSON.stringify(each));
  const text = `core.Taint{Key:${quoted[0]}, Value:${quoted[1]}, Effect:${quoted[2]}, TimeAdded:<nil>}`;
  const error = duplicate(path, { goSyntax: text });
  return { ...error, message: `${error.message}: taints must be unique by key and effect pair` };
}

/** An address or identity that a node was given once stays. */
function validateUpdate(object: Node, previous: Node): FieldError[] {
  const changed = (field: 'podCIDR' | 'providerID'): boolean =>
    Boolean(previous.spec?.[field]) && object.spec?.[field] !== previous.spec?.[field];
  return [
    ...(changed('podCIDR')
      ? [forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')]
      : []),
    ...(changed('providerID')
      ? [forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid')]
      : []),
  ];
}

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.find((each) => each.type === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

const rolePrefix = 'node-role.kubernetes.io/';

function rolesText({ labels = {} }: ObjectMeta): string {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return [key.slice(rolePrefix.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return [...new Set(roles.filter((role) => role !== ''))].sort().join(',') || '<none>';
}

const addressText = ({ status }: Node, type: string): string =>
  status?.addresses?.find((each) => each.type === type)?.address ?? '<none>';

const columns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', cell: statusText },
  { name: 'Roles', cell: ({ metadata }) => rolesText(metadata) },
  ageColumn,
  { name: 'Version', cell: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
  { name: 'Internal-IP', wide: true, cell: (object) => addressText(object, 'InternalIP') },
  { name: 'External-IP', wide: true, cell: (object) => addressText(object, 'ExternalIP') },
  { name: 'OS-Image', wide: true, cell: ({ status }) => status?.nodeInfo?.osImage || '<unknown>' },
  { name: 'Kernel-Version', wide: true, cell: ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>' },
  {
    name: 'Container-Runtime',
    wide: true,
    cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
  },
];

export const node = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  validate,
  validateUpdate,
  columns,
  selectableFields: [{ path: 'spec.unschedulable', value: ({ spec }) => String(spec?.unschedulable === true) }],
  subresources: {
    status: true,
    others: [{ name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: 'NodeProxyOptions' }],
  },
});
