/** What is mutated, and the tests that mutants run against. */
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRelated } from './related-tests.ts';

/** The project's directory. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The folders of `src/` whose code is mutated. */
export const folders = ['config', 'graphql', 'http', 'loaders', 'vcenter'] as const;

/** The files that are mutated, as a glob. */
export const mutatedSources = `src/{${folders.join(',')}}/**/*.ts`;

/** The folder of `src/` that a file is in. */
export function folderOf(file: string): string {
  return file.split('/')[1] ?? '';
}

/** Tests that cannot notice a mutant, since the code under mutation runs elsewhere or not at all. */
const unaware = [
  // Start the sources in a process of their own.
  'test/cli/**',
  'test/docs/**',
  'test/errors/leaks.test.ts',
  'test/errors/restart.test.ts',
  'test/observability/traces.test.ts',
  'test/vcenter/extra-authorities.test.ts',
  // Test what is built, the page or the simulator.
  'test/errors/client-entry.test.ts',
  'test/graphiql/{headers,page*,storage}.test.ts',
  'test/observability/alerts.test.ts',
  'test/package/**',
  'test/simulator/**',
  'test/supergraph/**',
];

/** Tests that take a minute. A test of examples should fail where they do. */
const slow = ['test/errors/properties.test.ts'];

/** The test files that mutants run against, relative to the project, sorted. */
export function testFiles(): readonly string[] {
  return globSync('test/**/*.test.ts', { cwd: root, exclude: [...unaware, ...slow] }).sort();
}

/**
 * How far a test file is from a source: 0 where it asserts about the source or has its name, 1 where it is of the same folder, 2 where it is
 * of the same folder of `src/`, else 3.
 */
export function distance(source: string, testFile: string): number {
  const [sourceFolders, sourceName] = foldersAndName(source);
  const [testFolders, testName] = foldersAndName(testFile);
  if (sourceName === testName || isRelated(source, testFile)) return 0;
  if (sourceFolders.join() === testFolders.join()) return 1;
  return sourceFolders[0] === testFolders[0] ? 2 : 3;
}

function foldersAndName(file: string): [folders: string[], name: string] {
  const [, ...folders] = file.split('/');
  const name = folders.pop() ?? '';
  return [folders, name.replace(/(\.test)?\.ts$/, '')];
}
