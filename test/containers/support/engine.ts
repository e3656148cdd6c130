import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { images, podmanPath, PodmanService } from './podman.ts';

export { images };

/** Podman with an API socket of its own, and the images of these tests in its store. */
export type TestEngine = Pick<PodmanService, 'found' | 'podman' | 'restart' | 'url'>;

/**
 * Runs a suite on real containers. Where there is no Podman it is left out, loudly; a CI machine without one fails.
 */
export function onRealContainers(name: string, suite: (engine: () => TestEngine) => void): void {
  const path = podmanPath;
  if (path === undefined) {
    test('Podman is on PATH, or these tests are left out', () => {
      process.stderr.write(`\n*** NO PODMAN ON PATH: ${name}: the tests on real containers were LEFT OUT ***\n\n`);
      expect(process.env['CI'], 'CI must have Podman').toBeUndefined();
    });
    return;
  }
  describe(name, () => {
    let service: PodmanService | undefined;
    beforeAll(async () => {
      await promisify(execFile)(join(import.meta.dirname, '..', 'images.sh'));
      service = await PodmanService.start(path);
    }, 300_000);
    afterAll(async () => service?.stop());
    suite(() => {
      if (service === undefined) throw new Error('Podman has not started');
      return service;
    });
  });
}
