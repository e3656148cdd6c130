import { describe, expect, test } from 'vitest';
import {
  difference,
  intersection,
  pathsOf,
  readFieldSet,
  sorted,
  union,
  type FieldSet,
} from '../../../kubernetes/managed-fields/field-set.ts';
import { formatElements } from '../../../kubernetes/managed-fields/path-element.ts';

const a: FieldSet = { 'f:x': { '.': {}, 'f:p': {}, 'f:q': {} }, 'f:y': {} };
const b: FieldSet = { 'f:x': { 'f:q': {}, 'f:r': {} }, 'f:y': { 'f:z': {} } };

describe('sets of fields', () => {
  test('are united', () => {
    expect(union(a, b)).toEqual({
      'f:x': { '.': {}, 'f:p': {}, 'f:q': {}, 'f:r': {} },
      'f:y': { '.': {}, 'f:z': {} },
    });
  });

  test('lose paths without losing what is below them', () => {
    expect(difference(a, b)).toEqual({ 'f:x': { '.': {}, 'f:p': {} }, 'f:y': {} });
    expect(difference(union(a, b), a)).toEqual({ 'f:x': { 'f:r': {} }, 'f:y': { 'f:z': {} } });
    expect(difference(a, a)).toEqual({});
  });

  test('have paths in common', () => {
    expect(intersection(a, b)).toEqual({ 'f:x': { 'f:q': {} } });
    expect(intersection(a, a)).toEqual(a);
    expect(intersection(a, {})).toEqual({});
  });

  test('are not changed by any of this', () => {
    const before = structuredClone([a, b]);
    union(a, b);
    difference(a, b);
    sorted(a);
    expect([a, b]).toEqual(before);
  });

  test('are listed and written in one order', () => {
    const set: FieldSet = {
      'k:{"port":443}': {},
      'k:{"port":80}': { 'f:name': {}, '.': {} },
      'f:b': {},
      'f:a': { 'f:c': {} },
    };
    expect(Object.keys(sorted(set))).toEqual(['f:a', 'f:b', 'k:{"port":80}', 'k:{"port":443}']);
    expect(pathsOf(set).map(formatElements)).toEqual(['.b', '[port=80]', '[port=443]', '.a.c', '[port=80].name']);
  });

  test('print lists by their keys', () => {
    expect(formatElements(['f:spec', 'k:{"containerPort":80,"protocol":"TCP"}', 'v:"x"', 'i:3', 'k:?'])).toBe(
      '.spec[containerPort=80,protocol="TCP"][="x"][3][?]',
    );
  });

  test.each([[null], [5], [[]], [{ x: {} }], [{ 'f:a': 1 }], [{ 'f:a': { 'f:b': null } }]])(
    'are not made of %j',
    (value) => {
      expect(readFieldSet(value)).toBeUndefined();
    },
  );
});
