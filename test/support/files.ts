import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Writes a file that goes with the test.
 *
 * @param directory - where to. Default: a directory of its own.
 */
export function temporaryFile(
  name: string,
  content: string,
  directory = temporaryDirectory(),
): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'subgraph-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}
