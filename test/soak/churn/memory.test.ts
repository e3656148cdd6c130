import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../support/random-numbers.ts';
import { allowedRise, minutes, rise, type Sample } from './memory.ts';

/** An hour of samples, 5 s apart, that go up and down by 40 MB. */
function hour(megabytes: (seconds: number) => number): readonly Sample[] {
  const random = randomNumbers(1);
  return Array.from({ length: 720 }, (_, index) => ({
    seconds: index * 5,
    megabytes: megabytes(index * 5) + (random() - 0.5) * 80,
  }));
}

describe('the trend of memory', () => {
  test('is flat when memory goes up and down about the same level', () => {
    expect(Math.abs(rise(hour(() => 200)))).toBeLessThan(allowedRise / 2);
  });

  test('is flat when memory has only risen while everything was warming up', () => {
    expect(Math.abs(rise(hour((seconds) => (seconds < 1200 ? 100 + seconds / 10 : 220))))).toBeLessThan(
      allowedRise / 2,
    );
  });

  test('is not when a MB leaks each minute', () => {
    expect(rise(hour((seconds) => 200 + (seconds / 60) * 1.5))).toBeGreaterThan(allowedRise);
  });

  test('shows the least of each minute', () => {
    const samples = [100, 90, 120, 130].map((megabytes, index) => ({ seconds: index * 30, megabytes }));
    expect(minutes(samples)).toEqual([90, 120]);
  });
});
