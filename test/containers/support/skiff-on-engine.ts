import { afterAll, beforeAll, vi } from 'vitest';
import { type RunningSkiff, startSkiff } from '../../kubectl/support/skiff.ts';
import { images } from './engine.ts';

/** A `skiff up` on the engine, for the tests of the suite that this is called in. */
export function skiffOnEngine(engine: () => { readonly url: string }): () => RunningSkiff {
  let skiff: RunningSkiff;
  beforeAll(async () => {
    vi.stubEnv('DOCKER_HOST', engine().url);
    vi.stubEnv('SKIFF_TOOLBOX_IMAGE', images.busybox);
    skiff = await startSkiff(['--runtime', 'docker']);
  });
  afterAll(async () => {
    await skiff?.stop();
    vi.unstubAllEnvs();
  });
  return () => skiff;
}
