import { describe, expect, test } from 'vitest';
import { node } from '../../../../kubernetes/kinds/core/node.ts';
import { cells, created, texts, updated } from '../../../support/prepared.ts';

describe('a Node', () => {
  test('can be made with its status, and can give all that it has', () => {
    const { object } = created(node, { status: { capacity: { cpu: '1', memory: '1024Mi' } } });
    expect(object.status).toMatchObject({
      capacity: { cpu: '1', memory: '1Gi' },
      allocatable: { cpu: '1', memory: '1Gi' },
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: { kubeletVersion: '', osImage: '' },
    });
  });

  test('is shown by readiness, roles and addresses', () => {
    const { object } = created(node, {
      metadata: {
        name: 'zone-a',
        labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/edge': '', 'kubernetes.io/role': 'x' },
      },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        nodeInfo: { kubeletVersion: 'v1.33.0', osImage: 'Fargate' },
      },
    });
    expect(cells(node, object)).toEqual([
      'zone-a',
      'Ready,SchedulingDisabled',
      'edge,worker,x',
      '90s',
      'v1.33.0',
      '10.0.0.1',
      '<none>',
      'Fargate',
      '<unknown>',
      '<unknown>',
    ]);
  });

  test.each([
    [[], 'Unknown'],
    [[{ type: 'Ready', status: 'Unknown' }], 'NotReady'],
    [[{ type: 'MemoryPressure', status: 'True' }], 'Unknown'],
  ])('with conditions %j is %s', (conditions, expected) => {
    expect(cells(node, created(node, { status: { conditions } }).object)[1]).toBe(expected);
  });

  test('has taints with a key, an effect, and each once', () => {
    const { errors } = created(node, {
      spec: {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'b', effect: 'NoSchedule' },
          { key: '', effect: '' },
          { key: 'b', effect: 'Never' },
        ],
      },
    });
    expect(texts(errors).filter((text) => !text.includes('name part'))).toEqual([
      'spec.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"b", Effect:"NoSchedule", TimeAdded:<nil>}: taints must be unique by key and effect pair',
      'spec.taints[2].effect: Required value',
      'spec.taints[3].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ]);
  });

  test('keeps the identity that it was given', () => {
    const { object } = created(node, {});
    const given = updated(node, object, {
      change: (each) => (each.spec = { providerID: 'a', podCIDR: '10.0.0.0/24' }),
    });
    expect(given.errors).toEqual([]);
    const other = updated(node, given.object, { change: (each) => (each.spec = { podCIDR: '10.0.1.0/24' }) });
    expect(texts(other.errors)).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });

  test('is selected by whether it takes pods', () => {
    const select = (spec: object) => node.selectableFields[0]?.value(created(node, { spec }).object);
    expect([select({}), select({ unschedulable: true })]).toEqual(['false', 'true']);
  });
});
