import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'busybox'))
  .find((candidate) => existsSync(candidate));

/** Runs a suite with the machine's busybox. Where there is none it is left out, loudly; a CI machine without one fails. */
export function withBusybox(name: string, suite: (busybox: string) => void): void {
  if (path !== undefined) {
    describe(name, () => {
      suite(path);
    });
    return;
  }
  test('busybox is on PATH, or these tests are left out', () => {
    process.stderr.write(`\n*** NO BUSYBOX ON PATH: ${name}: the tests that run it were LEFT OUT ***\n\n`);
    expect(process.env['CI'], 'CI must have busybox').toBeUndefined();
  });
}
