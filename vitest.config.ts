import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, the longest first: begun last, they would go on alone in the end. */
const longest = ['containers/engines', 'kubectl/writing', 'kubectl/walk', 'kubectl/rollouts', 'kubectl/reading'];

const place = ({ moduleId }: TestSpecification): number => {
  const index = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return index < 0 ? longest.length : index;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** Suites that start programs, and set what those find in the environment. The others are quicker in a shared process. */
const programs = 'test/{cli,cloud,containers,kubectl,soak}/**/*.test.ts';

export default defineConfig({
  test: {
    // The SDK warns of old versions of Node, in every worker.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // The longest files wait for kubectl and for containers more than they compute.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: 'programs', include: [programs], globalSetup: ['test/support/build-program.ts'] },
      },
      {
        extends: true,
        test: { name: 'units', include: ['test/**/*.test.ts'], exclude: [programs, 'test/long/**'], isolate: false },
      },
    ],
  },
});
