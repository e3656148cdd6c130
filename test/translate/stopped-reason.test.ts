import { expect, test } from 'vitest';
import { startFailure } from '../../translate/stopped-reason.ts';

const task = (stoppedReason: string | undefined, stopCode = 'TaskFailedToStart') => ({ stopCode, stoppedReason });

test('what is said of the container goes before what is said of the task', () => {
  const failure = startFailure(task('CannotStartContainerError: b'), { reason: 'CannotPullContainerError: a' });
  expect(failure).toEqual({ reason: 'ErrImagePull', message: 'CannotPullContainerError: a' });
});

test('a task that did start and says nothing has no failure', () => {
  expect(
    startFailure(task('Essential container in task exited', 'EssentialContainerExited'), undefined),
  ).toBeUndefined();
});

test('a failure without a word is one all the same', () => {
  expect(startFailure(task(undefined), undefined)?.reason).toBe('CreateContainerError');
});

test.each([
  [undefined, 'ErrImagePull'],
  ['ContainerCreating', 'ErrImagePull'],
  ['ErrImagePull', 'ImagePullBackOff'],
  ['ImagePullBackOff', 'ImagePullBackOff'],
])('a failed pull after %s is %s', (previous, reason) => {
  expect(startFailure(task('CannotPullContainerError: a'), undefined, previous)?.reason).toBe(reason);
});
