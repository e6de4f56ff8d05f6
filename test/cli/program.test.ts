import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { runCommand } from '../support/process.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

test('prints its version', async () => {
  expect(await runCommand(['--version'])).toEqual({
    exitCode: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('lists its commands in its help', async () => {
  const { exitCode, stdout } = await runCommand(['--help']);
  expect(exitCode).toBe(0);
  for (const command of ['serve', 'schema', 'simulate', 'check'])
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
});

test.each([
  [['srve'], "error: unknown command 'srve'\n"],
  [['--prot', '1'], "error: unknown option '--prot'\n"],
  [['serve', '--prot'], "error: unknown option '--prot'\n"],
])('names what is unknown in %j and exits with 2', async (args, stderr) => {
  expect(await runCommand(args)).toEqual({ exitCode: 2, stdout: '', stderr });
});

test('prints the schema as SDL', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['schema']);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(() => parse(stdout)).not.toThrow();
  expect(stdout).toContain('type Session @key(fields: "id")');
  expect(stdout).toContain('https://specs.apollo.dev/federation/v2.');
});
