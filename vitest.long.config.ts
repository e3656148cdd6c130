import { defineConfig } from 'vitest/config';

/** `npm run test:long`: what takes minutes, one file after the other, since some of it is about time and memory. */
export default defineConfig({
  test: {
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/support/build-program.ts'],
    maxWorkers: 1,
    // All of it takes a quarter of an hour on two cores that have nothing else to do.
    testTimeout: 60 * 60_000,
    hookTimeout: 60_000,
  },
});
