import { describe, expect, test } from 'vitest';
import type { ObjectMeta } from '../../kubernetes/object-meta.ts';
import { validateMeta, validateMetaUpdate } from '../../kubernetes/object-meta-validation.ts';
import { labelProblems, subdomainProblems } from '../../kubernetes/names.ts';
import { texts } from '../support/prepared.ts';

const namespaced = { namespaced: true, nameProblems: subdomainProblems };
const errorsOf = (meta: ObjectMeta): string[] =>
  texts(validateMeta(namespaced, { name: 'a', namespace: 'shop', ...meta }));

const qualified =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

describe('names', () => {
  test('are needed, or the beginning of one', () => {
    expect(errorsOf({ name: '' })).toEqual(['metadata.name: Required value: name or generateName is required']);
  });

  test.each([
    ['A', [`metadata.name: Invalid value: "A": ${subdomain}`]],
    ['a'.repeat(254), [`metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`]],
    ['a'.repeat(253), []],
    ['a.b-c', []],
  ])('%s', (name, expected) => {
    expect(errorsOf({ name })).toEqual(expected);
  });

  test('a beginning may end in a dash, and is checked itself', () => {
    expect(errorsOf({ generateName: 'job-' })).toEqual([]);
    expect(errorsOf({ generateName: 'Job-' })).toEqual([`metadata.generateName: Invalid value: "Job-": ${subdomain}`]);
  });
});

describe('namespaces', () => {
  test('are needed where the kind lives in them, and forbidden elsewhere', () => {
    const cluster = { namespaced: false, nameProblems: labelProblems };
    expect(errorsOf({ namespace: '' })).toEqual(['metadata.namespace: Required value']);
    expect(errorsOf({ namespace: 'A.b' })).toHaveLength(1);
    expect(texts(validateMeta(cluster, { name: 'a', namespace: 'shop' }))).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });
});

describe('labels', () => {
  test.each([
    [{ '-a': 'b' }, [`metadata.labels: Invalid value: "-a": name part ${qualified}`]],
    [
      { a: 'b c' },
      [
        `metadata.labels: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      ],
    ],
    [
      { a: 'x'.repeat(64) },
      [`metadata.labels: Invalid value: "${'x'.repeat(64)}": must be no more than 63 characters`],
    ],
    [{ a: 'x'.repeat(63), b: '' }, []],
    [{ 'A_b/x': '1' }, [`metadata.labels: Invalid value: "A_b/x": prefix part ${subdomain}`]],
    [{ '/x': '1' }, ['metadata.labels: Invalid value: "/x": prefix part must be non-empty']],
    [
      { 'a/': '1' },
      [
        'metadata.labels: Invalid value: "a/": name part must be non-empty',
        `metadata.labels: Invalid value: "a/": name part ${qualified}`,
      ],
    ],
    [
      { 'a/b/c': '1' },
      [
        `metadata.labels: Invalid value: "a/b/c": a qualified name ${qualified} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    ],
    [
      { ['k'.repeat(64)]: '' },
      [`metadata.labels: Invalid value: "${'k'.repeat(64)}": name part must be no more than 63 characters`],
    ],
  ])('%j', (labels, expected) => {
    expect(errorsOf({ labels })).toEqual(expected);
  });
});

describe('annotations', () => {
  test('have keys of any case, and any value', () => {
    expect(errorsOf({ annotations: { 'Example.com/KEY': 'a b\n😀' } })).toEqual([]);
    expect(errorsOf({ annotations: { 'a b': '' } })).toEqual([
      `metadata.annotations: Invalid value: "a b": name part ${qualified}`,
    ]);
  });

  test('hold 256 KiB in all, keys and UTF-8 counted', () => {
    expect(errorsOf({ annotations: { a: 'x'.repeat(262_143) } })).toEqual([]);
    const message = 'metadata.annotations: Too long: may not be more than 262144 bytes';
    expect(errorsOf({ annotations: { a: 'x'.repeat(262_144) } })).toEqual([message]);
    expect(errorsOf({ annotations: { a: 'é'.repeat(131_072) } })).toEqual([message]);
  });
});

describe('managed fields', () => {
  test('name managers and subresources of limited length', () => {
    expect(errorsOf({ managedFields: [{}, { manager: 'm'.repeat(128), subresource: 's'.repeat(256) }] })).toEqual([]);
    expect(errorsOf({ managedFields: [{ manager: 'ä'.repeat(65), subresource: 's'.repeat(257) }] })).toEqual([
      'metadata.managedFields[0].manager: Too long: may not be more than 128 bytes',
      'metadata.managedFields[0].subresource: Too long: may not be more than 256 bytes',
    ]);
    expect(errorsOf({ managedFields: [{ manager: 'a\u0007' }] })).toEqual([
      'metadata.managedFields[0].manager: Invalid value: "a\\u0007": should only contain printable characters',
    ]);
  });
});

describe('owner references', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u' };

  test('name the owner completely', () => {
    expect(errorsOf({ ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] })).toEqual([
      'metadata.ownerReferences[0].apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences[0].kind: Invalid value: "": must not be empty',
      'metadata.ownerReferences[0].name: Invalid value: "": must not be empty',
      'metadata.ownerReferences[0].uid: Invalid value: "": must not be empty',
    ]);
    expect(errorsOf({ ownerReferences: [owner, { ...owner, apiVersion: 'v1', uid: 'w' }] })).toEqual([]);
  });

  test('have names and uids that an owner can have', () => {
    const long = {
      apiVersion: `${'g'.repeat(251)}/v1`,
      kind: 'K'.repeat(64),
      name: 'n'.repeat(254),
      uid: 'u'.repeat(129),
    };
    expect(errorsOf({ ownerReferences: [long] }).map((each) => each.replace(/"[^"]*"/, '…'))).toEqual([
      'metadata.ownerReferences[0].apiVersion: Invalid value: …: must be no more than 253 characters',
      'metadata.ownerReferences[0].kind: Invalid value: …: must be no more than 63 characters',
      'metadata.ownerReferences[0].name: Invalid value: …: must be no more than 253 characters',
      'metadata.ownerReferences[0].uid: Invalid value: …: must be no more than 128 characters',
    ]);
  });

  test('are 256 at most', () => {
    const all = Array.from({ length: 257 }, (_, index) => ({ ...owner, uid: `u${index}` }));
    expect(errorsOf({ ownerReferences: all.slice(1) })).toEqual([]);
    expect(errorsOf({ ownerReferences: all })).toEqual([
      'metadata.ownerReferences: Too many: 257: must have at most 256 items',
    ]);
  });

  test('name one controller, and are shown once and cut when they name many', () => {
    const all = Array.from({ length: 200 }, (_, index) => ({ ...owner, uid: `u${index}`, controller: true }));
    const found = errorsOf({ ownerReferences: all });
    expect(found).toHaveLength(1);
    expect(found[0]?.length).toBeLessThan(1400);
  });

  test('name one controller', () => {
    const both = [
      { ...owner, controller: true },
      { ...owner, name: 'api', uid: 'w', controller: true },
    ];
    const [message, ...others] = errorsOf({ ownerReferences: both });
    expect(others).toEqual([]);
    expect(message).toMatch(/^metadata\.ownerReferences: Invalid value: \[\]v1\.OwnerReference\{v1\.OwnerReference\{/);
    expect(message).toMatch(
      /: Only one reference can have Controller set to true\. Found "true" in references for ReplicaSet\/web and ReplicaSet\/api$/,
    );
  });

  test('cannot name an Event', () => {
    expect(errorsOf({ ownerReferences: [{ ...owner, apiVersion: 'v1', kind: 'Event' }] })[0]).toMatch(
      /\/v1, Kind=Event is disallowed from being an owner$/,
    );
  });
});

describe('finalizers', () => {
  test.each([
    [['example.com/f', 'kubernetes', 'orphan'], []],
    [
      ['mine'],
      [
        'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [['a b/c'], [`metadata.finalizers: Invalid value: "a b/c": prefix part ${subdomain}`]],
    [
      ['orphan', 'foregroundDeletion'],
      [
        'metadata.finalizers: Invalid value: []string{"orphan", "foregroundDeletion"}: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
  ])('%j', (finalizers, expected) => {
    expect(errorsOf({ finalizers })).toEqual(expected);
  });
});

test('an update is held to the rules for labels and annotations too', () => {
  const previous = { name: 'a', namespace: 'shop', uid: 'u' };
  const errors = validateMetaUpdate({ ...previous, labels: { '-': '' }, annotations: { '-': '' } }, previous);
  expect(errors.map((error) => error.field)).toEqual(['metadata.labels', 'metadata.annotations']);
});
