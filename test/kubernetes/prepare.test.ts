import { describe, expect, test } from 'vitest';
import { defineKind, type Kind, type KindDefinition } from '../../kubernetes/kind.ts';
import { configMap } from '../../kubernetes/kinds/core/config-map.ts';
import { endpointSlice } from '../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { service } from '../../kubernetes/kinds/core/service.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { prepareCreate, prepareUpdate } from '../../kubernetes/prepare.ts';
import { created, texts, updated, writeContext } from '../support/prepared.ts';

interface Boat extends KubernetesObject {
  spec?: { sails?: number };
  status?: { afloat?: boolean };
}

const boatKind = (overrides: Partial<KindDefinition<Boat>> = {}) =>
  defineKind<Boat>({
    ...configMap,
    kind: 'Boat',
    plural: 'boats',
    schema: () => {
      throw new Error('a prepared object is decoded already');
    },
    defaults: () => {},
    prepareCreate: () => {},
    prepareUpdate: () => {},
    validate: () => [],
    validateUpdate: () => [],
    warnings: () => [],
    columns: [],
    generationOf: ({ spec }) => spec,
    subresources: { status: true },
    ...overrides,
  });

const boat = (overrides: Partial<Boat> = {}): Boat => ({
  kind: 'Boat',
  apiVersion: 'v1',
  metadata: { name: 'a', namespace: 'shop' },
  ...overrides,
});

describe('prepareCreate', () => {
  test('sets what the server says and drops what the client may not say', () => {
    const { object, errors } = created(configMap, {
      metadata: {
        name: 'a',
        uid: 'mine',
        resourceVersion: '7',
        generation: 9,
        selfLink: '/a',
        creationTimestamp: '2020-01-01T00:00:00Z',
        deletionTimestamp: '2020-01-01T00:00:00Z',
        deletionGracePeriodSeconds: 5,
        labels: {},
        annotations: { a: 'b' },
        finalizers: [],
      },
    });
    expect(errors).toEqual([]);
    expect(object.metadata).toEqual({
      name: 'a',
      namespace: 'shop',
      uid: '00000000-0000-4000-8000-000000000001',
      creationTimestamp: '2026-01-02T03:04:05Z',
      annotations: { a: 'b' },
    });
  });

  test('starts the generations of a kind that has them at 1', () => {
    expect(prepareCreate(boatKind(), boat(), writeContext).object.metadata.generation).toBe(1);
    expect(created(configMap, {}).object.metadata).not.toHaveProperty('generation');
  });

  test('makes a name of 58 characters of generateName and five of its own', () => {
    const long = created(configMap, { metadata: { generateName: `${'x'.repeat(70)}-` } });
    expect(long.errors).toEqual([]);
    expect(long.object.metadata.name).toBe(`${'x'.repeat(58)}bbbbb`);
    const short = prepareCreate(
      configMap,
      { kind: 'ConfigMap', apiVersion: 'v1', metadata: { generateName: 'job-', namespace: 'shop' } },
      { ...writeContext, random: () => 0.999 },
    );
    expect(short.object.metadata).toMatchObject({ name: 'job-99999', generateName: 'job-' });
    expect(short.errors).toEqual([]);
  });

  test('keeps a name beside generateName', () => {
    expect(created(configMap, { metadata: { name: 'me', generateName: 'job-' } }).object.metadata.name).toBe('me');
  });

  test('lets the kind default before it prepares, and prepare before it validates', () => {
    const order: string[] = [];
    const note = (step: string) => () => void order.push(step);
    prepareCreate(
      boatKind({
        defaults: note('defaults'),
        prepareCreate: note('prepare'),
        validate: () => {
          order.push('validate');
          return [];
        },
      }),
      boat(),
      writeContext,
    );
    expect(order).toEqual(['defaults', 'prepare', 'validate']);
  });

  test('tells what is wrong with the metadata before what is wrong with the rest', () => {
    const { errors } = created(configMap, { metadata: { name: 'A' }, data: { 'a b': '' } });
    expect(errors.map((error) => error.field)).toEqual(['metadata.name', 'data[a b]']);
  });
});

describe('prepareUpdate', () => {
  const stored = (): Boat =>
    boat({
      metadata: {
        name: 'a',
        namespace: 'shop',
        uid: 'u1',
        resourceVersion: '5',
        generation: 3,
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: { sails: 1 },
      status: { afloat: true },
    });

  test('keeps what a client cannot change', () => {
    const { object, errors } = prepareUpdate(
      boatKind(),
      {
        object: boat({
          metadata: { name: 'a', namespace: 'shop', creationTimestamp: '2000-01-01T00:00:00Z', generation: 77 },
          spec: { sails: 1 },
        }),
        previous: stored(),
      },
      writeContext,
    );
    expect(errors).toEqual([]);
    expect(object).toEqual(stored());
  });

  test('keeps the status, and drops one that was not there', () => {
    const kind = boatKind();
    const sunk = updated(kind, stored(), { change: (object) => (object.status = { afloat: false }) });
    expect(sunk.object.status).toEqual({ afloat: true });
    const { status, ...without } = stored();
    const added = prepareUpdate(kind, { object: stored(), previous: without }, writeContext);
    expect(status).toBeDefined();
    expect(added.object).not.toHaveProperty('status');
  });

  test('leaves the status to clients where there is no subresource for it', () => {
    const kind = boatKind({ subresources: {} });
    const { object } = updated(kind, stored(), { change: (each) => (each.status = { afloat: false }) });
    expect(object.status).toEqual({ afloat: false });
  });

  test('counts a generation when the spec changes, not when labels or the order of fields do', () => {
    const kind = boatKind();
    const generation = (change: (object: Boat) => void) =>
      updated(kind, stored(), { change }).object.metadata.generation;
    expect(generation((object) => (object.spec = { sails: 2 }))).toBe(4);
    expect(generation((object) => (object.metadata.labels = { a: 'b' }))).toBe(3);
    expect(generation((object) => (object.spec = { sails: 1 }))).toBe(3);
  });

  test('counts the generation of defaulted values only', () => {
    const kind = boatKind({ defaults: (object) => void (object.spec ??= { sails: 1 }) });
    expect(updated(kind, stored(), { change: (object) => delete object.spec }).object.metadata.generation).toBe(3);
  });

  test.each<readonly [Partial<Boat['metadata']>, string]>([
    [{ uid: 'x' }, 'metadata.uid: Invalid value: "x": field is immutable'],
    [{ name: 'b' }, 'metadata.name: Invalid value: "b": field is immutable'],
    [{ namespace: 'other' }, 'metadata.namespace: Invalid value: "other": field is immutable'],
    [
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
      'metadata.deletionTimestamp: Invalid value: "2026-01-01T00:00:00Z": field is immutable',
    ],
  ])('refuses %j', (metadata, message) => {
    const { errors } = updated(boatKind(), stored(), { change: (object) => Object.assign(object.metadata, metadata) });
    expect(texts(errors)).toEqual([message]);
  });

  test('the mark of a deletion stays, and no finalizer is added to a marked object', () => {
    const marked = stored();
    Object.assign(marked.metadata, {
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
      finalizers: ['ex.io/f'],
    });
    const { object, errors } = updated(boatKind(), marked, {
      change({ metadata }) {
        delete metadata.deletionTimestamp;
        delete metadata.deletionGracePeriodSeconds;
        metadata.finalizers = ['ex.io/f', 'ex.io/g'];
      },
    });
    expect(object.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
    expect(texts(errors)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"ex.io/g"}',
    ]);
    const fewer = updated(boatKind(), marked, { change: ({ metadata }) => delete metadata.finalizers });
    expect(fewer.errors).toEqual([]);
    expect(fewer.object.metadata).not.toHaveProperty('finalizers');
  });

  test('asks the kind what may not change', () => {
    const kind = boatKind({
      validateUpdate: () => [{ reason: 'FieldValueInvalid', field: 'spec', message: 'Invalid value' }],
    });
    expect(texts(updated(kind, stored(), { change: () => {} }).errors)).toEqual(['spec: Invalid value']);
  });

  describe('of the status', () => {
    test('keeps the spec, and lets metadata of clients through', () => {
      const { object, errors } = updated(boatKind(), stored(), {
        subresource: 'status',
        change(each) {
          each.spec = { sails: 9 };
          each.status = { afloat: false };
          each.metadata.labels = { a: 'b' };
          each.metadata.generation = 9;
        },
      });
      expect(errors).toEqual([]);
      expect(object).toEqual({
        ...stored(),
        status: { afloat: false },
        metadata: { ...stored().metadata, labels: { a: 'b' } },
      });
    });

    test('does not fail on a stored spec that newer rules refuse', () => {
      const kind = boatKind({
        validate: () => [
          { reason: 'FieldValueInvalid', field: 'spec.sails', message: 'Invalid value: 1: too few' },
          { reason: 'FieldValueInvalid', field: 'status.afloat', message: 'Invalid value: false: sunk' },
        ],
      });
      const { errors } = updated(kind, stored(), { subresource: 'status', change: () => {} });
      expect(errors.map((error) => error.field)).toEqual(['status.afloat']);
    });

    test('shares nothing with the stored object', () => {
      const previous = stored();
      const { object } = updated(boatKind(), previous, { subresource: 'status', change: () => {} });
      object.spec = { sails: 5 };
      Object.assign(object.metadata, { labels: { a: 'b' } });
      expect(previous).toEqual(stored());
    });
  });

  test('finalize takes the finalizers out of the spec of a Namespace, which no plain update can', () => {
    const { object: previous } = created(namespace, { metadata: { name: 'shop' } });
    const change = (object: typeof previous) => void (object.spec = { finalizers: [] });
    expect(updated(namespace, previous, { change }).object.spec).toEqual({ finalizers: ['kubernetes'] });
    expect(updated(namespace, previous, { change, subresource: 'finalize' }).object.spec).toEqual({ finalizers: [] });
  });

  test.each<readonly [string, Kind, object]>([
    ['a ConfigMap', configMap, { data: { a: 'b' } }],
    ['a Service', service, { spec: { ports: [{ port: 80 }], selector: { a: 'b' } } }],
    ['an EndpointSlice', endpointSlice, { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] }],
  ])('changes nothing in %s that is written as it is', (_, kind, body) => {
    const { object } = created(kind, body);
    expect(updated(kind, object, { change: () => {} })).toEqual({ object, errors: [], warnings: [] });
  });
});
