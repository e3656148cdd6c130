import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiVersionOf, resourceOf, type Kind } from '../../kubernetes/kind.ts';
import { kindByPath, kindByResource, kindOf, kinds } from '../../kubernetes/registry.ts';
import { schemaNode, type SchemaNode } from '../../kubernetes/schema-node.ts';
import { cells, created, decoded, texts, updated } from '../support/prepared.ts';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx' }] },
};

/** The least that a valid object of each kind says. */
const smallest: Readonly<Record<string, object>> = {
  'v1/ConfigMap': {},
  'v1/Endpoints': {},
  'v1/Event': { involvedObject: { kind: 'Pod', namespace: 'shop', name: 'a' } },
  'v1/Namespace': {},
  'v1/Node': {},
  'v1/Pod': { spec: template.spec },
  'v1/ReplicationController': { spec: { template } },
  'v1/Secret': {},
  'v1/Service': { spec: { ports: [{ port: 80 }] } },
  'v1/ServiceAccount': {},
  'apps/v1/Deployment': { spec: { selector: { matchLabels: { app: 'web' } }, template } },
  'apps/v1/ReplicaSet': { spec: { selector: { matchLabels: { app: 'web' } }, template } },
  'discovery.k8s.io/v1/EndpointSlice': { addressType: 'IPv4' },
};

const nameOf = (kind: Kind): string => `${apiVersionOf(kind)}/${kind.kind}`;
const cases = kinds.map((kind) => [nameOf(kind), kind] as const);
const body = (kind: Kind): object => smallest[nameOf(kind)] ?? {};

test('serves these kinds', () => {
  expect(cases.map(([name]) => name).toSorted()).toEqual(Object.keys(smallest).toSorted());
});

test('finds a kind by path, by manifest and by resource', () => {
  for (const kind of kinds) {
    expect(kindByPath(apiVersionOf(kind), kind.plural)).toBe(kind);
    expect(kindOf(apiVersionOf(kind), kind.kind)).toBe(kind);
    expect(kindByResource(resourceOf(kind))).toBe(kind);
  }
  expect(kindOf('v1', 'Deployment')).toBeUndefined();
  expect(kindByPath('v1', 'constructor')).toBeUndefined();
});

test('no two kinds share a name that kubectl looks up', () => {
  const names = kinds.flatMap((kind) => [...new Set([kind.plural, kind.singular, ...kind.shortNames])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every name of a struct stands for one set of fields', () => {
  const fieldsById = new Map<string, string>();
  const seen = new Set<SchemaNode>();
  const walk = (node: SchemaNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.type === 'list') walk(node.item);
    if (node.type === 'map') walk(node.value);
    if (node.type !== 'struct') return;
    const fields = [...node.fields.keys()].join(' ');
    expect(node.id).toMatch(/^io\.k8s\.[a-z0-9.]+\.[A-Z]\w+$/);
    expect(fieldsById.get(node.id) ?? fields).toBe(fields);
    fieldsById.set(node.id, fields);
    for (const field of node.fields.values()) walk(field.node);
  };
  for (const kind of kinds) walk(schemaNode(kind.schema()));
  expect(fieldsById.size).toBeGreaterThan(150);
});

test.each(cases)('the schema of %s begins with kind, apiVersion and metadata', (_, kind) => {
  const node = schemaNode(kind.schema());
  expect(node.type === 'struct' ? [...node.fields.keys()].slice(0, 3) : []).toEqual(['kind', 'apiVersion', 'metadata']);
});

describe.each(cases)('%s', (_, kind) => {
  test('accepts its smallest object', () => {
    expect(texts(created(kind, body(kind)).errors)).toEqual([]);
  });

  test('defaults once and for all', () => {
    const once = decoded(kind, body(kind));
    kind.defaults(once);
    const twice = structuredClone(once);
    kind.defaults(twice);
    expect(twice).toEqual(once);
  });

  test('stores what it reads as the same again', () => {
    const { object } = created(kind, body(kind));
    kind.allocation?.allocate(object, () => 0);
    const parsed = z.safeParse(kind.schema(), object);
    expect(parsed.error?.issues ?? []).toEqual([]);
    const again = decoded(kind, object);
    kind.defaults(again);
    expect(again).toEqual(object);
  });

  test('changes nothing when it is written as it is', () => {
    const { object } = created(kind, body(kind));
    kind.allocation?.allocate(object, () => 0);
    const again = updated(kind, object, { change: () => {} });
    expect(texts(again.errors)).toEqual([]);
    expect(again.object).toEqual(object);
  });

  test('takes no status from a client that makes an object', () => {
    if (!kind.subresources.status || kind.kind === 'Node') return;
    const { object } = created(kind, { ...body(kind), status: { conditions: [{ type: 'Mine', status: 'True' }] } });
    expect(JSON.stringify(object)).not.toContain('Mine');
  });

  test('fills every cell of its table', () => {
    for (const cell of cells(kind, created(kind, body(kind)).object)) {
      expect(['string', 'number', 'boolean']).toContain(typeof cell);
    }
    expect(new Set(kind.columns.map((column) => column.name)).size).toBe(kind.columns.length);
  });

  test('answers its field selectors with texts', () => {
    const { object } = created(kind, body(kind));
    for (const field of kind.selectableFields) expect(typeof field.value(object)).toBe('string');
  });

  test('has the verbs of a resource, and one file name for each subresource', () => {
    expect(kind.verbs).toEqual(expect.arrayContaining(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']));
    const names = (kind.subresources.others ?? []).map((other) => other.name);
    expect(new Set([...names, 'status', 'scale']).size).toBe(names.length + 2);
  });

  test('points to what has to be looked at again by keys of kinds that exist', () => {
    const { object } = created(kind, body(kind));
    for (const related of kind.related(object, undefined)) expect(kindByResource(related.resource)).toBeDefined();
  });
});
