import { describe, expect, test } from 'vitest';
import { nodePortsOf, readyTargets } from '../../local/node-ports.ts';
import type { Service } from '../../kubernetes/kinds/core/service.ts';

const service = (ports: NonNullable<Service['spec']>['ports']): Service => ({
  kind: 'Service',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ports },
});

describe('node ports', () => {
  test('are those that Services have, over TCP', () => {
    const ports = nodePortsOf([
      service([
        { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' },
        { name: 'dns', port: 53, nodePort: 30053, protocol: 'UDP' },
        { name: 'inner', port: 81 },
      ]),
    ]);
    expect([...ports.keys()]).toEqual([30080]);
    expect(ports.get(30080)?.portName).toBe('http');
  });

  test('lead to the ready pods, each at its own port of that name', () => {
    const endpoints = {
      kind: 'Endpoints' as const,
      apiVersion: 'v1' as const,
      metadata: { name: 'web' },
      subsets: [
        {
          addresses: [{ ip: '10.0.0.1', targetRef: { kind: 'Pod', name: 'a' } }, { ip: '10.9.9.9' }],
          notReadyAddresses: [{ ip: '10.0.0.2', targetRef: { kind: 'Pod', name: 'b' } }],
          ports: [
            { name: 'http', port: 8080 },
            { name: 'admin', port: 9000 },
          ],
        },
        {
          addresses: [{ ip: '10.0.0.3', targetRef: { kind: 'Pod', name: 'c' } }],
          ports: [{ name: 'http', port: 8081 }],
        },
      ],
    };
    expect(readyTargets(endpoints, 'http')).toEqual([
      { pod: 'a', port: 8080 },
      { pod: 'c', port: 8081 },
    ]);
    expect(readyTargets(endpoints, '')).toEqual([]);
    expect(readyTargets(undefined, 'http')).toEqual([]);
  });
});
