import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { vcenterSettings } from '../../src/config/vcenter-config.ts';
import { createSubgraph } from '../../src/graphql/subgraph.ts';
import { startProcess } from '../support/process.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** A command with `curl` that is followed by its answer. */
const asked = [...readme.matchAll(/```sh\n(curl [^`]+)```\s+```json\n([^`]+)```/g)].map(
  ([, command = '', answer = '']) => ({ command, answer: JSON.parse(answer) as unknown }),
);

test('has commands with their answers', () => {
  expect(asked.length).toBeGreaterThanOrEqual(3);
});

test.each(asked)('shows what its command answers: $command', async ({ command, answer }) => {
  const { ready } = await startProcess({ PORT: '0' });
  const here = command
    .replaceAll('localhost:4001', new URL(ready.url).host)
    .replaceAll('localhost:8989', new URL(ready.simulator ?? '').host);
  const { stdout } = await promisify(execFile)('bash', ['-c', here]);
  expect(withoutTimes(JSON.parse(stdout))).toEqual(withoutTimes(answer));
});

test('lists every field of a Session with its type', () => {
  const fields = createSubgraph().getType('Session');
  const expected = Object.values(fields && 'getFields' in fields ? fields.getFields() : {}).map(
    ({ name, type }) => `| \`${name}\` | \`${String(type)}\` |`,
  );
  expect(expected).toHaveLength(16);
  const rows = readme.replace(/ +\|/g, ' |');
  for (const row of expected) expect(rows).toContain(row);
});

test('lists every setting of a vCenter', () => {
  for (const name of Object.keys(vcenterSettings)) expect(readme).toContain(`\`${name}\``);
});

/** Times are the only part of an answer that differs from run to run. */
function withoutTimes(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (_key, value: unknown) =>
      typeof value === 'string' ? value.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, '<time>') : value,
    ),
  );
}
