import { describe, expect, test } from 'vitest';
import { endpoints } from '../../../../kubernetes/kinds/core/endpoints.ts';
import { cells, created, texts } from '../../../support/prepared.ts';

const addresses = (count: number) => Array.from({ length: count }, (_, index) => ({ ip: `10.0.0.${index + 1}` }));
const shown = (subsets: object[]) => cells(endpoints, created(endpoints, { subsets }).object)[1];

describe('Endpoints', () => {
  test('speak TCP unless they say otherwise', () => {
    const { object } = created(endpoints, { subsets: [{ addresses: addresses(1), ports: [{ port: 80 }] }] });
    expect(object.subsets?.[0]?.ports).toEqual([{ port: 80, protocol: 'TCP' }]);
  });

  test.each([
    [[], '<none>'],
    [[{ addresses: addresses(2), ports: [{ port: 80 }] }], '10.0.0.1:80,10.0.0.2:80'],
    [[{ addresses: addresses(5), ports: [{ port: 80 }] }], '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...'],
    [
      [
        {
          addresses: addresses(2),
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 81 },
          ],
        },
      ],
      '10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 1 more...',
    ],
    [[{ addresses: addresses(2) }], '10.0.0.1,10.0.0.2'],
    [[{ notReadyAddresses: addresses(1), ports: [{ port: 80 }] }], ''],
    [[{ addresses: [{ ip: '2001:db8::1' }], ports: [{ port: 80 }] }], '[2001:db8::1]:80'],
  ])('%j are shown as %s', (subsets, expected) => {
    expect(shown(subsets)).toBe(expected);
  });

  test.each([
    [{}, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
    [
      { addresses: [{ ip: 'x' }] },
      ['subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ],
    [
      { notReadyAddresses: [{ ip: '127.0.0.1' }, { ip: '::1' }] },
      [
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'subsets[0].notReadyAddresses[1].ip: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      { addresses: [{ ip: '0.0.0.0' }, { ip: '169.254.1.1' }, { ip: '224.0.0.5' }] },
      [
        'subsets[0].addresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'subsets[0].addresses[1].ip: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'subsets[0].addresses[2].ip: Invalid value: "224.0.0.5": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    ],
    [
      { addresses: addresses(1), ports: [{ port: 0, protocol: 'X' }] },
      [
        'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'subsets[0].ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
    [
      { addresses: addresses(1), ports: [{ port: 80 }, { name: 'b', port: 81 }] },
      ['subsets[0].ports[0].name: Required value'],
    ],
  ])('%j', (subset, expected) => {
    expect(texts(created(endpoints, { subsets: [subset] }).errors)).toEqual(expected);
  });

  test('are the business of the Service that is called like them', () => {
    const { object, warnings } = created(endpoints, {});
    expect(endpoints.related(object, undefined)).toEqual([{ resource: 'services', namespace: 'shop', name: 'a' }]);
    expect(warnings).toEqual(['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']);
  });
});
