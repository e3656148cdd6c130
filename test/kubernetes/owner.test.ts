import { describe, expect, test } from 'vitest';
import { deployment } from '../../kubernetes/kinds/apps/deployment.ts';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { controllerOf, controllerReference, isControlledBy } from '../../kubernetes/owner.ts';

const shop = { metadata: { name: 'shop', uid: 'u1' } };
const web = { metadata: { name: 'web', namespace: 'shop', uid: 'u3' } };

test('an object is managed by the one owner that says so', () => {
  const other = { ...controllerReference(namespace, { metadata: { name: 'other', uid: 'u2' } }), controller: false };
  const reference = controllerReference(namespace, shop);
  const object = { metadata: { ownerReferences: [other, reference] } };
  expect(reference).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    name: 'shop',
    uid: 'u1',
    controller: true,
    blockOwnerDeletion: true,
  });
  expect(controllerOf(object)).toBe(reference);
  expect(isControlledBy(object, { kind: namespace, owner: shop })).toBe(true);
  expect(isControlledBy(object, { kind: namespace, owner: { metadata: { name: 'other', uid: 'u2' } } })).toBe(false);
  expect(controllerOf({ metadata: {} })).toBeUndefined();
  expect(isControlledBy({ metadata: {} }, { kind: namespace, owner: shop })).toBe(false);
});

describe('a reference means an owner', () => {
  const reference = controllerReference(deployment, web);
  const dependent = (changes: object, inNamespace = 'shop') => ({
    metadata: { namespace: inNamespace, ownerReferences: [{ ...reference, ...changes }] },
  });
  const isOwned = (object: ReturnType<typeof dependent>) => isControlledBy(object, { kind: deployment, owner: web });

  test('when namespace, group, kind, name and uid agree, whichever version it names', () => {
    expect(isOwned(dependent({}))).toBe(true);
    expect(isOwned(dependent({ apiVersion: 'apps/v1beta1' }))).toBe(true);
  });

  test.each([
    ['from another namespace', dependent({}, 'evil')],
    ['with another uid', dependent({ uid: 'u4' })],
    ['with another name', dependent({ name: 'other' })],
    ['of another kind', dependent({ kind: 'ReplicaSet' })],
    ['of another group', dependent({ apiVersion: 'v1' })],
  ])('and not %s', (_, object) => {
    expect(isOwned(object)).toBe(false);
  });
});
