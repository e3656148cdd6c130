import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../local/system-clock.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

test.for([0, 1, 1500, 2 ** 31 - 1, 2 ** 31, 40 * 86_400_000])('runs once, after %d milliseconds', (milliseconds) => {
  let runs = 0;
  systemClock.after(milliseconds, () => {
    runs += 1;
  });
  if (milliseconds > 0) vi.advanceTimersByTime(milliseconds - 1);
  expect(runs).toBe(0);
  vi.advanceTimersByTime(1);
  expect(runs).toBe(1);
  expect(systemClock.now()).toBe(1_000_000 + Math.max(1, milliseconds));
  vi.advanceTimersByTime(100 * 86_400_000);
  expect(runs).toBe(1);
});

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

test('a time that has passed is now', () => {
  let runs = 0;
  systemClock.after(-5, () => {
    runs += 1;
  });
  vi.advanceTimersByTime(1);
  expect(runs).toBe(1);
});
