import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite prefers a package's `module` field, Node.js does not: graphql must be the one module that
    // Apollo's packages have too.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/supergraph/setup.ts',
    reporters: ['default', ['json', { outputFile: '.cache/vitest.json' }]],
    testTimeout: 20_000,
  },
});
