import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../local/system-clock.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

/** Lets time pass, and then the event loop turn. */
const advance = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await setImmediate();
};

test.for([0, 1, 1500, 2 ** 31 - 1, 2 ** 31, 40 * 86_400_000])(
  'runs once, after %d milliseconds',
  async (milliseconds) => {
    let runs = 0;
    systemClock.after(milliseconds, () => {
      runs += 1;
    });
    if (milliseconds > 0) vi.advanceTimersByTime(milliseconds - 1);
    expect(runs).toBe(0);
    await advance(1);
    expect(runs).toBe(1);
    expect(systemClock.now()).toBe(1_000_000 + Math.max(1, milliseconds));
    vi.advanceTimersByTime(100 * 86_400_000);
    expect(runs).toBe(1);
  },
);

test.for([1500, 40 * 86_400_000])('what is cancelled does not run: %d milliseconds', (milliseconds) => {
  let runs = 0;
  const cancel = systemClock.after(milliseconds, () => {
    runs += 1;
  });
  vi.advanceTimersByTime(milliseconds - 1);
  cancel();
  vi.advanceTimersByTime(10);
  expect(runs).toBe(0);
});

test('a time that has passed is now', async () => {
  let runs = 0;
  systemClock.after(-5, () => {
    runs += 1;
  });
  await advance(1);
  expect(runs).toBe(1);
});

test('what comes due at once is done a piece a turn, so that others get theirs', async () => {
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) systemClock.after(5, () => done.push(name));
  vi.advanceTimersByTime(5);
  expect(done).toEqual([]);
  for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    await setImmediate();
    expect(done).toEqual(expected);
  }
});

test('what is cancelled when it has come due does not run either', async () => {
  const done: string[] = [];
  systemClock.after(5, () => cancel());
  const cancel = systemClock.after(5, () => done.push('cancelled'));
  await advance(5);
  await setImmediate();
  expect(done).toEqual([]);
});
