import { defineConfig } from 'vitest/config';
import { resolve } from '../../vitest.config.ts';

/** How the tests run in the sandbox: one file after the other, without a report. */
export default defineConfig({
  resolve,
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['scripts/mutation/setup.ts'],
    onConsoleLog: () => false,
    maxWorkers: 1,
    // Without a mutant. The machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: {
      sequencer: class {
        async shard<File>(files: File[]) {
          return files;
        }
        /** In the order in which they were given: vitest's own runs what failed before first. */
        async sort<File>(files: File[]) {
          return files;
        }
      },
    },
  },
});
