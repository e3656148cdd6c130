import { describe, expect, test } from 'vitest';
import { service } from '../../../kubernetes/kinds/core/service.ts';
import { serviceAllocation } from '../../../kubernetes/service/allocation.ts';
import { isServiceIP, randomNodePort, randomServiceIP } from '../../../kubernetes/service/network.ts';
import { created } from '../../support/prepared.ts';

/** Numbers that are given out one after the other, the last one again and again. */
const sequence =
  (...numbers: number[]) =>
  (): number =>
    (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? 0;

const allocated = (spec: object, random: () => number = () => 0) => {
  const { object } = created(service, { spec });
  serviceAllocation.allocate(object, random);
  return object;
};

describe('allocating', () => {
  test('stays within the ranges, and out of the parts that are left to clients', () => {
    expect([randomServiceIP(() => 0), randomServiceIP(() => 0.999_999_99)]).toEqual(['10.96.1.1', '10.96.255.254']);
    expect([0, 0.999_999_99].map((each) => randomNodePort(() => each, new Set()))).toEqual([30_086, 32_767]);
    expect(
      ['10.96.0.1', '10.96.255.254', '10.96.0.0', '10.96.255.255', '10.97.0.1', '10.96.0.256'].map(isServiceIP),
    ).toEqual([true, true, false, false, false, false]);
  });

  test('chooses what is unset, and leaves what is set', () => {
    const { spec } = allocated({
      type: 'NodePort',
      clusterIP: '10.96.0.10',
      ports: [
        { name: 'a', port: 80, nodePort: 30_000 },
        { name: 'b', port: 81 },
      ],
    });
    expect(spec).toMatchObject({ clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10'] });
    expect(spec?.ports?.map((port) => port.nodePort)).toEqual([30_000, 30_086]);
    const before = structuredClone(spec);
    serviceAllocation.allocate({ kind: 'Service', apiVersion: 'v1', metadata: {}, ...(spec && { spec }) }, () => 0.9);
    expect(spec).toEqual(before);
  });

  test('gives one node port to both protocols of a port, and never the same to two ports', () => {
    const { spec } = allocated(
      {
        type: 'NodePort',
        ports: [
          { name: 'a', port: 53 },
          { name: 'b', port: 53, protocol: 'UDP' },
          { name: 'c', port: 80 },
        ],
      },
      sequence(0.5, 0),
    );
    expect(spec?.ports?.map((port) => port.nodePort)).toEqual([30_086, 30_086, 30_087]);
  });

  test.each([
    ['a headless Service', { clusterIP: 'None', ports: [{ port: 80 }] }],
    ['an ExternalName', { type: 'ExternalName', externalName: 'a.b' }],
  ])('gives nothing to %s', (_, spec) => {
    expect(serviceAllocation.held(allocated(spec))).toEqual([]);
  });

  test('gives no node ports where the Service wants none, and one for health checks where it needs one', () => {
    const { spec } = allocated({
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      ports: [{ port: 80 }],
    });
    expect(spec?.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    expect(spec?.healthCheckNodePort).toBe(30_086);
  });
});

test('a Service holds its addresses and ports, each once, with what is said when somebody else has it', () => {
  const object = allocated({
    type: 'NodePort',
    clusterIP: '10.96.0.10',
    ports: [
      { name: 'a', port: 53, nodePort: 30_053 },
      { name: 'b', port: 53, protocol: 'UDP', nodePort: 30_053 },
    ],
  });
  expect(serviceAllocation.held(object)).toEqual([
    {
      pool: 'clusterIP',
      value: '10.96.0.10',
      shown: ['10.96.0.10'],
      field: 'spec.clusterIPs',
      taken: 'failed to allocate IP 10.96.0.10: provided IP is already allocated',
    },
    {
      pool: 'nodePort',
      value: '30053',
      shown: 30_053,
      field: 'spec.ports[0].nodePort',
      taken: 'provided port is already allocated',
    },
  ]);
});
