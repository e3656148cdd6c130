import { describe, expect, test } from 'vitest';
import { mergePatch } from '../../../kubernetes/patch/merge.ts';
import { refusal } from '../refusal.ts';

describe('JSON merge patch', () => {
  // The examples of RFC 7396, appendix A, whose patch is an object.
  test.each<[object | null, object, object]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], { a: 'c' }, { a: 'c' }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [null, { a: 1 }, { a: 1 }],
  ])('%j with %j is %j', (document, patch, expected) => {
    const [before, given] = [structuredClone(document), structuredClone(patch)];
    expect(mergePatch(document, patch)).toEqual(expected);
    expect([document, patch]).toEqual([before, given]);
  });

  test('does not reach what objects inherit', () => {
    expect(mergePatch({}, { constructor: { x: 1 }, toString: { y: 2 } })).toEqual({
      constructor: { x: 1 },
      toString: { y: 2 },
    });
    expect(Object).not.toHaveProperty('x');
  });

  test('refuses a patch that is no object', () => {
    expect(refusal(() => mergePatch({}, ['a']))).toMatchObject({
      code: 400,
      message: 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    });
    expect(refusal(() => mergePatch({}, null)).code).toBe(400);
  });
});
