import { describe, expect, test } from 'vitest';
import { rollingNumbers, rollingPercentages } from '../../translate/rolling.ts';

/** ECS's own arithmetic, written down apart from the product's: a minimum rounded up, a maximum rounded down. */
const ecs = (desired: number, percentages: { minimumHealthyPercent: number; maximumPercent: number }) => {
  let healthy = 0;
  while (healthy * 100 < desired * percentages.minimumHealthyPercent) healthy += 1;
  let most = 0;
  while ((most + 1) * 100 <= desired * percentages.maximumPercent) most += 1;
  return { healthy, most };
};

const strategies = [
  { maxSurge: '25%', maxUnavailable: '25%' },
  { maxSurge: '100%', maxUnavailable: 0 },
  { maxSurge: 0, maxUnavailable: '100%' },
  { maxSurge: '33%', maxUnavailable: '34%' },
  { maxSurge: '10%', maxUnavailable: '1%' },
  { maxSurge: '1%', maxUnavailable: 0 },
  { maxSurge: 1, maxUnavailable: 0 },
  { maxSurge: 0, maxUnavailable: 1 },
  { maxSurge: 2, maxUnavailable: 3 },
  { maxSurge: 0, maxUnavailable: '25%' },
  { maxSurge: '300%', maxUnavailable: '50%' },
];
const cases = strategies.flatMap((strategy) =>
  Array.from({ length: 100 }, (_, index) => ({ ...strategy, desired: index + 1 })),
);

describe('rolling percentages', () => {
  test.each(cases)(
    'give ECS exactly the integers of Kubernetes for $desired replicas with $maxSurge surge and $maxUnavailable unavailable',
    ({ desired, ...strategy }) => {
      const { surge, unavailable } = rollingNumbers(desired, strategy);
      expect(ecs(desired, rollingPercentages(desired, strategy))).toEqual({
        healthy: desired - unavailable,
        most: desired + surge,
      });
    },
  );

  test.each([101, 150, 333, 1000, 4999])('keep the promise and leave room to move with %i replicas', (desired) => {
    for (const strategy of strategies) {
      const { surge, unavailable } = rollingNumbers(desired, strategy);
      const { healthy, most } = ecs(desired, rollingPercentages(desired, strategy));
      expect(healthy < desired || most > desired).toBe(true);
      // One percent is several tasks here: never more than that away from what was asked.
      const percent = Math.ceil(desired / 100);
      expect(Math.abs(healthy - (desired - unavailable))).toBeLessThanOrEqual(percent);
      expect(Math.abs(most - (desired + surge))).toBeLessThanOrEqual(percent);
    }
  });

  test('are those of one replica for none, so that the first scale-up starts from a sound pair', () => {
    expect(rollingPercentages(0, { maxSurge: '25%', maxUnavailable: '25%' })).toEqual({
      minimumHealthyPercent: 100,
      maximumPercent: 200,
    });
  });
});

describe('rolling numbers', () => {
  test('round surge up and unavailable down', () => {
    expect(rollingNumbers(10, { maxSurge: '25%', maxUnavailable: '25%' })).toEqual({ surge: 3, unavailable: 2 });
  });

  test('let one pod be unavailable when both come to nothing', () => {
    expect(rollingNumbers(3, { maxSurge: 0, maxUnavailable: '10%' })).toEqual({ surge: 0, unavailable: 1 });
  });

  test('never let more pods be unavailable than there are', () => {
    expect(rollingNumbers(2, { maxSurge: 0, maxUnavailable: 5 })).toEqual({ surge: 0, unavailable: 2 });
  });
});
