import { describe, expect, test } from 'vitest';
import { jsonPatch } from '../../../kubernetes/patch/json.ts';
import { refusal } from '../refusal.ts';

const document = {
  metadata: { name: 'n', labels: { 'a/b': 'c', 'd~e': 'f' } },
  spec: { replicas: 1, list: ['x', 'y', 'z'] },
};

const spec = (result: unknown) => (result as typeof document).spec;

describe('JSON patch', () => {
  test.each<[string, object[], unknown]>([
    ['adds a field', [{ op: 'add', path: '/spec/paused', value: true }], { ...document.spec, paused: true }],
    ['adds at the end', [{ op: 'add', path: '/spec/list/-', value: 'w' }], { replicas: 1, list: ['x', 'y', 'z', 'w'] }],
    [
      'adds before an index',
      [{ op: 'add', path: '/spec/list/1', value: 'w' }],
      { replicas: 1, list: ['x', 'w', 'y', 'z'] },
    ],
    [
      'adds at the length',
      [{ op: 'add', path: '/spec/list/3', value: 'w' }],
      { replicas: 1, list: ['x', 'y', 'z', 'w'] },
    ],
    ['adds null', [{ op: 'add', path: '/spec/replicas', value: null }], { replicas: null, list: ['x', 'y', 'z'] }],
    ['removes a field', [{ op: 'remove', path: '/spec/list' }], { replicas: 1 }],
    ['removes an item', [{ op: 'remove', path: '/spec/list/0' }], { replicas: 1, list: ['y', 'z'] }],
    ['replaces', [{ op: 'replace', path: '/spec/list/2', value: 'w' }], { replicas: 1, list: ['x', 'y', 'w'] }],
    ['moves', [{ op: 'move', from: '/spec/replicas', path: '/spec/min' }], { min: 1, list: ['x', 'y', 'z'] }],
    [
      'moves within a list',
      [{ op: 'move', from: '/spec/list/0', path: '/spec/list/2' }],
      { replicas: 1, list: ['y', 'z', 'x'] },
    ],
    [
      'copies',
      [{ op: 'copy', from: '/spec/list/0', path: '/spec/list/-' }],
      { replicas: 1, list: ['x', 'y', 'z', 'x'] },
    ],
    [
      'goes on after a test that holds',
      [
        { op: 'test', path: '/metadata/labels/a~1b', value: 'c' },
        { op: 'test', path: '/metadata/labels/d~0e', value: 'f' },
        { op: 'test', path: '/metadata/annotations', value: null },
        { op: 'test', path: '/spec/list', value: ['x', 'y', 'z'] },
        { op: 'replace', path: '/spec', value: {} },
      ],
      {},
    ],
    ['does nothing', [], document.spec],
  ])('%s', (_what, patch, expected) => {
    expect(spec(jsonPatch(document, patch))).toEqual(expected);
  });

  test('replaces the whole document', () => {
    expect(jsonPatch(document, [{ op: 'replace', path: '', value: { a: 1 } }])).toEqual({ a: 1 });
  });

  test('shares nothing between the document, the patch and the result', () => {
    const value = { k: ['v'] };
    const before = structuredClone(document);
    const result = jsonPatch(document, [
      { op: 'add', path: '/spec/a', value },
      { op: 'copy', from: '/spec/a', path: '/spec/b' },
      { op: 'add', path: '/spec/b/k/-', value: 'w' },
      { op: 'remove', path: '/spec/list/0' },
    ]);
    expect(spec(result)).toEqual({ replicas: 1, list: ['y', 'z'], a: { k: ['v'] }, b: { k: ['v', 'w'] } });
    expect(value).toEqual({ k: ['v'] });
    expect(document).toEqual(before);
  });
});

describe('JSON patches that cannot be carried out', () => {
  test.each<[string, unknown]>([
    ['an unknown operation', { op: 'foo', path: '/x' }],
    ['no operation', { path: '/x' }],
    ['no path', { op: 'remove' }],
    ['a path that is no pointer', { op: 'add', path: 'x', value: 1 }],
    ['a parent that is not there', { op: 'add', path: '/metadata/annotations/x', value: 'y' }],
    ['a parent that is no container', { op: 'add', path: '/metadata/name/x', value: 'y' }],
    ['removing what is not there', { op: 'remove', path: '/metadata/labels/zz' }],
    ['replacing what is not there', { op: 'replace', path: '/metadata/labels/zz', value: 'y' }],
    ['copying what is not there', { op: 'copy', from: '/zz', path: '/spec/x' }],
    ['copying from nowhere', { op: 'copy', path: '/spec/x' }],
    ['moving into itself', { op: 'move', from: '/spec', path: '/spec/x' }],
    ['an index past the end', { op: 'add', path: '/spec/list/4', value: 1 }],
    ['an index that is none', { op: 'add', path: '/spec/list/01', value: 1 }],
    ['a negative index', { op: 'remove', path: '/spec/list/-1' }],
    ['removing past the end', { op: 'remove', path: '/spec/list/-' }],
    ['a test that fails', { op: 'test', path: '/spec/replicas', value: 2 }],
    ['a test of another type', { op: 'test', path: '/spec/replicas', value: '1' }],
    ['a way to prototypes', { op: 'add', path: '/__proto__/x', value: 1 }],
    ['a prototype', { op: 'add', path: '/metadata/labels/__proto__', value: {} }],
    ['what every object inherits', { op: 'replace', path: '/constructor', value: 1 }],
  ])('%s', (_what, operation) => {
    expect(refusal(() => jsonPatch(document, [operation]))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
      details: {},
    });
    expect(Object.prototype).not.toHaveProperty('x');
  });

  test('a patch that is no list', () => {
    expect(refusal(() => jsonPatch(document, {}))).toMatchObject({
      code: 400,
      message: 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    });
  });

  test.each([[[null]], [['x']], [[[]]]])('%j', (patch) => {
    expect(refusal(() => jsonPatch(document, patch)).code).toBe(400);
  });

  test('more operations than 10,000', () => {
    const patch = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/spec/replicas', value: 1 }));
    expect(refusal(() => jsonPatch(document, patch))).toMatchObject({
      code: 413,
      message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    });
  });

  test('copies that double the document again and again', () => {
    const patch = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/spec/list', path: '/spec/list/-' }));
    expect(refusal(() => jsonPatch(document, patch)).code).toBe(413);
  });

  test('nesting without end', () => {
    const patch = Array.from({ length: 400 }, (_, depth) => ({
      op: 'add',
      path: '/x'.repeat(depth + 1),
      value: {},
    }));
    expect(refusal(() => jsonPatch({}, patch)).code).toBe(400);
  });
});
