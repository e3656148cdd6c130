import { describe, expect, test } from 'vitest';
import { boundedWarnings } from '../../../functions/api/warning.ts';

const numbered = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(length, '.'));

describe('the warnings of an answer', () => {
  test('are told whole, each once, while they are 4,096 characters together', () => {
    const warnings = ['x'.repeat(4000), 'y'.repeat(96)];
    expect(boundedWarnings([...warnings, ...warnings])).toEqual(warnings);
  });

  test('are cut to 256 characters each when they are more', () => {
    expect(boundedWarnings(['x'.repeat(4000), 'short', 'y'.repeat(96)])).toEqual([
      'x'.repeat(256),
      'short',
      'y'.repeat(96),
    ]);
  });

  test.each([
    [100, 1000, 16],
    [1000, 100, 41],
    [1_000_000, 8, 512],
  ])('are the first of many: of %i with %i characters', (count, length, told) => {
    const warnings = numbered(count, length);
    expect(boundedWarnings(warnings)).toEqual(warnings.slice(0, told).map((each) => each.slice(0, 256)));
  });

  test('are cut after a whole character', () => {
    expect(boundedWarnings([`a${'😀'.repeat(3000)}`])).toEqual([`a${'😀'.repeat(127)}`]);
  });
});
