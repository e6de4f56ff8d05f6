import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';

/** Tests in Chromium. They are skipped where there is none. */
const browserTests = 'test/graphiql/page*.test.ts';

/** Tests that need the gateways of the example, which are installed first. */
const supergraphTests = 'test/supergraph/**/*.test.ts';

/**
 * Vite prefers a package's `module` field, Node.js does not: graphql must be the one module that Apollo's packages have
 * too.
 */
export const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig(({ mode }) => {
  // Read by test/support/property.ts in each worker. `--mode random` is `npm run test:random`.
  process.env['PROPERTY_SEED'] ??= String(mode === 'random' ? randomInt(2 ** 31) : 1);
  console.log(`Property tests use PROPERTY_SEED=${process.env['PROPERTY_SEED']}`);
  return {
    resolve,
    test: {
      reporters: ['default', ['json', { outputFile: '.cache/vitest.json' }]],
      testTimeout: 20_000,
      // Vitest leaves one CPU free by default. Most tests wait for a server rather than compute.
      maxWorkers: '100%',
      projects: [
        {
          extends: true,
          test: {
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: [browserTests, supergraphTests],
          },
        },
        { extends: true, test: { name: 'browser', include: [browserTests] } },
        {
          extends: true,
          test: {
            name: 'supergraph',
            include: [supergraphTests],
            globalSetup: 'test/supergraph/setup.ts',
          },
        },
      ],
    },
  };
});
