import { describe, expect, test } from 'vitest';
import { formatGo } from '../../kubernetes/go-format.ts';
import { cloneJson, equalJson, own } from '../../kubernetes/json-value.ts';

describe('JSON values', () => {
  test.each<[unknown, unknown, boolean]>([
    [1, 1, true],
    [1, '1', false],
    [null, undefined, false],
    [[1, { a: 2 }], [1, { a: 2 }], true],
    [[1], [1, 2], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{}, [], false],
    [{ length: 0 }, [], false],
    [{}, { constructor: Object }, false],
  ])('%j and %j are equal: %s', (a, b, equal) => {
    expect(equalJson(a, b)).toBe(equal);
    expect(equalJson(b, a)).toBe(equal);
  });

  test('are copied without sharing', () => {
    const value = { a: [{ b: null }], c: 'd' };
    const copy = cloneJson(value);
    expect(copy).toEqual(value);
    expect(copy.a[0]).not.toBe(value.a[0]);
  });

  test('have no fields but their own', () => {
    expect(own({ a: 1 }, 'a')).toBe(1);
    expect(own({}, 'constructor')).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [null, '<nil>'],
    ['a b', 'a b'],
    [true, 'true'],
    [1.5, '1.5'],
    [['a', 1], '[a 1]'],
    [{ name: 'c', image: { x: [null] } }, 'map[image:map[x:[<nil>]] name:c]'],
    [{}, 'map[]'],
  ])('are printed as Go prints them: %j', (value, text) => {
    expect(formatGo(value)).toBe(text);
  });
});
