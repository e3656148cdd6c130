import { describe, expect, test } from 'vitest';
import { conform } from '../../../kubernetes/decode/conform.ts';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { strategicMergePatch } from '../../../kubernetes/patch/strategic.ts';
import { schemaNode } from '../../../kubernetes/schema-node.ts';
import { refusal } from '../refusal.ts';

const a = {
  name: 'a',
  image: '1',
  args: ['p', 'q'],
  env: [
    { name: 'X', value: '1' },
    { name: 'Y', value: '2' },
  ],
};
const b = { name: 'b', image: '2' };
const volumes = [
  { name: 'v', emptyDir: {} },
  { name: 'w', configMap: { name: 'z', defaultMode: 420 } },
];

const document = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'smp', labels: { a: 'b' }, finalizers: ['ex.io/a', 'ex.io/b'] },
  spec: {
    replicas: 1,
    selector: { matchLabels: { a: 'b' } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: {
        containers: [a, b],
        nodeSelector: { k: '1', j: '2' },
        tolerations: [{ key: 't', operator: 'Exists' }],
        volumes,
      },
    },
  },
};

/** Patches the document and reads the result as the server does. */
function patched(patch: object): typeof document {
  const { value, problem, unknown } = conform(
    schemaNode(deployment.schema()),
    strategicMergePatch(deployment, document, patch),
  );
  expect({ problem, unknown }).toEqual({ problem: undefined, unknown: [] });
  return value as typeof document;
}

const inTemplate = (spec: object) => ({ spec: { template: { spec } } });
const podSpec = (patch: object) => patched(inTemplate(patch)).spec.template.spec;

describe('strategic merge patch of lists with a merge key', () => {
  test.each<[string, object, object[]]>([
    ['merges an item by its name', { containers: [{ name: 'b', image: '9' }] }, [a, { name: 'b', image: '9' }]],
    [
      'adds an item before those that only the object has',
      { containers: [{ name: 'n', image: 'n' }] },
      [{ name: 'n', image: 'n' }, a, b],
    ],
    ['deletes an item', { containers: [{ name: 'b', $patch: 'delete' }] }, [a]],
    ['does not mind deleting what is not there', { containers: [{ name: 'zz', $patch: 'delete' }] }, [a, b]],
    [
      'replaces the list',
      { containers: [{ $patch: 'replace' }, { name: 'z', image: 'z' }] },
      [{ name: 'z', image: 'z' }],
    ],
    [
      'puts items in the order asked for',
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'b', image: '9' }] },
      [{ name: 'b', image: '9' }, a],
    ],
    [
      'keeps an item that the order does not name where it was',
      { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ name: 'b', image: '9' }] },
      [a, { name: 'b', image: '9' }],
    ],
    ['orders without a change', { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }, [b, a]],
    [
      'deletes an item of a list in an item',
      { containers: [{ name: 'a', env: [{ name: 'X', $patch: 'delete' }] }] },
      [{ ...a, env: [{ name: 'Y', value: '2' }] }, b],
    ],
    ['replaces a list without a merge key', { containers: [{ name: 'a', args: ['r'] }] }, [{ ...a, args: ['r'] }, b]],
    [
      'takes null for deletion',
      { containers: [{ name: 'a', args: null }] },
      [{ name: 'a', image: '1', env: a.env }, b],
    ],
    [
      'replaces an item',
      {
        containers: [
          { name: 'n', image: 'n', env: null },
          { name: 'b', image: null, command: ['x'] },
        ],
      },
      [{ name: 'n', image: 'n' }, a, { name: 'b', command: ['x'] }],
    ],
  ])('%s', (_what, patch, containers) => {
    expect(podSpec(patch).containers).toEqual(containers);
  });

  test('is quick with long lists', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => ({ name: `c${index}` }));
    const patch = inTemplate({ containers: long, '$setElementOrder/containers': long.toReversed() });
    const base = strategicMergePatch(deployment, document, inTemplate({ containers: long.toReversed() }));
    const { spec } = strategicMergePatch(deployment, base, patch) as typeof document;
    expect(spec.template.spec.containers).toHaveLength(20_002);
  });
});

describe('strategic merge patch of maps and structs', () => {
  test.each<[string, object, object | undefined]>([
    ['merges', { k: null, n: '3' }, { j: '2', n: '3' }],
    ['replaces', { $patch: 'replace', n: '3' }, { n: '3' }],
    ['deletes', { $patch: 'delete' }, undefined],
  ])('a map: %s', (_what, nodeSelector, expected) => {
    expect(podSpec({ nodeSelector }).nodeSelector).toEqual(expected);
  });

  test('keeps only the fields of $retainKeys', () => {
    const change = { name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/' } };
    expect(podSpec({ volumes: [change] }).volumes).toEqual([{ name: 'v', hostPath: { path: '/' } }, volumes[1]]);
    expect(patched({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }).spec.strategy).toEqual({
      type: 'Recreate',
    });
  });

  test('merges without $retainKeys, for validation to refuse', () => {
    expect(podSpec({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }).volumes[0]).toEqual({
      name: 'v',
      emptyDir: {},
      hostPath: { path: '/' },
    });
    expect(patched({ spec: { strategy: { type: 'Recreate' } } }).spec.strategy).toEqual({
      type: 'Recreate',
      rollingUpdate: { maxSurge: '25%' },
    });
  });

  test('replaces a struct whole', () => {
    const template = {
      $patch: 'replace',
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'q', image: 'q' }] },
    };
    expect(patched({ spec: { template } }).spec.template).toEqual({
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'q', image: 'q' }] },
    });
  });

  test('replaces an atomic list', () => {
    const tolerations = [{ key: 'u', operator: 'Exists' }];
    expect(podSpec({ tolerations }).tolerations).toEqual(tolerations);
  });

  test('leaves directives and nulls out of what is new', () => {
    const affinity = { nodeAffinity: null, podAffinity: { $patch: 'replace' } };
    const securityContext = { runAsUser: 1, $retainKeys: ['runAsUser'] };
    expect(podSpec({ securityContext, affinity })).toMatchObject({
      securityContext: { runAsUser: 1 },
      affinity: { podAffinity: {} },
    });
  });
});

describe('strategic merge patch of lists of strings', () => {
  test.each<[string, object, string[]]>([
    ['deletes', { '$deleteFromPrimitiveList/finalizers': ['ex.io/a'] }, ['ex.io/b']],
    ['adds before', { finalizers: ['ex.io/c'] }, ['ex.io/c', 'ex.io/a', 'ex.io/b']],
    [
      'orders',
      { '$setElementOrder/finalizers': ['ex.io/b', 'ex.io/a'], finalizers: ['ex.io/b'] },
      ['ex.io/b', 'ex.io/a'],
    ],
  ])('%s', (_what, metadata, finalizers) => {
    expect(patched({ metadata }).metadata.finalizers).toEqual(finalizers);
  });
});

describe('strategic merge patches that make no sense', () => {
  test.each<[string, object, string]>([
    [
      'an item without its key',
      { containers: [{ image: 'x' }] },
      'map: map[image:x] does not contain declared merge key: name',
    ],
    [
      'an unknown directive',
      { containers: [{ name: 'a', $patch: 'foo' }] },
      'unknown patch type: foo in map: map[$patch:foo name:a]',
    ],
    [
      'an unknown directive for a map',
      { nodeSelector: { $patch: 'x' } },
      'unknown patch type: x in map: map[$patch:x]',
    ],
    [
      '$retainKeys that is no list',
      { volumes: [{ name: 'v', $retainKeys: 'x' }] },
      'invalid patch format of retainKeys',
    ],
    [
      'a field that is not retained',
      { volumes: [{ name: 'v', $retainKeys: [] }] },
      'invalid patch format of retainKeys',
    ],
    ['an order that is no list', { '$setElementOrder/containers': 1 }, 'invalid patch format of setElementOrder list'],
    ['deletions that are no list', { '$deleteFromPrimitiveList/x': 1 }, 'invalid patch format of primitive list'],
    ['strings among items', { containers: ['a'] }, 'list element types are not identical'],
  ])('%s', (_what, patch, message) => {
    expect(refusal(() => strategicMergePatch(deployment, document, inTemplate(patch)))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: 'BadRequest',
      code: 400,
    });
  });

  test('a large part is cut where it is shown', () => {
    const nodeSelector = {
      $patch: 'x',
      ...Object.fromEntries(Array.from({ length: 1000 }, (_, key) => [`k${key}`, 'v'])),
    };
    const { message } = refusal(() => strategicMergePatch(deployment, document, inTemplate({ nodeSelector })));
    expect(message?.length).toBeLessThan(1200);
  });

  test.each([[[]], [null], ['x'], [1]])('a patch that is %j', (patch) => {
    expect(refusal(() => strategicMergePatch(deployment, document, patch)).code).toBe(400);
  });
});

test('leaves the document and the patch as they are', () => {
  const before = structuredClone(document);
  const patch = inTemplate({
    '$setElementOrder/containers': [{ name: 'b' }],
    containers: [
      { name: 'b', image: '9' },
      { name: 'a', $patch: 'delete' },
    ],
    volumes: [{ name: 'v', $retainKeys: ['name'] }],
  });
  const given = structuredClone(patch);
  patched(patch);
  expect(document).toEqual(before);
  expect(patch).toEqual(given);
});
