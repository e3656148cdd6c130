import { describe, expect, test } from 'vitest';
import { findKubectls, type KubectlBinary } from './kubectl.ts';

/**
 * Runs a suite once for each kubectl of this machine. Where there is none, it is left out, loudly; a CI machine without
 * kubectl fails. `SKIFF_KUBECTL=kubectl.1.33` narrows a run to one of them; `only` to the first so many.
 */
export function forEachKubectl(suite: (binary: KubectlBinary) => void, only = Number.POSITIVE_INFINITY): void {
  const wanted = process.env['SKIFF_KUBECTL'];
  const binaries = findKubectls()
    .filter(({ name }) => wanted === undefined || name === wanted)
    .slice(0, only);
  describe.each(binaries)('$name', (binary) => {
    suite(binary);
  });
  if (binaries.length > 0) return;
  test('kubectl is on PATH, or these tests are left out', () => {
    process.stderr.write('\n*** NO KUBECTL ON PATH: the tests that drive the real kubectl were LEFT OUT ***\n\n');
    expect(process.env['CI'], 'CI must have kubectl').toBeUndefined();
  });
}
