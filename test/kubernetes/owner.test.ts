import { expect, test } from 'vitest';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { controllerOf, controllerReference, isControlledBy } from '../../kubernetes/owner.ts';

const owner = { metadata: { name: 'shop', uid: 'u1' } };

test('an object is managed by the one owner that says so', () => {
  const other = { ...controllerReference(namespace, { metadata: { name: 'other', uid: 'u2' } }), controller: false };
  const reference = controllerReference(namespace, owner);
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
  expect(isControlledBy(object, 'u1')).toBe(true);
  expect(isControlledBy(object, 'u2')).toBe(false);
  expect(controllerOf({ metadata: {} })).toBeUndefined();
  expect(isControlledBy({ metadata: {} }, '')).toBe(false);
});
