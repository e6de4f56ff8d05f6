import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(`${root}docs/architecture.md`, 'utf8');

/** Files and folders that the page names: `src/http/`, `executor.ts`, `http/delivery.ts`. */
const names = [...text.matchAll(/`([\w./-]+(?:\/|\.ts|\.graphql))`/g)].map(([, name]) => name);

const paths = ['src', 'schema', 'test', 'deploy'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true }).map((path) => `/${folder}/${path}`),
);

test('the page on the architecture names only files and folders that there are', () => {
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !paths.some((path) => path.includes(`/${name}`)))).toEqual([]);
});
