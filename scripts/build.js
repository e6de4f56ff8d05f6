/**
 * Builds what `npm start`, the package and the image run into dist/: the compiled program and GraphiQL's page. It
 * is built aside and put there whole, so that dist/ never holds half of a build.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildGraphiQL } from './graphiql.js';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const aside = path('.cache/build');

rmSync(aside, { recursive: true, force: true });
mkdirSync(aside, { recursive: true });
const tsc = path('node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', path('tsconfig.build.json'), '--outDir', aside], {
  stdio: 'inherit',
});
chmodSync(`${aside}/cli/main.js`, 0o755);
await buildGraphiQL(`${aside}/graphiql/page`);
rmSync(path('dist'), { recursive: true, force: true });
renameSync(aside, path('dist'));
copyErrors();

/** The package of packages/errors is of the same source as the entry ./errors. */
function copyErrors() {
  const target = path('packages/errors/dist');
  rmSync(target, { recursive: true, force: true });
  for (const name of ['extensions.js', 'extensions.d.ts', 'catalogue.d.ts'])
    cpSync(path(`dist/errors/${name}`), `${target}/${name}`);
}
