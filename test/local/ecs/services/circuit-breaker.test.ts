import { expect, onTestFinished, test } from 'vitest';
import { failureThreshold, hasTripped } from '../../../../local/ecs/services/circuit-breaker.ts';
import { launchDelay, timings } from '../../../../local/ecs/timing.ts';
import { containers } from '../../../conformance/ecs-fixture.ts';
import { emulateEcs } from '../../../support/emulation.ts';

const breaker = { enable: true, rollback: true };

test.each([
  [0, 3],
  [1, 3],
  [6, 3],
  [7, 4],
  [9, 5],
  [399, 200],
  [400, 200],
  [5000, 200],
])('%i desired tasks tolerate fewer than %i failures', (desiredCount, threshold) => {
  expect(failureThreshold(breaker, desiredCount)).toBe(threshold);
  expect(hasTripped(breaker, { failures: threshold - 1, desiredCount })).toBe(false);
  expect(hasTripped(breaker, { failures: threshold, desiredCount })).toBe(true);
});

test.each([
  [{ type: 'COUNT', value: 7 }, 100, 7],
  [{ type: 'BOUNDED_PERCENT', value: 10 }, 100, 10],
  [{ type: 'BOUNDED_PERCENT', value: 1 }, 100, 3],
  [{ type: 'UNBOUNDED_PERCENT', value: 1 }, 100, 1],
  [{ type: 'UNBOUNDED_PERCENT', value: 100 }, 1000, 1000],
  [{ type: 'UNBOUNDED_PERCENT', value: 10 }, 0, 1],
] as const)('%o of %i is %i', (thresholdConfiguration, desiredCount, threshold) => {
  expect(failureThreshold({ ...breaker, thresholdConfiguration }, desiredCount)).toBe(threshold);
});

test('a breaker that is off never trips', () => {
  expect(hasTripped({ enable: false, rollback: true }, { failures: 1000, desiredCount: 1 })).toBe(false);
  expect(hasTripped(undefined, { failures: 1000, desiredCount: 1 })).toBe(false);
});

test('launches that fail are slowed down to one in 15 minutes', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 8, 100].map(
    (failures) => launchDelay(timings.real.throttle, failures) / 1000,
  );
  expect(delays).toEqual([0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
});

test.each([
  [true, 7],
  [false, 4],
])('with resetOnHealthyTask %s a healthy task in between makes it fail at failure %i', async (reset, failures) => {
  const { ecs, runtime, emulation } = await emulateEcs();
  onTestFinished(() => emulation.stop());
  const pull = runtime.pullImage.bind(runtime);
  let pulls = 0;
  runtime.pullImage = (container) => {
    pulls += 1;
    return pulls === 3 ? pull(container) : Promise.reject(new Error('no such image'));
  };
  await ecs.create({
    desiredCount: 2,
    taskDefinition: await ecs.register(containers.healthy),
    deploymentConfiguration: {
      deploymentCircuitBreaker: {
        ...breaker,
        resetOnHealthyTask: reset,
        thresholdConfiguration: { type: 'COUNT', value: 4 },
      },
    },
  });
  await ecs.until(async () => (await ecs.primary()).rolloutState === 'FAILED');
  expect(await ecs.tasks('STOPPED')).toHaveLength(failures);
});
