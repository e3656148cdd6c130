import { describe, expect, test } from 'vitest';
import { secret } from '../../../../kubernetes/kinds/core/secret.ts';
import { cells, created, texts, updated } from '../../../support/prepared.ts';

const errorsOf = (body: object): string[] => texts(created(secret, body).errors);
const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('stringData', () => {
  test('becomes data, before what the same key had', () => {
    const { object } = created(secret, { data: { a: 'Yg==', c: 'ZA==' }, stringData: { a: 'x', e: 'ü😀' } });
    expect(object).toMatchObject({ type: 'Opaque', data: { a: 'eA==', c: 'ZA==', e: encoded('ü😀') } });
    expect(object).not.toHaveProperty('stringData');
  });

  test('changes an existing Secret', () => {
    const { object } = created(secret, { data: { a: 'Yg==' } });
    const { object: next } = updated(secret, object, { change: (each) => (each.stringData = { b: 'x' }) });
    expect(next.data).toEqual({ a: 'Yg==', b: 'eA==' });
  });

  test('that is large is encoded whole', () => {
    const text = 'é'.repeat(200_000);
    expect(created(secret, { stringData: { a: text } }).object.data).toEqual({ a: encoded(text) });
  });
});

describe('a Secret', () => {
  test.each([
    [{ type: 'kubernetes.io/tls' }, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    [{ type: 'kubernetes.io/tls', stringData: { 'tls.crt': '', 'tls.key': '' } }, []],
    [{ type: 'kubernetes.io/dockerconfigjson' }, ['data[.dockerconfigjson]: Required value']],
    [{ type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{"auths":{}}' } }, []],
    [{ type: 'kubernetes.io/dockercfg' }, ['data[.dockercfg]: Required value']],
    [
      { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': '[1]' } },
      ['data[.dockercfg]: Invalid value: "<secret contents redacted>": must be a JSON object'],
    ],
    [
      { type: 'kubernetes.io/basic-auth', stringData: { user: 'a' } },
      ['data[username]: Required value', 'data[password]: Required value'],
    ],
    [{ type: 'kubernetes.io/basic-auth', stringData: { username: '' } }, []],
    [{ type: 'kubernetes.io/ssh-auth' }, ['data[ssh-privatekey]: Required value']],
    [
      { type: 'kubernetes.io/service-account-token' },
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    [
      {
        type: 'kubernetes.io/service-account-token',
        metadata: { annotations: { 'kubernetes.io/service-account.name': 'default' } },
      },
      [],
    ],
    [{ type: 'example.com/any', stringData: { a: '' } }, []],
  ])('%j', (body, expected) => {
    expect(errorsOf(body)).toEqual(expected);
  });

  test('never shows what it holds in an error', () => {
    const body = { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'hunter2' } };
    expect(errorsOf(body)).toEqual([
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": must be valid JSON',
    ]);
  });

  test('holds 1 MiB', () => {
    expect(errorsOf({ stringData: { a: 'x'.repeat(1_048_576) } })).toEqual([]);
    expect(errorsOf({ stringData: { a: 'x'.repeat(1_048_577) } })).toEqual([
      'data: Too long: may not be more than 1048576 bytes',
    ]);
  });

  test('keeps its type', () => {
    const { object } = created(secret, {});
    expect(texts(updated(secret, object, { change: (each) => (each.type = 'x') }).errors)).toEqual([
      'type: Invalid value: "x": field is immutable',
    ]);
  });

  test('that is immutable keeps its data', () => {
    const { object } = created(secret, { immutable: true, data: { a: 'Yg==' } });
    const errors = updated(secret, object, { change: (each) => (each.stringData = { a: 'c' }) }).errors;
    expect(texts(errors)).toEqual(['data: Forbidden: field is immutable when `immutable` is set']);
    expect(updated(secret, object, { change: (each) => (each.stringData = { a: 'b' }) }).errors).toEqual([]);
  });

  test('is shown by type and number of keys, and selected by type', () => {
    const { object } = created(secret, { stringData: { a: '', b: '' } });
    expect(cells(secret, object)).toEqual(['a', 'Opaque', 2, '90s']);
    expect(secret.selectableFields.map((field) => [field.path, field.value(object)])).toEqual([['type', 'Opaque']]);
  });
});
