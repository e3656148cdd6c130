import { describe, expect, test } from 'vitest';
import { translateHealthCheck } from '../../translate/health-check.ts';
import type { Container, Probe } from '../../translate/pod-parts.ts';

const probe = (numbers: Partial<Probe> = {}): Probe => ({ tcpSocket: { port: 80 }, ...numbers });

const check = (probes: Partial<Container>) =>
  translateHealthCheck(
    { container: { name: 'web', ...probes }, path: 'spec.containers[0]', role: 'main' },
    { sharesProcesses: false },
  );

describe('the health check of a container', () => {
  test('is none without a probe', () => {
    expect(check({})).toEqual({ healthCheck: undefined, warnings: [] });
    expect(check({ livenessProbe: { exec: { command: [] } } }).healthCheck).toBeUndefined();
  });

  test.each<[string, Partial<Container>, object]>([
    ['liveness', { livenessProbe: probe() }, { interval: 10, timeout: 6, retries: 3, startPeriod: 0 }],
    ['readiness', { readinessProbe: probe() }, { interval: 10, timeout: 6, retries: 2, startPeriod: 300 }],
    [
      'startup, whose failures ECS has to count',
      { startupProbe: probe({ failureThreshold: 10, initialDelaySeconds: 5 }) },
      { interval: 10, retries: 2, startPeriod: 95 },
    ],
    [
      'periods of which one is a multiple of the other',
      { readinessProbe: probe({ periodSeconds: 5 }), livenessProbe: probe({ periodSeconds: 20, timeoutSeconds: 9 }) },
      { interval: 5, timeout: 14, retries: 2, startPeriod: 300 },
    ],
    [
      'a liveness probe run with every check',
      { readinessProbe: probe({ periodSeconds: 20 }), livenessProbe: probe({ failureThreshold: 7 }) },
      { interval: 10, retries: 7 },
    ],
    [
      'a liveness probe with more failures than ECS counts',
      { livenessProbe: probe({ failureThreshold: 30 }) },
      { retries: 2 },
    ],
    ['a period above 300 s', { livenessProbe: probe({ periodSeconds: 900 }) }, { interval: 300 }],
  ])('fits %s', (_what, probes, expected) => {
    const { healthCheck, warnings } = check(probes);
    expect(healthCheck).toMatchObject(expected);
    expect(warnings).toEqual([]);
  });

  test.each<[Partial<Container>, string, string]>([
    [
      { livenessProbe: probe({ periodSeconds: 1 }) },
      'livenessProbe.periodSeconds',
      'ECS checks every 5 s: 5 is used for 1',
    ],
    [
      { readinessProbe: probe({ periodSeconds: 7 }), livenessProbe: probe() },
      'readinessProbe.periodSeconds',
      'ECS checks every 5 s: 10 is used for 7',
    ],
    [
      { livenessProbe: probe({ timeoutSeconds: 56 }) },
      'livenessProbe.timeoutSeconds',
      'ECS ends a check after 60 s: 55 is used for 56',
    ],
    [
      { startupProbe: probe({ failureThreshold: 31 }), readinessProbe: probe() },
      'startupProbe.failureThreshold',
      'ECS allows a container 300 s to become healthy: that is used for 310 s',
    ],
    [
      { readinessProbe: probe({ initialDelaySeconds: 400 }) },
      'readinessProbe.initialDelaySeconds',
      'ECS allows a container 300 s to become healthy: that is used for 400 s',
    ],
  ])('tells of what ECS cannot do in %j', (probes, path, message) => {
    expect(check(probes).warnings).toEqual([{ path: `spec.containers[0].${path}`, message }]);
  });
});
