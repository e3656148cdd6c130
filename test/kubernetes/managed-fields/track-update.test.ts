import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { configMap, type ConfigMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { trackUpdate } from '../../../kubernetes/managed-fields/track-update.ts';
import { AppliedObject } from './applied-object.ts';

const named = { metadata: { name: 'a', namespace: 'default' } };
const writer = { manager: 'writer' };
const other = { manager: 'other' };

describe('tracking writes that are no apply', () => {
  test('gives a new object’s fields to the writer', () => {
    const object = new AppliedObject(configMap);
    object.update({ metadata: { ...named.metadata, labels: { g: 'x' } }, data: { a: '1' } }, writer);
    expect(object.entries).toEqual([
      {
        manager: 'writer',
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:01Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {} }, 'f:metadata': { 'f:labels': { '.': {}, 'f:g': {} } } },
      },
    ]);
  });

  test('names the structs that Go has no pointers to only by their fields', () => {
    const object = new AppliedObject(deployment);
    object.update(
      {
        ...named,
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'x' } },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
          template: {
            metadata: { labels: { app: 'x' } },
            spec: {
              containers: [{ name: 'c', image: 'i', resources: {}, ports: [{ containerPort: 80, protocol: 'TCP' }] }],
              securityContext: {},
            },
          },
        },
      },
      writer,
    );
    expect(object.owners).toEqual({
      'writer Update': {
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
          'f:template': {
            'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"c"}': {
                  '.': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    '.': {},
                    'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
                  },
                  'f:resources': {},
                },
              },
              'f:securityContext': {},
            },
          },
        },
      },
    });
  });

  test('moves changed fields to who changed them, and removed ones to nobody', () => {
    const object = new AppliedObject(configMap);
    object.update({ ...named, data: { a: '1', b: '2', c: '3' } }, writer);
    object.update({ data: { a: '9', b: null, d: '4' } }, other);
    expect(object.owners).toEqual({
      'writer Update': { 'f:data': { '.': {}, 'f:c': {} } },
      'other Update': { 'f:data': { 'f:a': {}, 'f:d': {} } },
    });
  });

  test('drops a manager that is left with nothing', () => {
    const object = new AppliedObject(configMap);
    object.update({ ...named, data: { a: '1' } }, writer);
    object.update({ data: null }, other);
    expect(object.entries).toBeUndefined();
  });

  test('adds up what one manager does, at the time of its last write', () => {
    const object = new AppliedObject(configMap);
    object.update({ ...named, data: { a: '1' } }, writer);
    object.update({ data: { b: '2' } }, writer);
    expect(object.entries).toMatchObject([
      { time: '2026-01-01T00:00:02Z', fieldsV1: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } } },
    ]);
    expect(object.entries).toHaveLength(1);
  });

  test('keeps writes to a subresource apart', () => {
    const object = new AppliedObject(deployment);
    object.update({ ...named, spec: { replicas: 1 } }, writer);
    object.update({ status: { replicas: 1 } }, { ...writer, subresource: 'status' });
    expect(object.owners).toMatchObject({
      'writer Update': { 'f:spec': { 'f:replicas': {} } },
      'writer Update status': { 'f:status': { 'f:replicas': {} } },
    });
  });

  test('does not track what the server alone writes', () => {
    const object = new AppliedObject(configMap);
    object.update(
      { metadata: { ...named.metadata, uid: 'u', generation: 2, creationTimestamp: '2026-01-01T00:00:00Z' } },
      writer,
    );
    expect(object.entries).toBeUndefined();
  });

  test('answers the same object when nothing was changed', () => {
    const object = new AppliedObject(configMap);
    const before = object.update({ ...named, data: { a: '1' } }, writer);
    const again = trackUpdate(configMap, {
      previous: before,
      object: before,
      manager: 'other',
      now: '2026-01-01T00:00:09Z',
    });
    expect(again).toBe(before);
    const rewritten = { ...before, metadata: { ...before.metadata, resourceVersion: '7' } };
    expect(
      trackUpdate(configMap, { previous: before, object: rewritten, manager: 'other', now: '2026-01-01T00:00:09Z' }),
    ).toBe(rewritten);
  });

  test('leaves the objects as they are', () => {
    const object = new AppliedObject(configMap);
    const previous = object.update({ ...named, data: { a: '1' } }, writer);
    const next: ConfigMap = { ...previous, data: { a: '2' } };
    const [before, given] = [structuredClone(previous), structuredClone(next)];
    trackUpdate(configMap, { previous, object: next, manager: 'other', now: '2026-01-01T00:00:09Z' });
    expect([previous, next]).toEqual([before, given]);
  });
});

describe('lists', () => {
  const write = (object: AppliedObject<ConfigMap>, finalizers: string[] | null) =>
    object.update({ ...named, metadata: { ...named.metadata, finalizers } }, writer);

  test('that are sets are tracked by their items', () => {
    const object = new AppliedObject(configMap);
    write(object, ['ex.io/a', 'ex.io/b']);
    const finalizers = { '.': {}, 'v:"ex.io/a"': {}, 'v:"ex.io/b"': {} };
    expect(object.owners).toEqual({ 'writer Update': { 'f:metadata': { 'f:finalizers': finalizers } } });
    write(object, ['ex.io/b']);
    expect(JSON.stringify(object.owners)).not.toContain('ex.io/a');
  });

  test('are in the order of their keys, numbers as numbers', () => {
    const object = new AppliedObject(deployment);
    const ports = [443, 80, 8080].map((containerPort) => ({ containerPort, protocol: 'TCP' }));
    object.update({ ...named, spec: { template: { spec: { containers: [{ name: 'c', ports }] } } } }, writer);
    const text = JSON.stringify(object.owners);
    expect([...text.matchAll(/containerPort\\":(\d+)/g)].map(([, port]) => port)).toEqual(['80', '443', '8080']);
  });
});

describe('entries that a client edits', () => {
  test('are wiped out by one empty entry, and come back with an apply only', () => {
    const object = new AppliedObject(configMap);
    object.update({ ...named, data: { a: '1' } }, writer);
    object.update({ metadata: { managedFields: [{}] } }, writer);
    expect(object.entries).toBeUndefined();
    object.update({ data: { b: '2' } }, writer);
    expect(object.entries).toBeUndefined();
    object.apply({ ...named, data: { b: '2' } }, { manager: 'm' });
    expect(Object.keys(object.owners)).toEqual(['m Apply', 'before-first-apply Update']);
  });

  test('stay when the client sends none, an empty list, or nonsense', () => {
    const object = new AppliedObject(configMap);
    object.update({ ...named, data: { a: '1' } }, writer);
    const before = object.entries;
    for (const managedFields of [
      null,
      [],
      [{ manager: 'x' }],
      [{ operation: 'Apply', apiVersion: 'v1', fieldsV1: { x: 1 } }],
    ]) {
      object.update({ metadata: { managedFields } }, other);
      expect(object.entries).toEqual(before);
    }
  });

  test('cannot be edited through a subresource', () => {
    const object = new AppliedObject(deployment);
    object.update({ ...named, spec: { replicas: 1 } }, writer);
    object.update({ metadata: { managedFields: [{}] } }, { ...other, subresource: 'status' });
    expect(Object.keys(object.owners)).toEqual(['writer Update']);
  });
});

test('more than ten updaters are added up, the oldest first', () => {
  const object = new AppliedObject(configMap);
  for (let index = 0; index < 14; index++)
    object.update({ ...named, data: { [`k${index}`]: 'v' } }, { manager: `m${index}` });
  expect(object.entries).toHaveLength(10);
  expect(object.owners['ancient-changes Update']).toEqual({
    'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {}, 'f:k3': {}, 'f:k4': {} },
  });
});
