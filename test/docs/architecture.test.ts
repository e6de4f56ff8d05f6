import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(`${root}docs/architecture.md`, 'utf8');

/** Files and folders that the page names: `src/http/`, `executor.ts`, `http/delivery.ts`. */
const names = [...text.matchAll(/`([\w./-]+(?:\/|\.tsx?|\.graphql|\.yaml|\.json))`/g)].map(
  ([, name]) => name,
);

const paths = [
  ...readdirSync(root).map((path) => `/${path}`),
  ...['src', 'schema', 'test', 'deploy', 'docs'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true }).map((path) => `/${folder}/${path}`),
  ),
];

/** The first cells of the rows of a table, each with the files and folders of `src/` or `test/` in it. */
function rowsOf(folder: string): readonly (readonly string[])[] {
  const cells = [...text.matchAll(/^\| (`[^|]*`) *\|/gm)].map(([, cell = '']) => cell);
  return cells
    .map((cell) => [...cell.matchAll(/`([^`]*)`/g)].map(([, name = '']) => name))
    .filter(([name = '']) => name.startsWith(`${folder}/`));
}

const rows = rowsOf('src');

/** The row that a file of `src/` is in: that of the longest name. Lower rows have greater numbers. */
function rowOf(path: string): number {
  const [longest] = rows
    .flat()
    .filter((name) => path.startsWith(name))
    .sort((a, b) => b.length - a.length);
  return rows.findIndex((row) => row.some((name) => name === longest));
}

/** All imports between files of `src/`, of types and at run time: the one that imports, and the other. */
const imports = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path}`)
  .filter((path) => /\.tsx?$/.test(path))
  .flatMap((path) =>
    [...readFileSync(root + path, 'utf8').matchAll(/'(\.\.?\/[^'\n]+\.tsx?)'/g)].map(
      ([, imported = '']) => [path, join(dirname(path), imported)] as const,
    ),
  );

test('the page on the architecture names only files and folders that there are', () => {
  expect(names.length).toBeGreaterThan(30);
  expect(
    names.filter(
      (name) => !paths.some((path) => `${path}/`.endsWith(`/${name}`) || path.endsWith(`/${name}`)),
    ),
  ).toEqual([]);
});

test('the page on the architecture has a row for everything in src', () => {
  const entries = readdirSync(`${root}src`, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `src/${entry.name}/` : `src/${entry.name}`,
  );

  expect(entries.filter((entry) => !rows.flat().includes(entry))).toEqual([]);
});

test('the page on the architecture has a row for each folder of tests that is none of src', () => {
  const folders = readdirSync(`${root}test`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const named = rowsOf('test').flat();

  expect(
    folders.filter(
      (name) => !rows.flat().includes(`src/${name}/`) && !named.includes(`test/${name}/`),
    ),
  ).toEqual([]);
});

test('imports go down the table of the page on the architecture', () => {
  expect(imports.length).toBeGreaterThan(300);
  expect(imports.filter(([path, imported]) => rowOf(imported) < rowOf(path))).toEqual([]);
});

test('each arrow of the page on the architecture is an import', () => {
  const diagram = /```mermaid\n([^`]*)```/.exec(text)?.[1] ?? '';
  const arrows = diagram.split('\n').flatMap((line) => {
    const nodes = [...line.matchAll(/(\w+)(?:\[[^\]]*\])?(?= -->|$)/g)].map(([, node]) => node);
    return nodes.slice(1).map((to, index) => [nodes[index], to]);
  });

  expect(arrows.length).toBeGreaterThan(10);
  expect(
    arrows.filter(
      ([from, to]) =>
        !imports.some(
          ([path, imported]) =>
            path.startsWith(`src/${from}/`) && imported.startsWith(`src/${to}/`),
        ),
    ),
  ).toEqual([]);
});
