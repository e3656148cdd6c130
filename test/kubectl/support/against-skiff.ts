import { afterAll, beforeAll, describe } from 'vitest';
import type { KubectlTarget } from './client.ts';
import { forEachKubectl } from './for-each-kubectl.ts';
import type { KubectlBinary } from './kubectl.ts';
import { type RunningSkiff, startSkiff } from './skiff.ts';

/** Runs a suite with each kubectl, or the first so many, against a `skiff up` of its own. */
export function againstSkiff(
  name: string,
  suite: (target: () => KubectlTarget, binary: KubectlBinary) => void,
  only?: number,
): void {
  forEachKubectl((binary) => {
    describe(`${name}`, () => {
      let skiff: RunningSkiff | undefined;
      beforeAll(async () => {
        skiff = await startSkiff();
      });
      afterAll(async () => {
        await skiff?.stop();
      });
      suite(() => {
        if (skiff === undefined) throw new Error('Skiff has not started');
        return skiff;
      }, binary);
    });
  }, only);
}
