import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { applyPatch } from '../../../kubernetes/patch/apply.ts';
import { refusal } from '../refusal.ts';
import { AppliedObject } from '../managed-fields/applied-object.ts';

const named = { metadata: { name: 'ssa', namespace: 'default' } };
const m1 = { manager: 'm1' };
const m2 = { manager: 'm2' };

const data = (values: Record<string, string>) => ({ ...named, data: values });
const fields = (...keys: string[]) => ({ 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) });

const container = (more: object = {}) => ({ name: 'c', image: 'i', ...more });
const workload = (containers: object[], spec: object = {}) => ({
  ...named,
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers } },
    ...spec,
  },
});

describe('server-side apply', () => {
  test('makes an object whose fields are the applier’s', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    expect(object.entries).toEqual([
      {
        manager: 'm1',
        operation: 'Apply',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:01Z',
        fieldsType: 'FieldsV1',
        fieldsV1: fields('a', 'b'),
      },
    ]);
    expect(Object.keys(object.entries?.[0] ?? {})).toEqual([
      'manager',
      'operation',
      'apiVersion',
      'time',
      'fieldsType',
      'fieldsV1',
    ]);
  });

  test('lets two appliers own the same value; who changed nothing has no time and stands first', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    object.apply(data({ a: '1' }), m2);
    expect(object.owners).toEqual({ 'm2 Apply': fields('a'), 'm1 Apply': fields('a', 'b') });
    expect(object.entries?.map(({ manager, time }) => [manager, time])).toEqual([
      ['m2', undefined],
      ['m1', '2026-01-01T00:00:01Z'],
    ]);
  });

  test('refuses to change what another manages, with every field as a cause', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    const status = refusal(() => object.apply(data({ a: '9', b: '9' }), m2));
    expect(status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 2 conflicts: conflicts with "m1":\n- .data.a\n- .data.b',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.data.a' },
          { reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.data.b' },
        ],
      },
    });
    expect(object.object.data).toEqual({ a: '1', b: '2' });
  });

  test('takes the fields away from the others when forced', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    object.apply(data({ a: '2' }), { ...m2, force: true });
    expect(object.object.data).toEqual({ a: '2', b: '2' });
    expect(object.owners).toEqual({ 'm1 Apply': fields('b'), 'm2 Apply': fields('a') });
  });

  test('removes what the applier no longer speaks of and nobody else manages', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    object.apply(data({ a: '1' }), m2);
    object.apply(data({}), m1);
    expect(object.object.data).toEqual({ a: '1' });
    expect(object.owners).toEqual({ 'm1 Apply': { 'f:data': {} }, 'm2 Apply': fields('a') });
  });

  test('loses fields to an updater, without a conflict for that one', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    object.apply(data({ a: '2' }), { ...m2, force: true });
    object.apply(data({}), m1);
    object.update({ data: { a: '3', c: '4' } }, { manager: 'upd' });
    expect(object.owners).toEqual({ 'm1 Apply': { 'f:data': {} }, 'upd Update': fields('a', 'c') });
    expect(refusal(() => object.apply(data({ a: '9' }), m1))).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "upd" using v1: .data.a',
      details: { causes: [{ message: 'conflict with "upd" using v1', field: '.data.a' }] },
    });
  });

  test('are counted when there are thousands, and the first hundreds are told', () => {
    const object = new AppliedObject(configMap);
    const values = (value: string) =>
      data(Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`key-${index}`, value])));
    object.apply(values('1'), m1);
    const { message, details } = refusal(() => object.apply(values('2'), m2));
    expect(message).toMatch(/^Apply failed with 2000 conflicts: /);
    expect(details?.causes?.length).toBe(500);
  });

  test('groups the conflicts of several managers, sorted by their names', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1' }), { manager: 'z' });
    object.apply(data({ b: '1' }), { manager: 'y' });
    expect(refusal(() => object.apply(data({ a: '2', b: '2' }), m1)).message).toBe(
      'Apply failed with 2 conflicts: conflicts with "y":\n- .data.b\nconflicts with "z":\n- .data.a',
    );
  });

  test('answers the same object when nothing changes', () => {
    const object = new AppliedObject(configMap);
    const before = object.apply(data({ a: '1' }), m1);
    expect(object.apply(data({ a: '1' }), m1)).toBe(before);
  });

  test('leaves its arguments as they are', () => {
    const object = new AppliedObject(deployment);
    const body = workload([container({ env: [{ name: 'A', value: '1' }] })]);
    const before = structuredClone(body);
    object.apply(body, m1);
    const current = structuredClone(object.object);
    const kept = object.object;
    object.apply(workload([container({ image: 'j' })]), { ...m2, force: true });
    expect(body).toEqual(before);
    expect(kept).toEqual(current);
  });

  test('takes null for the wish that a field be gone', () => {
    const object = new AppliedObject(configMap);
    object.apply(data({ a: '1', b: '2' }), m1);
    object.apply({ ...named, data: { a: null, b: '2' } }, m1);
    expect(object.object.data).toEqual({ b: '2' });
  });
});

describe('what server-side apply refuses', () => {
  const apply = (applied: unknown) => () =>
    applyPatch(configMap, { current: undefined, applied, manager: 'm1', force: false, now: '2026-01-01T00:00:00Z' });

  test.each([
    [
      'entries in the body',
      { metadata: { ...named.metadata, managedFields: [{}] } },
      { code: 400, message: 'metadata.managedFields must be nil' },
    ],
    ['no apiVersion', { apiVersion: undefined }, { code: 400, message: 'invalid object type: /, Kind=ConfigMap' }],
    ['another kind', { kind: 'Secret' }, { code: 400, message: 'invalid object type: /v1, Kind=Secret' }],
    [
      'another group',
      { apiVersion: 'apps/v1' },
      { code: 400, message: 'invalid object type: apps/v1, Kind=ConfigMap' },
    ],
    [
      'unknown fields',
      { metadata: { name: 'ssa' }, zzz: 1 },
      {
        code: 500,
        message: 'failed to create typed patch object (/ssa; /v1, Kind=ConfigMap): .zzz: field not declared in schema',
      },
    ],
    [
      'several mistakes',
      { ...named, zzz: 1, data: { a: 1 } },
      {
        code: 500,
        message:
          'failed to create typed patch object (default/ssa; /v1, Kind=ConfigMap): errors:\n  .zzz: field not declared in schema\n  .data.a: expected string, got &value.valueUnstructured{Value:1}',
      },
    ],
    [
      'a list for a map',
      { ...named, data: ['a'] },
      {
        code: 500,
        message:
          'failed to create typed patch object (default/ssa; /v1, Kind=ConfigMap): .data: expected map, got &{[a]}',
      },
    ],
  ])('%s', (_what, change, expected) => {
    const status = refusal(apply({ apiVersion: 'v1', kind: 'ConfigMap', ...change }));
    expect(status).toMatchObject(expected);
    expect(status.reason).toBe(expected.code === 400 ? 'BadRequest' : undefined);
  });

  test.each([[null], [[]], ['text'], [5]])('a body that is %j', (body) => {
    expect(refusal(apply(body)).code).toBe(400);
  });

  test('many items under a long key, in an answer of bounded size', () => {
    const object = new AppliedObject(deployment);
    const env = Array.from({ length: 20_000 }, () => ({ value: {} }));
    const body = workload([container({ name: 'x'.repeat(1_000_000), env })]);
    expect(JSON.stringify(refusal(() => object.apply(body, m1))).length).toBeLessThan(100_000);
  });

  test('two items with the same keys', () => {
    const object = new AppliedObject(deployment);
    const body = {
      ...workload([container({ env: [{ name: 'A' }, { name: 'A' }] })]),
      metadata: { name: 'ssad' },
    };
    expect(refusal(() => object.apply(body, m1))).toMatchObject({
      code: 500,
      message:
        'failed to create typed patch object (/ssad; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="c"].env: duplicate entries for key [name="A"]',
    });
  });

  test('an item without its key', () => {
    const object = new AppliedObject(deployment);
    expect(refusal(() => object.apply(workload([{ image: 'i' }]), m1)).message).toContain(
      `.spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)`,
    );
  });
});

describe('server-side apply of lists and structs', () => {
  test('tells items apart by their keys, with the default of the protocol', () => {
    const object = new AppliedObject(deployment);
    object.apply(workload([container({ ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }] })]), m1);
    expect(object.owners).toEqual({
      'm1 Apply': {
        'f:spec': {
          'f:selector': {},
          'f:template': {
            'f:metadata': { 'f:labels': { 'f:a': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"c"}': {
                  '.': {},
                  'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
                  'f:image': {},
                  'f:name': {},
                  'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                },
              },
            },
          },
        },
      },
    });
  });

  test('adds an item beside those of others, and takes its own away again', () => {
    const object = new AppliedObject(deployment);
    const env = () => object.object.spec?.template.spec.containers[0]?.env;
    object.apply(workload([container({ env: [{ name: 'A', value: '1' }] })]), m1);
    object.apply(
      { ...named, spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'B', value: '2' }] }] } } } },
      m2,
    );
    expect(env()).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    object.apply({ ...named, spec: { template: { spec: { containers: [{ name: 'c' }] } } } }, m2);
    expect(env()).toEqual([{ name: 'A', value: '1' }]);
  });

  test('keeps the applied order, and live items where they are among the applied ones', () => {
    const object = new AppliedObject(deployment);
    const env = (...names: string[]) => workload([container({ env: names.map((name) => ({ name })) })]);
    const names = () => object.object.spec?.template.spec.containers[0]?.env?.map(({ name }) => name);
    object.apply(env('A', 'B', 'C'), m1);
    object.apply(env('C', 'X', 'A'), m2);
    expect(names()).toEqual(['B', 'C', 'X', 'A']);
  });

  test('drops defaults together with the struct that was applied', () => {
    const object = new AppliedObject(deployment);
    object.apply(workload([container()], { strategy: { type: 'RollingUpdate' } }), m1);
    object.update({ metadata: { annotations: { x: 'y' } } }, { manager: 'other' });
    object.apply(workload([container()]), m1);
    expect(object.object.spec?.strategy).toBeUndefined();
    expect(object.object.metadata.annotations).toEqual({ x: 'y' });
  });

  test('treats atomic structs and lists as one value', () => {
    const object = new AppliedObject(deployment);
    object.apply(workload([container({ args: ['p', 'q'] })]), m1);
    object.apply(workload([container({ args: ['r'] })]), { ...m1 });
    expect(object.object.spec?.template.spec.containers[0]?.args).toEqual(['r']);
    expect(refusal(() => object.apply(workload([container({ args: ['s'] })]), m2)).message).toBe(
      'Apply failed with 1 conflict: conflict with "m1": .spec.template.spec.containers[name="c"].args',
    );
  });

  test('an item that two appliers own goes when both have let go', () => {
    const object = new AppliedObject(deployment);
    const two = workload([container(), { name: 'd', image: 'i' }]);
    object.apply(two, m1);
    object.apply(two, m2);
    object.apply(workload([container()]), m1);
    expect(object.object.spec?.template.spec.containers).toHaveLength(2);
    object.apply(workload([container()]), m2);
    expect(object.object.spec?.template.spec.containers).toHaveLength(1);
  });
});

const withStatus = { ...deployment, subresources: { status: true } as const };

describe('server-side apply and the status', () => {
  test('keeps who applies the status apart, and what else the body holds aside', () => {
    const object = new AppliedObject(withStatus);
    object.apply(workload([container()], { replicas: 1 }), m1);
    object.apply(
      { ...named, spec: { replicas: 5 }, status: { replicas: 3 } },
      { manager: 'st', subresource: 'status' },
    );
    expect(object.owners).toMatchObject({ 'm1 Apply': {}, 'st Apply status': { 'f:status': { 'f:replicas': {} } } });
    expect(Object.keys(object.owners)).toEqual(['m1 Apply', 'st Apply status']);
  });

  test('does not take up a status that the object itself is applied with', () => {
    const object = new AppliedObject(withStatus);
    object.apply({ ...workload([container()]), status: { replicas: 3 } }, m1);
    expect(JSON.stringify(object.owners)).not.toContain('f:status');
  });
});

describe('applying to an object that was not applied before', () => {
  test('gives what is there to before-first-apply', () => {
    const object = new AppliedObject(configMap);
    object.update(data({ a: '1' }), { manager: 'kubectl-create' });
    object.update({ metadata: { managedFields: [{}] } }, { manager: 'reset' });
    expect(object.entries).toBeUndefined();
    expect(refusal(() => object.apply(data({ a: '2' }), m1)).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
    object.apply(data({ a: '1', b: '2' }), m1);
    expect(object.owners).toEqual({
      'm1 Apply': fields('a', 'b'),
      'before-first-apply Update': { 'f:data': { '.': {}, 'f:a': {} } },
    });
  });

  const lastApplied = (values: object) => ({
    metadata: {
      ...named.metadata,
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...named, data: values })}\n`,
      },
    },
    data: values,
  });

  test('lets kubectl take over what client-side apply set', () => {
    const object = new AppliedObject(configMap);
    object.update(lastApplied({ a: '1', b: '2' }), { manager: 'kubectl-client-side-apply' });
    object.apply(data({ a: '9', b: '2' }), { manager: 'kubectl' });
    expect(object.object.data).toEqual({ a: '9', b: '2' });
    expect(object.object.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']).toBe(
      '{"apiVersion":"v1","data":{"a":"9","b":"2"},"kind":"ConfigMap","metadata":{"name":"ssa","namespace":"default"}}\n',
    );
  });

  test('refuses it where somebody changed the value since, and to other managers', () => {
    const object = new AppliedObject(configMap);
    object.update(lastApplied({ a: '1', b: '2' }), { manager: 'kubectl-client-side-apply' });
    object.update({ data: { a: '5' } }, { manager: 'editor' });
    expect(refusal(() => object.apply(data({ a: '9', b: '9' }), { manager: 'kubectl' })).message).toBe(
      'Apply failed with 1 conflict: conflict with "editor" using v1: .data.a',
    );
    expect(refusal(() => object.apply(data({ b: '9' }), m1)).message).toContain(
      '"kubectl-client-side-apply" using v1: .data.b',
    );
  });

  test('is migrated as kubectl does it, by editing the entries', () => {
    const object = new AppliedObject(configMap);
    object.update(lastApplied({ a: '1', b: '2' }), { manager: 'kubectl-client-side-apply' });
    const [entry] = object.entries ?? [];
    object.update(
      { metadata: { managedFields: [{ ...entry, manager: 'kubectl', operation: 'Apply' }] } },
      { manager: 'kubectl' },
    );
    expect(Object.keys(object.owners)).toEqual(['kubectl Apply']);
    object.apply(data({ a: '1' }), { manager: 'kubectl' });
    expect(object.object.data).toEqual({ a: '1' });
  });
});
