import { describe, expect, test } from 'vitest';
import { endpointSlice } from '../../../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { cells, created, texts, updated } from '../../../support/prepared.ts';

const errorsOf = (body: object): string[] => texts(created(endpointSlice, body).errors);
const slice = { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] };

describe('an EndpointSlice', () => {
  test('gets a nameless TCP port, and conditions that say nothing', () => {
    const { object } = created(endpointSlice, slice);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      endpoints: [{ addresses: ['10.0.0.1'], conditions: {} }],
      ports: [{ name: '', protocol: 'TCP', port: 80 }],
    });
  });

  test.each([
    [{}, ['addressType: Required value']],
    [{ addressType: 'X' }, ['addressType: Unsupported value: "X": supported values: "FQDN", "IPv4", "IPv6"']],
    [
      { addressType: 'IPv4', endpoints: [{ addresses: [] }, { addresses: ['::1', '10.0.0.1'] }] },
      [
        'endpoints[0].addresses: Required value: must contain at least 1 address',
        'endpoints[1].addresses[0]: Invalid value: "::1": must be a valid IPv4 address',
      ],
    ],
    [
      { addressType: 'IPv6', endpoints: [{ addresses: ['10.0.0.1'] }] },
      ['endpoints[0].addresses[0]: Invalid value: "10.0.0.1": must be a valid IPv6 address'],
    ],
    [{ addressType: 'FQDN', endpoints: [{ addresses: ['example.com.'] }] }, []],
    [
      { addressType: 'FQDN', endpoints: [{ addresses: ['localhost'] }] },
      [
        'endpoints[0].addresses[0]: Invalid value: "localhost": should be a domain with at least two segments separated by dots',
      ],
    ],
    [
      {
        ...slice,
        ports: [
          { name: 'a', port: 80 },
          { name: 'a', port: 81 },
        ],
      },
      ['ports[1].name: Duplicate value: "a"'],
    ],
    [
      { ...slice, endpoints: Array.from({ length: 1001 }, () => ({ addresses: ['10.0.0.1'] })) },
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
  ])('%#', (body, expected) => {
    expect(errorsOf(body)).toEqual(expected);
  });

  test('keeps its address type', () => {
    const { object } = created(endpointSlice, { addressType: 'IPv4' });
    const { errors } = updated(endpointSlice, object, { change: (each) => (each.addressType = 'IPv6') });
    expect(texts(errors)).toEqual(['addressType: Invalid value: "IPv6": field is immutable']);
  });

  test('starts a generation when its labels change, not its annotations', () => {
    const { object } = created(endpointSlice, slice);
    const generation = (change: (each: typeof object) => void) =>
      updated(endpointSlice, object, { change }).object.metadata.generation;
    expect(generation((each) => (each.metadata.labels = { a: 'b' }))).toBe(2);
    expect(generation((each) => (each.metadata.annotations = { a: 'b' }))).toBe(1);
    expect(generation((each) => (each.ports = []))).toBe(2);
  });

  test.each([
    [slice, ['a', 'IPv4', '80', '10.0.0.1', '90s']],
    [{ addressType: 'IPv4' }, ['a', 'IPv4', '<unset>', '<unset>', '90s']],
    [
      {
        addressType: 'IPv4',
        endpoints: ['1', '2', '3', '4'].map((last) => ({ addresses: [`10.0.0.${last}`] })),
        ports: [{ port: 80, name: 'a' }, { name: 'web' }],
      },
      ['a', 'IPv4', '80,web', '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...', '90s'],
    ],
  ])('%# is shown', (body, expected) => {
    expect(cells(endpointSlice, created(endpointSlice, body).object)).toEqual(expected);
  });

  test('is the business of the Service that its label names or named', () => {
    const labelled = (name: string) =>
      created(endpointSlice, { ...slice, metadata: { name: 'a', labels: { 'kubernetes.io/service-name': name } } })
        .object;
    const key = (name: string) => ({ resource: 'services', namespace: 'shop', name });
    expect(endpointSlice.related(labelled('web'), undefined)).toEqual([key('web')]);
    expect(endpointSlice.related(labelled('web'), labelled('api'))).toEqual([key('web'), key('api')]);
    expect(endpointSlice.related(created(endpointSlice, slice).object, undefined)).toEqual([]);
  });
});
