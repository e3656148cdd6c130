import { z } from 'zod';
import { validateEndpointIP } from '../../endpoint-ip.ts';
import { at, required, under, type FieldError } from '../../field-errors.ts';
import { optionalText, portNumber, requiredOneOf } from '../../field-rules.ts';
import { defineKind } from '../../kind.ts';
import { qualifiedNameProblems } from '../../label.ts';
import { labelProblems, subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { objectReference } from '../../object-reference.ts';
import { once } from '../../once.ts';
import { protocols } from '../../port.ts';
import { atomicList, int32, struct } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const core = 'io.k8s.api.core.v1';

const endpointAddress = once(() =>
  struct(`${core}.EndpointAddress`, {
    ip: z.string(),
    hostname: z.string().optional(),
    nodeName: z.string().optional(),
    targetRef: objectReference().optional(),
  }).meta({ mapType: 'atomic' }),
);

const endpointPort = once(() =>
  struct(`${core}.EndpointPort`, {
    name: z.string().optional(),
    port: int32(),
    protocol: z.string().optional(),
    appProtocol: z.string().optional(),
  }).meta({ mapType: 'atomic' }),
);

const endpointSubset = once(() =>
  struct(`${core}.EndpointSubset`, {
    addresses: atomicList(endpointAddress()).optional(),
    notReadyAddresses: atomicList(endpointAddress()).optional(),
    ports: atomicList(endpointPort()).optional(),
  }),
);

const schema = once(() =>
  struct(`${core}.Endpoints`, {
    kind: z.literal('Endpoints'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    subsets: atomicList(endpointSubset()).optional(),
  }),
);

export type Endpoints = z.infer<ReturnType<typeof schema>>;
export type EndpointSubset = z.infer<ReturnType<typeof endpointSubset>>;
export type EndpointAddress = z.infer<ReturnType<typeof endpointAddress>>;
type EndpointPort = z.infer<ReturnType<typeof endpointPort>>;

function defaults(object: Endpoints): void {
  for (const { ports = [] } of object.subsets ?? []) for (const port of ports) port.protocol ||= 'TCP';
}

const validate = (object: Endpoints): FieldError[] =>
  (object.subsets ?? []).flatMap((subset, index) => validateSubset(subset, at('subsets', index)));

function validateSubset(subset: EndpointSubset, path: string): readonly FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  const none = addresses.length + notReadyAddresses.length === 0;
  return [
    ...(none ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...addresses.flatMap((each, index) => validateAddress(each, at(under(path, 'addresses'), index))),
    ...notReadyAddresses.flatMap((each, index) => validateAddress(each, at(under(path, 'notReadyAddresses'), index))),
    ...ports.flatMap((each, index) => [
      ...(each.name || ports.length === 1 ? [] : [required(under(at(under(path, 'ports'), index), 'name'))]),
      ...validatePort(each, at(under(path, 'ports'), index)),
    ]),
  ];
}

const validateAddress = ({ ip, hostname, nodeName }: EndpointAddress, path: string): readonly FieldError[] => [
  ...validateEndpointIP(under(path, 'ip'), ip),
  ...optionalText(under(path, 'hostname'), hostname, labelProblems),
  ...optionalText(under(path, 'nodeName'), nodeName, subdomainProblems),
];

const validatePort = (port: EndpointPort, path: string): readonly FieldError[] => [
  ...optionalText(under(path, 'name'), port.name, labelProblems),
  ...portNumber(under(path, 'port'), port.port),
  ...requiredOneOf(under(path, 'protocol'), port.protocol, protocols),
  ...optionalText(under(path, 'appProtocol'), port.appProtocol, qualifiedNameProblems),
];

const shown = 3;

/** The first three `address:port`, and how many more. */
function endpointsText({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  const text = all.slice(0, shown).join(',');
  return all.length > shown ? `${text} + ${all.length - shown} more...` : text;
}

export const endpoints = defineKind<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  validate,
  warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  columns: [nameColumn, { name: 'Endpoints', cell: endpointsText }, ageColumn],
  createOnUpdate: true,
  related: ({ metadata }) => [{ resource: 'services', namespace: metadata.namespace ?? '', name: metadata.name ?? '' }],
});
