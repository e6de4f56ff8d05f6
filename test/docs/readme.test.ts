import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createSubgraph } from '../../src/graphql/subgraph.ts';
import { startProcess } from '../support/process.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const readme = read('README.md');

/** Commands with `curl` that are followed by their response. */
const examples = [
  ...`${readme}\n${read('docs/simulator.md')}`.matchAll(
    /```sh\n(curl [^`]+)```\s+```json\n([^`]+)```/g,
  ),
].map(([, command = '', response = '']) => ({
  command,
  response: JSON.parse(response) as unknown,
}));

test('the documentation has commands with their responses', () => {
  expect(examples).toHaveLength(3);
});

test.each(examples)('the command has the documented response: $command', async (example) => {
  const { ready } = await startProcess({ PORT: '0' });
  const command = example.command
    .replaceAll('localhost:4001', new URL(ready.url).host)
    .replaceAll('localhost:8989', new URL(ready.simulator ?? '').host);
  const { stdout } = await promisify(execFile)('bash', ['-c', command]);
  expect(withoutTimes(JSON.parse(stdout))).toEqual(withoutTimes(example.response));
});

test('the README lists every field of a Session', () => {
  const type = createSubgraph().getType('Session');
  const fields = Object.keys(type && 'getFields' in type ? type.getFields() : {});
  expect(fields).toHaveLength(16);
  for (const field of fields) expect(readme).toContain(`\`${field}\``);
});

test('the README has at most 160 lines', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(161);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/comparison.md',
  'docs/embedding.md',
  'docs/graphiql.md',
  'docs/simulator.md',
  'docs/supergraph.md',
  'docs/troubleshooting.md',
])('the links of %s lead to files', (file) => {
  const targets = [...read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => to);
  const missing = targets.filter((to) => !existsSync(new URL(to, new URL(file, root))));
  expect(missing).toEqual([]);
});

/** Times are the only part of a response that differs between runs. */
function withoutTimes(response: unknown): unknown {
  return JSON.parse(
    JSON.stringify(response, (_key, value: unknown) =>
      typeof value === 'string' ? value.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, '<time>') : value,
    ),
  );
}
