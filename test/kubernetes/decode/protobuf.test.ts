import protobuf from 'protobufjs/minimal.js';
import { describe, expect, test } from 'vitest';
import { parseBody } from '../../../kubernetes/decode/body.ts';
import { decode } from '../../../kubernetes/decode/decode.ts';
import { protobufMessages } from '../../../kubernetes/decode/protobuf-messages.gen.ts';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { refusal } from '../refusal.ts';

/** Fields by number: texts, numbers (varints), or messages. */
type Fields = readonly (readonly [number: number, value: string | number | Uint8Array])[];

function message(fields: Fields): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [number, value] of fields) {
    writer.uint32((number << 3) | (typeof value === 'number' ? 0 : 2));
    if (typeof value === 'number') writer.int64(value);
    else if (typeof value === 'string') writer.string(value);
    else writer.bytes(value);
  }
  return writer.finish();
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function envelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const unknown = message([
    [
      1,
      message([
        [1, apiVersion],
        [2, kind],
      ]),
    ],
    [2, raw],
    [3, ''],
    [4, ''],
  ]);
  return Uint8Array.from([0x6b, 0x38, 0x73, 0, ...unknown]);
}

const read = (apiVersion: string, kind: string, fields: Fields): unknown =>
  parseBody(envelope(apiVersion, kind, message(fields)), 'protobuf', kind).value;

const metadata: readonly [number, Uint8Array] = [
  1,
  message([
    [1, 'n'],
    [2, ''],
    [3, 'ns'],
    [8, message([])],
  ]),
];
const quantity = (value: string) => message([[1, value]]);
const entry = (key: string, value: string | Uint8Array) =>
  message([
    [1, key],
    [2, value],
  ]);

describe('protobuf bodies', () => {
  test.each<[string, Fields]>([
    ['empty messages', [[2, message(Array.from({ length: 110_000 }, () => [2, message([])] as const))]]],
    ['fields nobody knows', Array.from({ length: 110_000 }, () => [99, 1] as const)],
    ['times one text', Array.from({ length: 110_000 }, () => [1, message([[1, 'a']])] as const)],
  ])('of too many values are refused: %s', (_what, fields) => {
    expect(refusal(() => read('v1', 'Pod', fields))).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  test('become objects, without the empty texts of unset fields', () => {
    expect(
      read('v1', 'ConfigMap', [metadata, [2, entry('a', '1')], [2, entry('b', '')], [3, entry('c', text('xyz'))]]),
    ).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'n', namespace: 'ns' },
      data: { a: '1', b: '' },
      binaryData: { c: 'eHl6' },
    });
  });

  test('have their inlined structs flattened and their special types in the form of JSON', () => {
    const container = message([
      [1, 'c'],
      [
        7,
        message([
          [1, 'E'],
          [
            3,
            message([
              [
                3,
                message([
                  [1, message([[1, 'cm']])],
                  [2, 'key'],
                  [3, 0],
                ]),
              ],
            ]),
          ],
        ]),
      ],
      [8, message([[1, entry('cpu', quantity('500m'))]])],
      [
        10,
        message([
          [
            1,
            message([
              [
                2,
                message([
                  [1, '/'],
                  [
                    2,
                    message([
                      [1, 1],
                      [2, 0],
                      [3, 'http'],
                    ]),
                  ],
                ]),
              ],
            ]),
          ],
          [2, 3],
        ]),
      ],
      [3, 'a'],
      [3, ''],
    ]);
    const volume = message([
      [1, 'v'],
      [
        2,
        message([
          [
            19,
            message([
              [1, message([[1, 'cm']])],
              [3, 420],
            ]),
          ],
        ]),
      ],
    ]);
    const spec = message([
      [1, volume],
      [2, container],
      [11, 0],
      [4, 30],
    ]);
    expect(read('v1', 'Pod', [metadata, [2, spec]])).toMatchObject({
      spec: {
        volumes: [{ name: 'v', configMap: { name: 'cm', defaultMode: 420 } }],
        containers: [
          {
            name: 'c',
            command: ['a', ''],
            env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'cm', key: 'key', optional: false } } }],
            resources: { limits: { cpu: '500m' } },
            livenessProbe: { httpGet: { path: '/', port: 'http' }, initialDelaySeconds: 3 },
          },
        ],
        hostNetwork: false,
        terminationGracePeriodSeconds: 30,
      },
    });
  });

  test('have times as text', () => {
    const time = message([
      [1, 1_767_225_600],
      [2, 500_000_000],
    ]);
    const values = [
      [1, message([[8, time]])],
      [10, time],
    ] as const;
    expect(read('v1', 'Event', values)).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      eventTime: '2026-01-01T00:00:00.500000Z',
    });
  });

  test('are decoded like others', () => {
    const template = message([
      [1, message([[11, entry('app', 'x')]])],
      [
        2,
        message([
          [
            2,
            message([
              [1, 'c'],
              [2, 'i'],
            ]),
          ],
        ]),
      ],
    ]);
    const spec = message([
      [1, 3],
      [2, message([[1, entry('app', 'x')]])],
      [3, template],
      [5, 0],
      [7, 0],
    ]);
    const body = parseBody(envelope('apps/v1', 'Deployment', message([metadata, [2, spec]])), 'protobuf', 'Deployment');
    expect(decode(deployment, body, 'Strict').object.spec).toEqual({
      replicas: 3,
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
  });

  test('may be of the types that subresources and deletions take', () => {
    expect(
      read('v1', 'DeleteOptions', [
        [1, 0],
        [4, 'Background'],
      ]),
    ).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      propagationPolicy: 'Background',
    });
    expect(read('meta.k8s.io/v1', 'DeleteOptions', [])).toMatchObject({ kind: 'DeleteOptions' });
    expect(read('policy/v1', 'Eviction', [metadata])).toMatchObject({ metadata: { name: 'n' } });
    expect(
      read('authorization.k8s.io/v1', 'SelfSubjectAccessReview', [[2, message([[1, message([[2, 'get']])]])]]),
    ).toMatchObject({
      spec: { resourceAttributes: { verb: 'get' } },
    });
  });

  test('may hold fields that are not known', () => {
    expect(read('v1', 'ConfigMap', [metadata, [99, 'x'], [98, 5]])).toMatchObject({ metadata: { name: 'n' } });
  });
});

describe('protobuf bodies that cannot be read', () => {
  const whole = envelope('v1', 'ConfigMap', message([metadata, [2, entry('a', '1')]]));

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['the magic alone', whole.subarray(0, 4)],
    ['JSON', text('{"kind":"ConfigMap"}')],
    ['an unknown kind', envelope('v1', 'Nonsense', message([]))],
    ['a kind of what objects inherit', envelope('v1', '../constructor', message([]))],
    ['a prototype', envelope('v1', 'ConfigMap', message([[2, entry('__proto__', 'x')]]))],
    ['a length past the end', Uint8Array.from([...whole.subarray(0, 4), 0x12, 0xff, 0xff, 0x7f])],
    [
      'a group that does not end',
      Uint8Array.from([...whole.subarray(0, 4), ...Array.from({ length: 9000 }, () => 0x1b)]),
    ],
  ])('%s', (_what, bytes) => {
    expect(refusal(() => parseBody(bytes, 'protobuf', 'ConfigMap')).code).toBe(400);
  });

  test('cut off or changed anywhere give an object or a Status', () => {
    for (let index = 4; index < whole.length; index++) {
      const changed = Uint8Array.from(whole);
      changed[index] = 0xff;
      for (const bytes of [whole.subarray(0, index), changed]) {
        let code = 200;
        try {
          parseBody(bytes, 'protobuf', 'ConfigMap');
        } catch {
          code = refusal(() => parseBody(bytes, 'protobuf', 'ConfigMap')).code ?? 0;
        }
        expect([200, 400]).toContain(code);
      }
    }
  });
});

test('every message that a field names is there', () => {
  const scalars = new Set(['string', 'int32', 'int64', 'bool', 'bytes', 'double']);
  const messages = protobufMessages();
  for (const fields of Object.values(messages))
    for (const [, type] of Object.values(fields)) {
      const inner = /^map<string,(.*)>$/.exec(type)?.[1] ?? type;
      expect(scalars.has(inner) || Object.hasOwn(messages, inner)).toBe(true);
    }
});
