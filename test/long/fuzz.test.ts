import { expect, inject, test } from 'vitest';
import { Fuzz } from './fuzz/run.ts';

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

/** `FUZZ_SEED`, `FUZZ_REQUESTS`, and `FUZZ_FIRST` to begin with another request than the first. */
test('no request is answered with 5xx, makes others wait, or takes more memory than there is for it', async () => {
  const seed = number('FUZZ_SEED', 1);
  const fuzz = new Fuzz({
    program: inject('program'),
    seed,
    first: number('FUZZ_FIRST', 0),
    requests: number('FUZZ_REQUESTS', 20_000),
    say: (text) => void process.stdout.write(`fuzz ${seed}: ${text}\n`),
  });
  await fuzz.run();
  expect(fuzz.findings.lines).toEqual([]);
});
