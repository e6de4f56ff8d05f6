import { fileURLToPath } from 'node:url';

/**
 * Builds GraphiQL's page.
 *
 * @param {string} [outDir] - where to. Default: where the sources look for it, `.cache/graphiql`.
 */
export async function buildGraphiQL(outDir) {
  const vite = await import('vite');
  const configFile = fileURLToPath(new URL('../src/graphiql/page/vite.config.ts', import.meta.url));
  const build = outDir === undefined ? {} : { build: { outDir } };
  await vite.build({ configFile, configLoader: 'native', ...build });
}
