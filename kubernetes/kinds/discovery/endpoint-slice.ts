import { z } from 'zod';
import { validateEndpointIP } from '../../endpoint-ip.ts';
import { at, duplicate, invalid, required, tooMany, under, type FieldError } from '../../field-errors.ts';
import { optionalText, portNumber, repetitions, requiredOneOf } from '../../field-rules.ts';
import { isIPv4, isIPv6 } from '../../ip-address.ts';
import { defineKind } from '../../kind.ts';
import { qualifiedNameProblems } from '../../label.ts';
import { labelProblems, subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { objectReference } from '../../object-reference.ts';
import { once } from '../../once.ts';
import { protocols } from '../../port.ts';
import { atomicList, int32, stringMap, struct } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const discovery = 'io.k8s.api.discovery.v1';

const endpointHints = once(() =>
  struct(`${discovery}.EndpointHints`, {
    forZones: atomicList(struct(`${discovery}.ForZone`, { name: z.string() })).optional(),
    forNodes: atomicList(struct(`${discovery}.ForNode`, { name: z.string() })).optional(),
  }),
);

const endpoint = once(() =>
  struct(`${discovery}.Endpoint`, {
    addresses: z.array(z.string()).meta({ listType: 'set' }),
    conditions: struct(`${discovery}.EndpointConditions`, {
      ready: z.boolean().optional(),
      serving: z.boolean().optional(),
      terminating: z.boolean().optional(),
    }).optional(),
    hostname: z.string().optional(),
    targetRef: objectReference().optional(),
    deprecatedTopology: stringMap().optional(),
    nodeName: z.string().optional(),
    zone: z.string().optional(),
    hints: endpointHints().optional(),
  }),
);

const endpointPort = once(() =>
  struct(`${discovery}.EndpointPort`, {
    name: z.string().optional(),
    protocol: z.string().optional(),
    port: int32().optional(),
    appProtocol: z.string().optional(),
  }).meta({ mapType: 'atomic' }),
);

const schema = once(() =>
  struct(`${discovery}.EndpointSlice`, {
    kind: z.literal('EndpointSlice'),
    apiVersion: z.literal('discovery.k8s.io/v1'),
    metadata: objectMeta(),
    addressType: z.string(),
    endpoints: atomicList(endpoint()),
    ports: atomicList(endpointPort()).optional(),
  }),
);

export type EndpointSlice = z.infer<ReturnType<typeof schema>>;
export type Endpoint = z.infer<ReturnType<typeof endpoint>>;
type EndpointPort = z.infer<ReturnType<typeof endpointPort>>;

/** The label that names the Service of a slice. */
export const serviceNameLabel = 'kubernetes.io/service-name';

function defaults(object: EndpointSlice): void {
  for (const each of object.endpoints) each.conditions ??= {};
  for (const port of object.ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}

const addressTypes: readonly string[] = ['FQDN', 'IPv4', 'IPv6'];
const maximumEndpoints = 1000;
const maximumAddresses = 100;

const validate = (object: EndpointSlice): FieldError[] => [
  ...requiredOneOf('addressType', object.addressType, addressTypes),
  ...(object.endpoints.length > maximumEndpoints
    ? [tooMany('endpoints', object.endpoints.length, maximumEndpoints)]
    : object.endpoints.flatMap((each, index) => validateEndpoint(each, object.addressType, at('endpoints', index)))),
  ...validatePorts(object.ports ?? []),
];

const validateEndpoint = (object: Endpoint, type: string, path: string): readonly FieldError[] => [
  ...validateAddresses(object.addresses, type, under(path, 'addresses')),
  ...optionalText(under(path, 'nodeName'), object.nodeName, subdomainProblems),
  ...optionalText(under(path, 'hostname'), object.hostname, labelProblems),
];

function validateAddresses(addresses: readonly string[], type: string, path: string): readonly FieldError[] {
  if (addresses.length === 0) return [required(path, 'must contain at least 1 address')];
  if (addresses.length > maximumAddresses) return [tooMany(path, addresses.length, maximumAddresses)];
  return addresses.flatMap((address, index) => validateAddress(address, type, at(path, index)));
}

function validateAddress(address: string, type: string, path: string): readonly FieldError[] {
  switch (type) {
    case 'IPv4':
      return isIPv4(address)
        ? validateEndpointIP(path, address)
        : [invalid(path, address, 'must be a valid IPv4 address')];
    case 'IPv6':
      return isIPv6(address)
        ? validateEndpointIP(path, address)
        : [invalid(path, address, 'must be a valid IPv6 address')];
    case 'FQDN':
      return validateDomain(address, path);
    default:
      return [];
  }
}

function validateDomain(address: string, path: string): readonly FieldError[] {
  const domain = address.replace(/\.$/, '');
  if (domain === '') return [required(path)];
  const problems = subdomainProblems(domain).map((problem) => invalid(path, address, problem));
  if (problems.length > 0 || domain.includes('.')) return problems;
  return [invalid(path, address, 'should be a domain with at least two segments separated by dots')];
}

function validatePorts(ports: readonly EndpointPort[]): readonly FieldError[] {
  const again = repetitions(ports.map(({ name = '' }) => name));
  return ports.flatMap((port, index) => {
    const path = at('ports', index);
    return [...(again.has(index) ? [duplicate(under(path, 'name'), port.name)] : []), ...validatePort(port, path)];
  });
}

const validatePort = (port: EndpointPort, path: string): readonly FieldError[] => [
  ...optionalText(under(path, 'name'), port.name, labelProblems),
  ...requiredOneOf(under(path, 'protocol'), port.protocol, protocols),
  ...(port.port === undefined ? [] : portNumber(under(path, 'port'), port.port)),
  ...optionalText(under(path, 'appProtocol'), port.appProtocol, qualifiedNameProblems),
];

const shown = 3;

/** The first three, and how many more. */
function listText(texts: readonly string[]): string {
  const text = texts.slice(0, shown).join(',');
  return texts.length > shown ? `${text} + ${texts.length - shown} more...` : text || '<unset>';
}

const portText = ({ port, name }: EndpointPort): string => (port === undefined ? (name ?? '*') : String(port));

export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  validate,
  validateUpdate: (object, previous) =>
    object.addressType === previous.addressType
      ? []
      : [invalid('addressType', object.addressType, 'field is immutable')],
  generationOf: ({ addressType, endpoints, ports, metadata }) => ({
    addressType,
    endpoints,
    ports,
    labels: metadata.labels,
  }),
  columns: [
    nameColumn,
    { name: 'AddressType', cell: ({ addressType }) => addressType },
    { name: 'Ports', cell: ({ ports = [] }) => listText(ports.map(portText)) },
    { name: 'Endpoints', cell: ({ endpoints }) => listText(endpoints.flatMap(({ addresses }) => addresses)) },
    ageColumn,
  ],
  related({ metadata }, previous) {
    const names = [metadata.labels?.[serviceNameLabel], previous?.metadata.labels?.[serviceNameLabel]];
    return [...new Set(names)].flatMap((name) =>
      name ? [{ resource: 'services', namespace: metadata.namespace ?? '', name }] : [],
    );
  },
});
