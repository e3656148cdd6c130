import { expect, test } from 'vitest';
import { retrying, untilDone } from '../../../../local/containers/docker/until-done.ts';

/** Fails so often, then answers how often it was asked. */
const failing = (times: number) => {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked <= times) throw new Error(`failure ${asked}`);
    return asked;
  };
};

test('tries again for a while, and fails as the last attempt did', async () => {
  expect(await retrying(failing(2), { milliseconds: 60_000 })).toBe(3);
  await expect(retrying(failing(1000), { milliseconds: 250 })).rejects.toThrow(/failure [2-5]$/);
  await expect(retrying(failing(1), { milliseconds: 0 })).rejects.toThrow('failure 1');
});

test('does not try again what cannot go better, or what nobody wants any more', async () => {
  const hopeless = { milliseconds: 60_000, worthwhile: (error: unknown) => !String(error).includes('2') };
  await expect(retrying(failing(9), hopeless)).rejects.toThrow('failure 2');
  const signal = AbortSignal.abort();
  await expect(retrying(failing(9), { milliseconds: 60_000, signal })).rejects.toThrow('failure 1');
});

test('tries until it is done, and tells the first failure', async () => {
  const told: unknown[] = [];
  const work = failing(2);
  await untilDone(work, { signal: new AbortController().signal, report: (error) => void told.push(error) });
  expect(await work()).toBe(4);
  expect(told).toEqual([new Error('failure 1')]);
});

test('ends its attempts when the signal aborts', async () => {
  const ending = new AbortController();
  const report = (): void => ending.abort();
  await untilDone(failing(1_000_000), { signal: ending.signal, report });
  expect(ending.signal.aborted).toBe(true);
});
