import { describe, expect, test } from 'vitest';
import { parseBody } from '../../../kubernetes/decode/body.ts';
import { decode, type FieldValidation } from '../../../kubernetes/decode/decode.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { endpoints } from '../../../kubernetes/kinds/core/endpoints.ts';
import { event } from '../../../kubernetes/kinds/core/event.ts';
import { pod } from '../../../kubernetes/kinds/core/pod.ts';
import { secret } from '../../../kubernetes/kinds/core/secret.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { refusal } from '../refusal.ts';

const body = (value: unknown) =>
  parseBody(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)), 'json');

const read = <T extends KubernetesObject>(kind: Kind<T>, value: unknown, validation: FieldValidation = 'Strict') =>
  decode(kind, body(value), validation);

const message = <T extends KubernetesObject>(kind: Kind<T>, value: unknown) => refusal(() => read(kind, value)).message;

const podOf = (container: object) => ({ metadata: { name: 'p' }, spec: { containers: [container] } });
const firstContainer = (container: object) => read(pod, podOf(container)).object.spec.containers[0];

describe('decoding', () => {
  test('fills in what the path of the request says', () => {
    expect(read(configMap, { metadata: { name: 'a' } }).object).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'a' },
    });
    expect(read(deployment, { kind: null, apiVersion: '', metadata: {} }).object).toMatchObject({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
    });
  });

  test('puts fields in the order of Go’s structs', () => {
    const { object } = read(configMap, {
      data: { b: '1', a: '2' },
      metadata: { labels: {}, uid: 'u', name: 'n' },
      kind: 'ConfigMap',
    });
    expect(JSON.stringify(object)).toBe(
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"n","uid":"u"},"data":{"b":"1","a":"2"}}',
    );
  });

  test('takes null for absent, and in lists and maps for zero', () => {
    const { object } = read(configMap, {
      metadata: { name: 'a', creationTimestamp: null, labels: null },
      data: { a: null },
    });
    expect(object).toMatchObject({ metadata: { name: 'a' }, data: { a: '' } });
    expect(firstContainer({ name: 'c', args: ['a', null], env: [null], resources: null })).toEqual({
      name: 'c',
      args: ['a', ''],
      env: [{ name: '' }],
    });
  });

  test('leaves it to validation to speak of missing fields', () => {
    expect(read(pod, { metadata: { name: 'p' }, spec: {} }).object.spec).toEqual({ containers: [] });
    expect(firstContainer({ ports: [{}] })).toEqual({ name: '', ports: [{ containerPort: 0 }] });
  });

  test('drops what Go cannot tell from unset, and keeps what it can', () => {
    expect(
      firstContainer({
        name: 'c',
        image: '',
        command: [],
        tty: false,
        ports: [{ containerPort: 1, hostPort: 0, protocol: '' }],
        env: [{ name: 'E', value: '' }],
        resources: {},
        securityContext: { readOnlyRootFilesystem: false, runAsUser: 0 },
        livenessProbe: { periodSeconds: 0, grpc: { port: 1, service: '' }, terminationGracePeriodSeconds: 0 },
      }),
    ).toEqual({
      name: 'c',
      ports: [{ containerPort: 1 }],
      env: [{ name: 'E' }],
      resources: {},
      securityContext: { readOnlyRootFilesystem: false, runAsUser: 0 },
      livenessProbe: { grpc: { port: 1, service: '' }, terminationGracePeriodSeconds: 0 },
    });
    expect(read(deployment, { spec: { replicas: 0, paused: false, minReadySeconds: 0 } }).object.spec.replicas).toBe(0);
    expect(read(pod, { spec: { containers: [], volumes: [{ name: 'v', emptyDir: {} }] } }).object.spec.volumes).toEqual(
      [{ name: 'v', emptyDir: {} }],
    );
  });

  test('writes quantities and times as the server does', () => {
    const resources = { limits: { cpu: 1, memory: '1024Mi' }, requests: { cpu: '0.5', memory: '1Gi' } };
    expect(firstContainer({ name: 'c', resources })?.resources).toEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '500m', memory: '1Gi' },
    });
    const times = {
      metadata: { name: 'e', creationTimestamp: '2026-01-01T02:00:00.9+02:00' },
      involvedObject: {},
      eventTime: '2026-01-01T00:00:00.5Z',
    };
    expect(read(event, times).object).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      eventTime: '2026-01-01T00:00:00.500000Z',
    });
  });

  test('keeps any JSON where the schema leaves it open, as a copy', () => {
    const managedFields = [{ manager: 'm', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } }];
    const parsed = body({ metadata: { managedFields } });
    const { object } = decode(configMap, parsed, 'Strict');
    expect(object.metadata.managedFields).toEqual(managedFields);
    const { metadata } = parsed.value as typeof object;
    expect(object.metadata.managedFields?.[0]?.fieldsV1).not.toBe(metadata.managedFields?.[0]?.fieldsV1);
  });

  test('leaves the body as it is', () => {
    const parsed = body(podOf({ name: 'c', zzz: 1, args: [], image: null }));
    const before = structuredClone(parsed);
    decode(pod, parsed, 'Ignore');
    expect(parsed).toEqual(before);
  });
});

describe('unknown and duplicate fields', () => {
  const twice = '{"metadata":{"name":"a","name":"b","zz":1},"dataa":{},"data":{"k":"1","k":"2"}}';
  const complaints = [
    'duplicate field "metadata.name"',
    'duplicate field "data.k"',
    'unknown field "metadata.zz"',
    'unknown field "dataa"',
  ];

  test('are refused by Strict, duplicates first', () => {
    expect(refusal(() => read(configMap, twice))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${complaints.join(', ')}`,
    });
  });

  test('are told by Warn, and dropped', () => {
    const { object, warnings } = read(configMap, twice, 'Warn');
    expect(warnings).toEqual(complaints);
    expect(object).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'b' }, data: { k: '2' } });
  });

  test('are dropped by Ignore', () => {
    expect(read(configMap, twice, 'Ignore')).toMatchObject({ object: { metadata: { name: 'b' } }, warnings: [] });
  });

  test('are named with the items that they are in', () => {
    const value = {
      spec: { containers: [{ name: 'a' }, { name: 'b', env: [{ name: 'E', val: 1 }], foo: {} }], foo: null },
    };
    expect(read(pod, value, 'Warn').warnings).toEqual([
      'unknown field "spec.containers[1].env[0].val"',
      'unknown field "spec.containers[1].foo"',
      'unknown field "spec.foo"',
    ]);
  });

  test('are told of at most a hundred times', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1]));
    expect(read(configMap, many, 'Warn').warnings).toHaveLength(100);
  });

  test('are not those of other cases', () => {
    expect(read(configMap, { Data: { a: 'b' } }, 'Warn').warnings).toEqual(['unknown field "Data"']);
  });

  test('are not those that objects inherit', () => {
    expect(read(configMap, { constructor: 1, toString: 1 }, 'Warn').warnings).toHaveLength(2);
  });
});

describe('wrong types', () => {
  const inPod = 'Pod in version "v1" cannot be handled as a Pod: ';
  const json = 'json: cannot unmarshal';

  test.each<[unknown, string]>([
    [{ spec: { replicas: 'x' } }, `${json} string into Go struct field DeploymentSpec.spec.replicas of type int32`],
    [{ spec: { replicas: 1.5 } }, `${json} number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32`],
    [
      { spec: { replicas: 3e9 } },
      `${json} number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32`,
    ],
    [{ spec: [] }, `${json} array into Go struct field Deployment.spec of type v1.DeploymentSpec`],
    [{ spec: 'x' }, `${json} string into Go struct field Deployment.spec of type v1.DeploymentSpec`],
    [{ spec: { paused: 'true' } }, `${json} string into Go struct field DeploymentSpec.spec.paused of type bool`],
    [
      { spec: { strategy: { rollingUpdate: { maxSurge: true } } } },
      `${json} bool into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type int32`,
    ],
    [
      { metadata: { labels: { a: 1 } } },
      `${json} number into Go struct field ObjectMeta.metadata.labels of type string`,
    ],
    [
      { metadata: { labels: [] } },
      `${json} array into Go struct field ObjectMeta.metadata.labels of type map[string]string`,
    ],
    [
      { metadata: { finalizers: 'x' } },
      `${json} string into Go struct field ObjectMeta.metadata.finalizers of type []string`,
    ],
    [
      { metadata: { generation: '1' } },
      `${json} string into Go struct field ObjectMeta.metadata.generation of type int64`,
    ],
    [
      { metadata: { creationTimestamp: 5 } },
      `${json} number into Go struct field ObjectMeta.metadata.creationTimestamp of type string`,
    ],
    [
      { spec: { replicas: 'first', paused: 'second' } },
      `${json} string into Go struct field DeploymentSpec.spec.replicas of type int32`,
    ],
    [
      { spec: { paused: 'first', replicas: 'second' } },
      `${json} string into Go struct field DeploymentSpec.spec.paused of type bool`,
    ],
  ])('%j', (value, problem) => {
    expect(message(deployment, value)).toBe(`Deployment in version "v1" cannot be handled as a Deployment: ${problem}`);
  });

  test.each<[object, string]>([
    [
      { env: [{ name: 'E', value: 1 }] },
      `${json} number into Go struct field EnvVar.spec.containers.env.value of type string`,
    ],
    [{ args: [1] }, `${json} number into Go struct field Container.spec.containers.args of type string`],
    [{ ports: {} }, `${json} object into Go struct field Container.spec.containers.ports of type []v1.ContainerPort`],
    [
      { resources: { limits: { cpu: 'x' } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      { resources: { limits: { cpu: {} } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('in a container: %j', (container, problem) => {
    expect(message(pod, podOf(container))).toBe(inPod + problem);
  });

  test.each<[unknown, string]>([
    [{ data: { a: '!' } }, 'illegal base64 data at input byte 0'],
    [{ data: { a: 'YWI$' } }, 'illegal base64 data at input byte 3'],
    [{ data: { a: 'YWJj\nZGVm!' } }, 'illegal base64 data at input byte 9'],
    [{ data: { a: 5 } }, `${json} number into Go struct field Secret.data of type []uint8`],
  ])('in a Secret: %j', (value, problem) => {
    expect(message(secret, value)).toBe(`Secret in version "v1" cannot be handled as a Secret: ${problem}`);
  });

  test('times that are none', () => {
    expect(message(configMap, { metadata: { creationTimestamp: 'yesterday' } })).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    );
    for (const creationTimestamp of [
      '2026-13-45T99:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-01-01',
      '2026-01-01T00:00:00',
      '',
    ])
      expect(refusal(() => read(configMap, { metadata: { creationTimestamp } })).code).toBe(400);
  });

  test('a type error goes before unknown fields', () => {
    expect(message(configMap, { zzz: 1, data: 'x' })).toContain('cannot unmarshal string');
  });

  test.each([5, 'x', true, [], {}, [[]], [{}], { a: {} }, 1e300, -1])('%j anywhere is refused or read', (wrong) => {
    const shapes: readonly (readonly [Kind, (value: unknown) => unknown])[] = [
      [pod, (value) => ({ metadata: value })],
      [pod, (value) => ({ spec: value })],
      [pod, (value) => ({ spec: { containers: value, volumes: value } })],
      [pod, (value) => ({ spec: { containers: [value], affinity: value } })],
      [pod, (value) => podOf({ livenessProbe: value, resources: value, env: value, ports: value })],
      [pod, (value) => ({ metadata: { managedFields: value, ownerReferences: value }, status: value })],
      [endpoints, (value) => ({ subsets: value })],
      [secret, (value) => ({ data: value, stringData: value, immutable: value, type: value })],
    ];
    for (const [kind, shape] of shapes) {
      let code = 200;
      try {
        read(kind, shape(wrong), 'Ignore');
      } catch {
        code = refusal(() => read(kind, shape(wrong), 'Ignore')).code ?? 0;
      }
      expect([200, 400]).toContain(code);
    }
  });
});

describe('bodies of something else', () => {
  test.each<[unknown, string]>([
    [
      { kind: 'Secret', apiVersion: 'v1' },
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [{ apiVersion: 'apps/v1' }, 'the API version in the data (apps/v1) does not match the expected API version (v1)'],
    [
      [],
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type v1.ConfigMap",
    ],
    ['null', "the object provided is unrecognized (must be of type ConfigMap): Object 'Kind' is missing in 'null'"],
    [
      { kind: 5 },
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
    ],
  ])('%j', (value, expected) => {
    expect(refusal(() => read(configMap, value))).toMatchObject({ code: 400, reason: 'BadRequest', message: expected });
  });
});
