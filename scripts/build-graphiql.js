/**
 * Builds GraphiQL's page into dist/graphiql/. It is part of npm's `prepare`, where an install
 * without development dependencies has nothing to build with: that is said, and is no failure. It is plain
 * JavaScript since such an install also lacks the Node.js of the development dependencies.
 */
import { fileURLToPath } from 'node:url';

const vite = await import('vite').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
});

if (vite === undefined) {
  console.log('GraphiQL is not built: that takes the development dependencies.');
} else {
  const configFile = fileURLToPath(new URL('../src/graphiql/page/vite.config.ts', import.meta.url));
  await vite.build({ configFile, configLoader: 'native' });
}
