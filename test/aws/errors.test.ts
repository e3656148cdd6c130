import { ClusterNotFoundException } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { awsFailure, isNamed, isTransient, whileDoing } from '../../aws/errors.ts';
import { awsError } from './support/recorded-ecs.ts';

test.each([
  ['ServiceNotFoundException', 'not-found', false],
  ['ConflictException', 'conflict', true],
  ['ThrottlingException', 'throttled', true],
  ['ServerException', 'unavailable', true],
  ['ProvisionedThroughputExceededException', 'throttled', true],
  ['InternalServerError', 'unavailable', true],
  ['TransactionConflictException', 'conflict', true],
  ['AccessDeniedException', 'denied', false],
  ['InvalidParameterException', 'invalid', false],
  ['LimitExceededException', 'limit', false],
  ['SomethingNew', 'other', false],
])('%s is %s', (name, failure, transient) => {
  expect(awsFailure(awsError(name, 'Rate exceeded'))).toBe(failure);
  expect(isTransient(awsError(name))).toBe(transient);
});

test('errors of the SDK are known by their names, other values by nothing', () => {
  const error = new ClusterNotFoundException({ message: 'Cluster not found.', $metadata: {} });
  expect(awsFailure(error)).toBe('not-found');
  expect(awsFailure('ThrottlingException')).toBe('other');
  expect(awsFailure(undefined)).toBe('other');
});

test('a wrapped error keeps its name and cause', async () => {
  const cause = awsError('ThrottlingException', 'Rate exceeded');
  const wrapped = await whileDoing('making a service', () => Promise.reject(cause)).catch((error: unknown) => error);
  expect(wrapped).toMatchObject({ message: 'making a service: Rate exceeded', cause });
  expect(isNamed(wrapped, 'ThrottlingException')).toBe(true);
});
