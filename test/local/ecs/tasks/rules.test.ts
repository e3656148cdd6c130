import { describe, expect, test } from 'vitest';
import { page } from '../../../../local/ecs/pages.ts';
import type { ContainerRecord } from '../../../../local/ecs/state.ts';
import { readiness } from '../../../../local/ecs/tasks/dependencies.ts';
import { healthCommand } from '../../../../local/ecs/tasks/health-check.ts';
import { imageToPull } from '../../../../local/ecs/tasks/image.ts';
import { restarts } from '../../../../local/ecs/tasks/restart-policy.ts';

const record = (more: Partial<ContainerRecord>): ContainerRecord => ({
  arn: 'arn',
  name: 'db',
  image: 'db:1',
  essential: false,
  checked: true,
  cpu: '0',
  memory: undefined,
  memoryReservation: undefined,
  lastStatus: 'PENDING',
  health: 'UNKNOWN',
  ...more,
});

describe('a dependency', () => {
  const never = { never: expect.stringContaining('failed to resolve container ordering dependency') };
  const running = { lastStatus: 'RUNNING' } as const;
  const ended = (exitCode: number) => ({ lastStatus: 'STOPPED', exitCode }) as const;
  test.each([
    ['START', {}, 'waiting'],
    ['START', running, 'ready'],
    ['START', ended(1), 'ready'],
    ['START', { lastStatus: 'STOPPED' }, never],
    ['COMPLETE', running, 'waiting'],
    ['COMPLETE', ended(1), 'ready'],
    ['COMPLETE', { lastStatus: 'STOPPED' }, never],
    ['SUCCESS', running, 'waiting'],
    ['SUCCESS', ended(0), 'ready'],
    ['SUCCESS', ended(1), never],
    ['HEALTHY', running, 'waiting'],
    ['HEALTHY', { ...running, health: 'HEALTHY' }, 'ready'],
    ['HEALTHY', { ...running, health: 'UNHEALTHY' }, 'waiting'],
    ['HEALTHY', ended(0), never],
  ] as const)('%s on %o is %o', (condition, on, expected) => {
    expect(readiness(record({ name: 'app' }), [{ condition, on: record(on) }])).toEqual(expected);
  });
});

describe('restart policy', () => {
  const ends = (exitCode: number | undefined, seconds: number) => ({ exitCode, ranMilliseconds: seconds * 1000 });
  test.each([
    [undefined, ends(1, 1000), false],
    [{ enabled: false }, ends(1, 1000), false],
    [{ enabled: true }, ends(1, 300), true],
    [{ enabled: true }, ends(0, 300), true],
    [{ enabled: true }, ends(1, 299), false],
    [{ enabled: true, restartAttemptPeriod: 60 }, ends(1, 60), true],
    [{ enabled: true, ignoredExitCodes: [1, 2] }, ends(2, 1000), false],
    [{ enabled: true }, ends(undefined, 1000), false],
  ])('%o after %o: %o', (policy, ending, expected) => {
    expect(restarts(policy, ending)).toBe(expected);
  });
});

test.each([
  [
    ['CMD', 'curl', '-f', 'localhost'],
    ['curl', '-f', 'localhost'],
  ],
  [
    ['CMD-SHELL', 'curl -f localhost || exit 1'],
    ['/bin/sh', '-c', 'curl -f localhost || exit 1'],
  ],
  [['NONE'], undefined],
])('the health check %o runs %o', (command, expected) => {
  expect(healthCommand({ command })).toEqual(expected);
});

test.each([
  ['nginx', 'nginx@sha256:1'],
  ['nginx:1.27', 'nginx@sha256:1'],
  ['localhost:5000/web', 'localhost:5000/web@sha256:1'],
  ['localhost:5000/web:2', 'localhost:5000/web@sha256:1'],
  ['web:2@sha256:0', 'web@sha256:1'],
])('%s pinned is %s', (image, pinned) => {
  expect(imageToPull(image, 'sha256:1')).toBe(pinned);
  expect(imageToPull(image, undefined)).toBe(image);
});

describe('pages', () => {
  const rule = { standard: 2, maximum: 3 };

  test('neither repeat nor skip what is there all the time', () => {
    const first = page(['a', 'b', 'c', 'd'], {}, rule);
    expect(first.items).toEqual(['a', 'b']);
    expect(page(['b', 'c', 'd', 'e'], { ...first, maxResults: 3 }, rule).items).toEqual(['c', 'd', 'e']);
  });

  test('end without a token', () => {
    expect(page(['a', 'b'], {}, rule)).toEqual({ items: ['a', 'b'] });
    expect(page([], {}, rule)).toEqual({ items: [] });
  });

  test.each([[{ nextToken: 'garbage' }], [{ nextToken: btoa('[]') }], [{ maxResults: 0 }], [{ maxResults: 4 }]])(
    'refuse %o',
    (request) => {
      expect(() => page(['a', 'b'], request, rule)).toThrow(
        expect.objectContaining({ name: 'InvalidParameterException' }),
      );
    },
  );
});
