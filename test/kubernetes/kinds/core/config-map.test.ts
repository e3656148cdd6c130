import { describe, expect, test } from 'vitest';
import { configMap } from '../../../../kubernetes/kinds/core/config-map.ts';
import { cells, created, texts, updated } from '../../../support/prepared.ts';

const errorsOf = (body: object): string[] => texts(created(configMap, body).errors);

describe('a ConfigMap', () => {
  test.each([
    [
      { data: { 'a b': '' } },
      [
        `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      ],
    ],
    [{ data: { '.': '' } }, [`data[.]: Invalid value: ".": must not be '.'`]],
    [{ data: { '..': '' } }, [`data[..]: Invalid value: "..": must not be '..'`]],
    [{ binaryData: { '..a': '' } }, [`binaryData[..a]: Invalid value: "..a": must not start with '..'`]],
    [{ data: { 'k.e_Y-1': '' } }, []],
    [
      { data: { a: '1' }, binaryData: { a: 'MQ==' } },
      ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    ],
    [{ data: { ['k'.repeat(254)]: '' } }, [expect.stringContaining('must be no more than 253 characters')]],
  ])('%j', (body, expected) => {
    expect(errorsOf(body)).toEqual(expected);
  });

  test('holds 1 MiB, both kinds of data together, base64 counted as what it says', () => {
    const half = 'x'.repeat(524_288);
    const binary = Buffer.from(half).toString('base64');
    expect(errorsOf({ data: { a: half }, binaryData: { b: binary } })).toEqual([]);
    expect(errorsOf({ data: { a: half, c: 'x' }, binaryData: { b: binary } })).toEqual([
      '[]: Too long: may not be more than 1048576 bytes',
    ]);
  });

  test('counts its keys', () => {
    const { object } = created(configMap, { data: { a: '', b: '' }, binaryData: { c: '' } });
    expect(cells(configMap, object)).toEqual(['a', 3, '90s']);
  });
});

describe('an immutable ConfigMap', () => {
  const immutable = () => created(configMap, { immutable: true, data: { a: '1' }, binaryData: { b: 'MQ==' } }).object;
  type Change = (object: ReturnType<typeof immutable>) => void;
  const refusal = (field: string): string => `${field}: Forbidden: field is immutable when \`immutable\` is set`;

  test.each<[string, Change, string[]]>([
    ['data', (object) => (object.data = { a: '2' }), [refusal('data')]],
    ['no data', (object) => delete object.data, [refusal('data')]],
    ['binary data', (object) => (object.binaryData = {}), [refusal('binaryData')]],
    ['the mark', (object) => delete object.immutable, [refusal('immutable')]],
    ['false', (object) => (object.immutable = false), [refusal('immutable')]],
    ['labels', (object) => (object.metadata.labels = { a: 'b' }), []],
  ])('changed in %s', (_, change, expected) => {
    expect(texts(updated(configMap, immutable(), { change }).errors)).toEqual(expected);
  });

  test('was one that could be changed, and could be made immutable', () => {
    const { object } = created(configMap, { data: { a: '1' } });
    const change: Change = (each) => Object.assign(each, { immutable: true, data: { a: '2' } });
    expect(updated(configMap, object, { change }).errors).toEqual([]);
  });
});
