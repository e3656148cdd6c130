import { describe, expect, test } from 'vitest';
import { service } from '../../../../kubernetes/kinds/core/service.ts';
import { cells, created, decoded, texts, updated } from '../../../support/prepared.ts';

const ports = [{ port: 80 }];
const errorsOf = (body: object): string[] => texts(created(service, body).errors);
/** A Service as it is stored: with its addresses and ports. */
function stored(spec: object) {
  const { object, errors } = created(service, { spec });
  expect(texts(errors)).toEqual([]);
  service.allocation?.allocate(object, () => 0);
  return object;
}

describe('the defaults of a Service', () => {
  const common = { sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' };
  const single = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  const port = { port: 80, protocol: 'TCP', targetPort: 80 };

  test.each([
    ['of no type', {}, { ...common, ...single, type: 'ClusterIP', ports: [port] }],
    [
      'NodePort',
      { type: 'NodePort' },
      { ...common, ...single, type: 'NodePort', externalTrafficPolicy: 'Cluster', ports: [port] },
    ],
    [
      'LoadBalancer',
      { type: 'LoadBalancer' },
      {
        ...common,
        ...single,
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Cluster',
        allocateLoadBalancerNodePorts: true,
        ports: [port],
      },
    ],
    [
      'with external addresses',
      { externalIPs: ['1.2.3.4'] },
      {
        ...common,
        ...single,
        type: 'ClusterIP',
        externalIPs: ['1.2.3.4'],
        externalTrafficPolicy: 'Cluster',
        ports: [port],
      },
    ],
    [
      'headless without a selector',
      { clusterIP: 'None' },
      {
        ...common,
        type: 'ClusterIP',
        clusterIP: 'None',
        clusterIPs: ['None'],
        ipFamilies: ['IPv4', 'IPv6'],
        ipFamilyPolicy: 'RequireDualStack',
        ports: [port],
      },
    ],
    [
      'headless with a selector',
      { clusterIP: 'None', selector: { a: 'b' } },
      {
        ...common,
        ...single,
        type: 'ClusterIP',
        clusterIP: 'None',
        clusterIPs: ['None'],
        selector: { a: 'b' },
        ports: [port],
      },
    ],
    [
      'sticky',
      { sessionAffinity: 'ClientIP' },
      {
        ...common,
        ...single,
        type: 'ClusterIP',
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
        ports: [port],
      },
    ],
  ])('%s', (_, spec, expected) => {
    const { object, errors } = created(service, { spec: { ports, ...spec }, status: { conditions: [] } });
    expect(texts(errors)).toEqual([]);
    expect(object.spec).toEqual(expected);
    expect(object.status).toEqual({ loadBalancer: {} });
  });

  test('an ExternalName has no addresses', () => {
    const { object } = created(service, { spec: { type: 'ExternalName', externalName: 'example.com.' } });
    expect(object.spec).toEqual({ type: 'ExternalName', externalName: 'example.com.', sessionAffinity: 'None' });
  });

  test('a target stays a name', () => {
    const { object } = created(service, { spec: { ports: [{ port: 80, targetPort: 'http' }] } });
    expect(object.spec?.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 'http' }]);
  });

  test('the configuration of stickiness goes with it', () => {
    const object = stored({ ports, sessionAffinity: 'ClientIP' });
    const change = (each: typeof object) => each.spec && (each.spec.sessionAffinity = 'None');
    expect(updated(service, object, { change }).object.spec).not.toHaveProperty('sessionAffinityConfig');
  });
});

describe('a Service', () => {
  const name35 =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

  test.each([
    ['1a', `metadata.name: Invalid value: "1a": ${name35}`],
    ['a.b', `metadata.name: Invalid value: "a.b": ${name35}`],
    ['a'.repeat(64), `metadata.name: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`],
  ])('is not called %s', (name, message) => {
    expect(errorsOf({ metadata: { name }, spec: { ports } })).toEqual([message]);
  });

  test.each([
    [{}, ['spec.ports: Required value']],
    [
      { ports: [{ port: 0 }] },
      [
        'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      ],
    ],
    [
      { ports: [{ port: 80 }, { port: 81 }] },
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      {
        ports: [
          { name: 'a', port: 80 },
          { name: 'a', port: 81 },
        ],
      },
      ['spec.ports[1].name: Duplicate value: "a"'],
    ],
    [
      {
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
      },
      [
        'spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
      ],
    ],
    [
      {
        ports: [
          { name: 'a', port: 53 },
          { name: 'b', port: 53, protocol: 'UDP' },
        ],
      },
      [],
    ],
    [
      { ports: [{ port: 80, protocol: 'X' }] },
      ['spec.ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      { ports: [{ port: 80, targetPort: '--' }] },
      [
        'spec.ports[0].targetPort: Invalid value: "--": must contain at least one letter (a-z)',
        'spec.ports[0].targetPort: Invalid value: "--": must not contain consecutive hyphens',
        'spec.ports[0].targetPort: Invalid value: "--": must not begin or end with a hyphen',
      ],
    ],
    [
      { ports, type: 'X' },
      ['spec.type: Unsupported value: "X": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
    ],
    [
      { ports: [{ port: 80, nodePort: 30_080 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
      [
        'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
      ],
    ],
    [
      {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 80, nodePort: 30_080 },
          { name: 'b', port: 81, nodePort: 30_080 },
          { name: 'c', port: 82, nodePort: 30_080, protocol: 'UDP' },
        ],
      },
      ['spec.ports[1].nodePort: Duplicate value: 30080'],
    ],
    [
      { type: 'NodePort', clusterIP: 'None', ports },
      [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`],
    ],
    [
      { type: 'LoadBalancer', clusterIP: 'None', ports },
      [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`],
    ],
    [
      { type: 'LoadBalancer', ports: [{ port: 10_250 }] },
      ['spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet'],
    ],
    [{ clusterIP: 'None' }, []],
    [{ type: 'ExternalName' }, ['spec.externalName: Required value']],
    [
      { type: 'ExternalName', externalName: 'A_b' },
      [expect.stringMatching(/^spec\.externalName: Invalid value: "A_b": a lowercase RFC 1123 subdomain must/)],
    ],
    [
      { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.9', ipFamilyPolicy: 'SingleStack' },
      [
        'spec.clusterIPs: Forbidden: may not be set for ExternalName services',
        'spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services',
      ],
    ],
    [
      { ports, sessionAffinity: 'X' },
      ['spec.sessionAffinity: Unsupported value: "X": supported values: "ClientIP", "None"'],
    ],
    [
      { ports, sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } },
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400',
      ],
    ],
    [
      { ports, externalIPs: ['127.0.0.1', 'x'] },
      [
        'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'spec.externalIPs[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      { ports, externalTrafficPolicy: 'Local' },
      ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    ],
    [
      { ports, type: 'NodePort', externalTrafficPolicy: 'X', internalTrafficPolicy: 'Y', trafficDistribution: 'Z' },
      [
        'spec.externalTrafficPolicy: Unsupported value: "X": supported values: "Cluster", "Local"',
        'spec.internalTrafficPolicy: Unsupported value: "Y": supported values: "Cluster", "Local"',
        'spec.trafficDistribution: Unsupported value: "Z": supported values: "PreferClose"',
      ],
    ],
    [
      { ports, healthCheckNodePort: 30_001 },
      [
        "spec.healthCheckNodePort: Invalid value: 30001: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ],
    ],
    [
      { ports, loadBalancerSourceRanges: ['10.0.0.0/8'], allocateLoadBalancerNodePorts: false, loadBalancerClass: 'a' },
      [
        "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
      ],
    ],
    [
      {
        ports,
        type: 'LoadBalancer',
        loadBalancerSourceRanges: ['10.0.0.0/8', ' 2001:db8::/32 ', '10.0.0.1', '1.1.1.1/40'],
      },
      [
        'spec.LoadBalancerSourceRanges[2]: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        'spec.LoadBalancerSourceRanges[3]: Invalid value: "1.1.1.1/40": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [{ ports, selector: { 'a b': 'c' } }, [expect.stringMatching(/^spec\.selector: Invalid value: "a b": name part/)]],
  ])('%j', (spec, expected) => {
    expect(errorsOf({ spec })).toEqual(expected);
  });

  test.each([
    [{ clusterIP: '10.96.0.10' }, []],
    [{ clusterIPs: ['10.96.0.10'] }, ['must be empty when `clusterIP` is not specified']],
    [{ clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.11'] }, ['first value must match `clusterIP`']],
    [
      { clusterIP: '1.2.3.4' },
      [
        'failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
      ],
    ],
    [{ clusterIP: '10.96.0.0' }, [expect.stringContaining('is not in the valid range')]],
    [{ clusterIP: 'x' }, ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    [{ clusterIP: 'None', clusterIPs: ['None', '10.96.0.1'] }, ["'None' must be the first and only value"]],
    [
      { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9', '10.96.0.8'] },
      ['may specify no more than one IP for each IP family'],
    ],
    [{ ipFamilies: ['IPv6'] }, ['not configured on this cluster']],
    [{ ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' }, []],
    [{ ipFamilyPolicy: 'RequireDualStack' }, ['this cluster is not configured for dual-stack services']],
    [{ clusterIP: '2001:db8::1', ipFamilies: ['IPv4'] }, ['expected an IPv4 value as indicated by `ipFamilies[0]`']],
  ])('with %j', (spec, expected) => {
    const details = created(service, { spec: { ports, ...spec } }).errors.map(({ message }) =>
      message.replace(/^Invalid value: (\[\]string\{.*?\}|"[^"]*"): /, ''),
    );
    expect(details).toEqual(expected);
  });

  test('has few and short errors for many addresses', () => {
    const clusterIPs = Array.from({ length: 100_000 }, () => '1.1.1.1');
    const found = errorsOf({ spec: { ports, clusterIP: '1.1.1.1', clusterIPs } });
    expect(found).toHaveLength(3);
    expect(found.join('').length).toBeLessThan(5000);
  });

  test('warns of fields that its type makes meaningless', () => {
    const { warnings } = created(service, { spec: { ports, externalName: 'a.b' } });
    expect(warnings).toEqual(['spec.externalName is ignored when spec.type is not "ExternalName"']);
  });
});

describe('an update of a Service', () => {
  const withoutAllocated = (object: ReturnType<typeof stored>, type?: string): object => ({
    ports: object.spec?.ports?.map(({ port, name }) => ({ port, ...(name === undefined ? {} : { name }) })),
    ...(type === undefined ? {} : { type }),
  });
  const replaced = (object: ReturnType<typeof stored>, spec: object) =>
    updated(service, object, { change: (each) => (each.spec = decoded(service, { spec }).spec) });

  test('by a client that leaves out what it never set keeps it', () => {
    const object = stored({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    });
    const bare = { ...withoutAllocated(object, 'LoadBalancer'), externalTrafficPolicy: 'Local' };
    expect(replaced(object, bare)).toMatchObject({ object: { spec: object.spec }, errors: [] });
  });

  test('keeps node ports by the names of their ports', () => {
    const object = stored({
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80, nodePort: 30_001 },
        { name: 'b', port: 81, nodePort: 30_002 },
      ],
    });
    const { object: next } = replaced(object, {
      type: 'NodePort',
      ports: [
        { name: 'b', port: 90 },
        { name: 'a', port: 80, nodePort: 30_002 },
      ],
    });
    expect(next.spec?.ports?.map((port) => port.nodePort)).toEqual([undefined, 30_002]);
  });

  test('refuses another cluster IP', () => {
    const object = stored({ ports });
    expect(object.spec?.clusterIPs).toEqual(['10.96.1.1']);
    const patched = updated(service, object, {
      change: (each) => each.spec && (each.spec.clusterIP = '10.96.0.77'),
    });
    expect(texts(patched.errors)).toEqual([
      'spec.clusterIPs[0]: Invalid value: []string{"10.96.0.77"}: may not change once set',
    ]);
    const only = replaced(object, { ports, clusterIP: '10.96.0.77' });
    expect(texts(only.errors)).toEqual([
      'spec.clusterIPs: Required value',
      'spec.clusterIPs[0]: Invalid value: []string(nil): primary clusterIP can not be unset',
    ]);
    const headless = replaced(object, { ports, clusterIP: 'None', clusterIPs: ['None'] });
    expect(texts(headless.errors)).toEqual([
      'spec.clusterIPs[0]: Invalid value: []string{"None"}: may not change once set',
    ]);
  });

  test('to ExternalName gives everything back, and from it makes a Service like a new one', () => {
    const object = stored({ type: 'NodePort', ports });
    const named = updated(service, object, {
      change: (each) => Object.assign(each.spec ?? {}, { type: 'ExternalName', externalName: 'a.b' }),
    });
    expect(texts(named.errors)).toEqual([]);
    expect(named.object.spec).toEqual({
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      type: 'ExternalName',
      externalName: 'a.b',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    });
    expect(service.allocation?.held(named.object)).toEqual([]);
    const back = replaced(named.object, { ports });
    expect(texts(back.errors)).toEqual([]);
    expect(back.object.spec).toMatchObject({ type: 'ClusterIP', ipFamilies: ['IPv4'] });
  });

  test('to ClusterIP gives the node ports back unless the client insists', () => {
    const object = stored({ type: 'NodePort', ports });
    const change = (each: typeof object) => each.spec && (each.spec.type = 'ClusterIP');
    const { object: next, errors } = updated(service, object, { change });
    expect(texts(errors)).toEqual([]);
    expect(next.spec?.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    expect(next.spec).not.toHaveProperty('externalTrafficPolicy');
    expect(next.spec?.clusterIP).toBe(object.spec?.clusterIP);
    const insisting = replaced(object, { type: 'ClusterIP', ports: [{ port: 80, nodePort: 31_000 }] });
    expect(texts(insisting.errors)).toEqual([
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ]);
  });

  test('keeps the class of a load balancer', () => {
    const object = stored({ type: 'LoadBalancer', loadBalancerClass: 'a.com/b', ports });
    const change = (each: typeof object) => each.spec && (each.spec.loadBalancerClass = 'a.com/c');
    expect(texts(updated(service, object, { change }).errors)).toEqual([
      'spec.loadBalancerClass: Invalid value: "a.com/c": may not change once set',
    ]);
    const plain = updated(service, object, { change: (each) => each.spec && (each.spec.type = 'ClusterIP') });
    expect(texts(plain.errors)).toEqual([]);
    expect(plain.object.spec).not.toHaveProperty('loadBalancerClass');
  });
});

describe('the table of Services', () => {
  const row = (spec: object, status: object = {}) => {
    const object = stored(spec);
    Object.assign(object, { status });
    return cells(service, object);
  };

  test.each([
    [{ ports }, {}, ['a', 'ClusterIP', '10.96.1.1', '<none>', '80/TCP', '90s', '<none>']],
    [
      { ports, clusterIP: 'None', selector: { foo: 'bar', baz: 'blah' } },
      {},
      ['a', 'ClusterIP', 'None', '<none>', '80/TCP', '90s', 'baz=blah,foo=bar'],
    ],
    [
      { type: 'NodePort', externalIPs: ['1.2.3.4', '1.2.3.5'], ports: [{ port: 53, protocol: 'UDP' }] },
      {},
      ['a', 'NodePort', '10.96.1.1', '1.2.3.4,1.2.3.5', '53:30086/UDP', '90s', '<none>'],
    ],
    [
      { type: 'LoadBalancer', ports },
      {},
      ['a', 'LoadBalancer', '10.96.1.1', '<pending>', '80:30086/TCP', '90s', '<none>'],
    ],
    [
      { type: 'LoadBalancer', ports, externalIPs: ['1.2.3.4'] },
      { loadBalancer: { ingress: [{ hostname: 'b.com' }, { ip: '9.9.9.9' }, { hostname: 'b.com' }] } },
      ['a', 'LoadBalancer', '10.96.1.1', '9.9.9.9,b.com,1.2.3.4', '80:30086/TCP', '90s', '<none>'],
    ],
    [
      { type: 'ExternalName', externalName: 'a.b' },
      {},
      ['a', 'ExternalName', '<none>', 'a.b', '<none>', '90s', '<none>'],
    ],
  ])('%j', (spec, status, expected) => {
    expect(row(spec, status)).toEqual(expected);
  });
});
