import { defineKind } from '../../kind.ts';
import { label1035Problems } from '../../names.ts';
import { formatLabelSelector } from '../../selector.ts';
import { serviceAllocation } from '../../service/allocation.ts';
import { serviceDefaults } from '../../service/defaults.ts';
import { prepareServiceCreate, prepareServiceUpdate } from '../../service/prepare.ts';
import { serviceSchema, type Service } from '../../service/schema.ts';
import { validateService, validateServiceUpdate } from '../../service/validation.ts';
import { ageColumn, nameColumn, type Column } from '../../table.ts';

export type { Service, ServicePort, ServiceSpec } from '../../service/schema.ts';

function externalText({ spec, status }: Service): string {
  const external = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || '<none>';
    case 'LoadBalancer': {
      const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
      const places = [...new Set(ingress.filter((each) => each !== ''))].sort();
      return [...places, ...external].join(',') || '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

/** `80/TCP,443:30443/TCP` */
function portsText({ spec }: Service): string {
  const texts = (spec?.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return texts.join(',') || '<none>';
}

const columns: readonly Column<Service>[] = [
  nameColumn,
  { name: 'Type', cell: ({ spec }) => spec?.type ?? '' },
  { name: 'Cluster-IP', cell: ({ spec }) => spec?.clusterIPs?.[0] ?? '<none>' },
  { name: 'External-IP', cell: externalText },
  { name: 'Port(s)', cell: portsText },
  ageColumn,
  {
    name: 'Selector',
    wide: true,
    cell: ({ spec }) => formatLabelSelector({ matchLabels: spec?.selector }) || '<none>',
  },
];

const topologyHints = 'service.kubernetes.io/topology-aware-hints';

function warnings({ metadata, spec = {} }: Service): string[] {
  const isName = spec.type === 'ExternalName';
  return [
    ...(metadata.annotations?.[topologyHints] === undefined
      ? []
      : [`annotation ${topologyHints} is deprecated, please use service.kubernetes.io/topology-mode instead`]),
    ...(isName && (spec.externalIPs ?? []).length > 0
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : []),
    ...(!isName && spec.externalName ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []),
  ];
}

export const service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  schema: serviceSchema,
  nameProblems: label1035Problems,
  defaults: serviceDefaults,
  prepareCreate: prepareServiceCreate,
  prepareUpdate: prepareServiceUpdate,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings,
  columns,
  selectableFields: [
    { path: 'spec.clusterIP', value: ({ spec }) => spec?.clusterIP ?? '' },
    { path: 'spec.type', value: ({ spec }) => spec?.type ?? '' },
  ],
  subresources: {
    status: true,
    others: [{ name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: 'ServiceProxyOptions' }],
  },
  allocation: serviceAllocation,
  createOnUpdate: true,
  related: ({ metadata }) => [{ resource: 'services', namespace: metadata.namespace ?? '', name: metadata.name ?? '' }],
});
