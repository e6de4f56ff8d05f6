/**
 * Lists the licenses of all that is shipped, in docs/licenses.md: the dependencies, and what GraphiQL's page is built
 * from. Fails where one is not permissive.
 *
 *     node scripts/licenses.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const permissive = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Development dependencies whose code is in GraphiQL's page. */
const inPage = [
  '@graphiql/plugin-doc-explorer',
  '@graphiql/plugin-history',
  '@graphiql/react',
  '@graphiql/toolkit',
  'graphiql',
  'react',
  'react-dom',
];

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const readJson = <T>(name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as T;
const { packages } = readJson<{ packages: Record<string, LockEntry> }>('package-lock.json');

const shipped = new Set<string>();
for (const name of [...Object.keys(packages['']?.dependencies ?? {}), ...inPage]) add('', name);

const rows = [...shipped].sort().map((place) => {
  const name = place.replace(/^.*node_modules\//, '');
  const { version = '', license = licenseOf(place) } = packages[place] ?? {};
  if (!isPermissive(license)) throw new Error(`${name} ${version} has the license ${license}.`);
  return `| ${name} | ${version} | ${license} |`;
});
const text = `# Licenses of what is shipped

Dependencies of the server, and what GraphiQL's page is built from. \`npm run licenses\` writes this list; CI fails where
it is stale, or where a license is not one of ${permissive.join(', ')}.

| Package | Version | License |
| --- | --- | --- |
${[...new Set(rows)].join('\n')}
`;

const file = 'docs/licenses.md';
if (!process.argv.includes('--check')) writeFileSync(path(file), text);
else if (readFileSync(path(file), 'utf8') !== text) {
  console.error(`${file} is stale. Run "npm run licenses".`);
  process.exitCode = 1;
}

/** Adds a package, as Node.js finds it from a place, and all that it depends on. */
function add(from: string, name: string): void {
  const place = resolve(from, name);
  // An optional package of another platform is not there.
  if (place === undefined || shipped.has(place)) return;
  if (name.startsWith('@types/')) return;
  shipped.add(place);
  const { dependencies, optionalDependencies, peerDependencies } = packages[place] ?? {};
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    add(place, next);
}

function resolve(from: string, name: string): string | undefined {
  for (
    let place = from;
    ;
    place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))
  ) {
    const candidate = `${place}${place && '/'}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (place === '') return undefined;
  }
}

/** Of the installed package, where the lock file does not have it. */
function licenseOf(place: string): string {
  return readJson<{ license?: string }>(`${place}/package.json`).license ?? 'none';
}

/** Of alternatives one must be permissive. */
function isPermissive(license: string): boolean {
  return license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => permissive.includes(one)));
}
