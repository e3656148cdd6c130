import { describe, expect, test } from 'vitest';
import { decodedLength } from '../../kubernetes/base64.ts';
import { isCidr } from '../../kubernetes/ip-address.ts';
import { repositoryOf } from '../../kubernetes/image-reference.ts';
import { endpointSlice } from '../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { node } from '../../kubernetes/kinds/core/node.ts';
import { qualifiedNameProblems } from '../../kubernetes/label.ts';
import { validateMetaUpdate } from '../../kubernetes/object-meta-validation.ts';
import { labelProblems, subdomainProblems } from '../../kubernetes/names.ts';
import { jsonPatch } from '../../kubernetes/patch/json.ts';
import { threeWayMerge } from '../../kubernetes/patch/three-way.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import { serviceAllocation } from '../../kubernetes/service/allocation.ts';
import { prepareServiceUpdate } from '../../kubernetes/service/prepare.ts';
import { validateService } from '../../kubernetes/service/validation.ts';
import { configMap } from '../../kubernetes/kinds/core/config-map.ts';
import { service as serviceKind } from '../../kubernetes/kinds/core/service.ts';
import { allocated, heldBeside } from '../../kubernetes/write/allocation.ts';
import { refusal } from './refusal.ts';

const list = <T>(length: number, item: (index: number) => T): T[] => Array.from({ length }, (_, index) => item(index));
const metadata = { name: 'a', namespace: 'default' };

// Each input is so large that work in proportion to its square would take longer than a test may.
describe('texts of any length are read in one pass', () => {
  test.each<[string, () => unknown]>([
    ['a CIDR of colons', () => isCidr(':'.repeat(3_000_000))],
    ['an image of at signs', () => repositoryOf(`${'@'.repeat(3_000_000)}\nx`)],
    ['an image of colons', () => repositoryOf(`${':'.repeat(3_000_000)}/`)],
    ['padding without an end', () => decodedLength(`${'='.repeat(3_000_000)}a`)],
    ['a subdomain', () => subdomainProblems('a.'.repeat(1_500_000))],
    ['a label', () => labelProblems('a-'.repeat(1_500_000))],
    ['a qualified name', () => qualifiedNameProblems('/'.repeat(3_000_000))],
    ['6,000 quantities of 500 zeros', () => list(6_000, () => parseQuantity(`${'0'.repeat(499)}x`))],
  ])('%s', (_what, read) => {
    expect(read()).toBeDefined();
  });
});

test.each([
  ['10.0.0.0/8', true],
  ['10.0.0.0/032', true],
  ['2001:db8::/64', true],
  ['::ffff:10.0.0.1/128', true],
  ['10.0.0.0/33', false],
  ['2001:db8::/129', false],
  ['999.0.0.0/8', false],
  ['::1::/64', false],
  ['10.0.0.0', false],
  ['10.0.0.0/8/8', false],
  [`${'0'.repeat(60)}::/64`, false],
])('whether %j is a CIDR: %s', (text, expected) => {
  expect(isCidr(text)).toBe(expected);
});

test.each([
  ['nginx', 'nginx'],
  ['nginx:1.27', 'nginx'],
  ['registry:5000/web', 'registry:5000/web'],
  ['registry:5000/web:1@sha256:00', 'registry:5000/web'],
])('the repository of %s is %s', (image, repository) => {
  expect(repositoryOf(image)).toBe(repository);
});

describe('lists of any length are gone through once', () => {
  const ports = (length: number) =>
    list(length, (index) => ({ name: `p${index}`, port: index % 65_536, protocol: 'TCP' }));

  test('ports of an EndpointSlice', () => {
    const slice = {
      kind: 'EndpointSlice' as const,
      apiVersion: 'discovery.k8s.io/v1' as const,
      metadata,
      addressType: 'IPv4',
      endpoints: [],
    };
    const errors = endpointSlice.validate({
      ...slice,
      ports: [...ports(60_000), { name: 'p7', port: 1, protocol: 'TCP' }],
    });
    expect(errors.filter(({ reason }) => reason === 'FieldValueDuplicate')).toHaveLength(1);
  });

  test('taints of a Node', () => {
    const taints = list(60_000, (index) => ({ key: `k${index}`, effect: 'NoSchedule' }));
    const given = {
      kind: 'Node' as const,
      apiVersion: 'v1' as const,
      metadata,
      spec: { taints: [...taints, { key: 'k7', effect: 'NoSchedule' }] },
    };
    expect(node.validate(given)).toHaveLength(1);
  });

  test('ports of a Service', () => {
    const service = { kind: 'Service', apiVersion: 'v1', metadata } as const;
    const spec = { type: 'NodePort', clusterIPs: ['10.96.0.9'], ports: ports(60_000) };
    expect(
      validateService({
        ...service,
        spec: { ...spec, ports: [...spec.ports, { name: 'p7', port: 7, protocol: 'TCP' }] },
      }),
    ).not.toEqual([]);
    const allocated = { ...service, spec: structuredClone(spec) };
    serviceAllocation.allocate(allocated, () => 0.5);
    expect(serviceAllocation.held(allocated).length).toBeGreaterThan(2_000);
    prepareServiceUpdate({ ...service, spec: structuredClone(spec) }, allocated);
  });

  test('cluster IPs of a Service', () => {
    const clusterIPs = list(60_000, () => '10.0.0.1');
    const spec = { type: 'ClusterIP', clusterIP: '10.0.0.1', clusterIPs, ports: [{ port: 80, protocol: 'TCP' }] };
    const errors = validateService({ kind: 'Service', apiVersion: 'v1', metadata, spec });
    expect(errors.filter(({ field }) => field === 'spec.clusterIPs')).toHaveLength(3);
  });

  test('values that a Service holds', () => {
    const spec = { type: 'NodePort', ports: list(150_000, (index) => ({ port: 80, nodePort: index + 1 })) };
    const service = { kind: 'Service' as const, apiVersion: 'v1' as const, metadata, spec };
    const { held, asked } = allocated(serviceKind, service, Math.random);
    expect(asked).toHaveLength(150_000);
    expect(heldBeside(held, asked)).toMatchObject([{ pool: 'clusterIP' }]);
  });

  test('finalizers of an object that is being deleted', () => {
    const finalizers = (prefix: string) => list(60_000, (index) => `${prefix}/${index}`);
    const deleted = { ...metadata, uid: 'u', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: finalizers('a') };
    expect(validateMetaUpdate({ ...deleted, finalizers: [...finalizers('a'), 'b/1'] }, deleted)).toHaveLength(1);
  });

  test('what was applied before', () => {
    const config = (uids: string) => ({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { ...metadata, ownerReferences: list(40_000, (index) => ({ uid: `${uids}${index}`, name: 'n' })) },
    });
    const merged = threeWayMerge(configMap, {
      original: config('old'),
      modified: config('new'),
      current: config('old'),
    });
    expect(JSON.stringify(merged)).not.toContain('old');
  });

  test('a JSON patch shifts so many items, and no more', () => {
    const front = (length: number) => list(length, () => ({ op: 'add', path: '/a/0', value: 1 }));
    expect(jsonPatch({ a: list(1_000, () => 0) }, front(1_000))).toHaveProperty('a.length', 2_000);
    expect(refusal(() => jsonPatch({ a: list(24_000, () => 0) }, front(9_000))).code).toBe(413);
  });
});
