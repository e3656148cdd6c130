import { describe, expect, test } from 'vitest';
import { findFaults } from './history.ts';
import { plantedBugs } from './planted-bug.ts';
import { soak } from './run.ts';

describe('a soak of the DynamoDB store', () => {
  test('finds nothing wrong with it', { timeout: 60_000 }, async () => {
    const history = await soak({ seed: 1, seconds: 30 });
    expect(history.writes.filter(({ ended }) => ended === undefined).length).toBeGreaterThan(0);
    expect(history.lists.length).toBeGreaterThan(10);
    expect(history.watches[0]?.changes.length).toBeGreaterThan(200);
    expect(findFaults(history)).toEqual([]);
  });

  test.for(plantedBugs)('finds the planted bug: %s', { timeout: 60_000 }, async (bug) => {
    const faults: string[] = [];
    for (let seed = 1; faults.length === 0 && seed < 6; seed += 1) {
      faults.push(...findFaults(await soak({ seed, seconds: 15, bug })));
    }
    expect(faults.length).toBeGreaterThan(0);
  });
});
