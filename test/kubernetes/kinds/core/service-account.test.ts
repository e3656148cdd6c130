import { expect, test } from 'vitest';
import { serviceAccount } from '../../../../kubernetes/kinds/core/service-account.ts';
import { cells, created, updated } from '../../../support/prepared.ts';

test('a ServiceAccount keeps the names of its secrets only', () => {
  const { object, errors } = created(serviceAccount, {
    secrets: [{ name: 'token', namespace: 'other', kind: 'Secret' }],
    imagePullSecrets: [{ name: 'registry' }],
  });
  expect(errors).toEqual([]);
  expect(object.secrets).toEqual([{ name: 'token' }]);
  expect(object.imagePullSecrets).toEqual([{ name: 'registry' }]);
  expect(cells(serviceAccount, object)).toEqual(['a', 1, '90s']);
  const change = (each: typeof object) => (each.secrets = [{ name: 'b', uid: 'u' }]);
  expect(updated(serviceAccount, object, { change }).object.secrets).toEqual([{ name: 'b' }]);
});
