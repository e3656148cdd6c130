import { findFaults } from './history.ts';
import { soak } from './run.ts';

/**
 * `npm run soak -- store [SECONDS [SEED]]`: one stretch of life after the other, each from a seed of its own, until the
 * time is over. Ends with 1 at the first fault, and says which seed shows it.
 */
const [seconds = '600', firstSeed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const secondsEach = 60;

const end = Date.now() + Number(seconds) * 1000;
let writes = 0;
let seed = Number(firstSeed);
for (; Date.now() < end && process.exitCode === undefined; seed += 1) {
  const history = await soak({ seed, seconds: secondsEach });
  const faults = findFaults(history);
  writes += history.writes.length;
  if (faults.length > 0) {
    process.stdout.write(`seed ${seed} shows ${faults.length} faults:\n${faults.slice(0, 20).join('\n')}\n`);
    process.exitCode = 1;
  }
}
process.stdout.write(`${seed - Number(firstSeed)} lives, ${writes} writes\n`);
