import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/process.ts';

const COMPOSERS = [
  '@apollo/composition',
  '@theguild/federation-composition',
  '@wundergraph/composition',
];
const SUPERGRAPH = 'vcenter-session + people + audit';

/** What is broken, how, and the message of each composer. */
const broken: [string, [from: string, to: string], RegExp][] = [
  [
    'a key that is no field',
    ['type Session @key(fields: "id")', 'type Session @key(fields: "nope")'],
    /nope/,
  ],
  [
    'a type that is no entity',
    ['type Session @key(fields: "id")', 'type Session'],
    /Session\b.*\bid\b/,
  ],
  ['a type that @requires contradicts', ['user: String\n', 'user: Int\n'], /Session\.user/],
  ['no field for @requires', ['  user: String\n', '  account: String\n'], /\buser\b/],
];

let sdl: string;
beforeAll(async () => {
  sdl = (await runCommand(['schema'])).stdout;
});

describe('npm run schema', () => {
  it('prints SDL with the link, the keys and the descriptions, from which a subgraph can be built', () => {
    expect(sdl).toContain(
      '@link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])',
    );
    expect(sdl).toContain('type Session @key(fields: "id") {');
    expect(sdl).toContain('type VCenter @key(fields: "id") {');
    expect(sdl).toContain('From vAPI (`user`).');
    expect(() => buildSubgraphSchema(parse(sdl))).not.toThrow();
  });
});

describe('npm run check:composition', () => {
  it('composes the subgraph alone and with the example in all three composers', async () => {
    expect(await run('check-composition.ts')).toEqual({
      code: 0,
      output: COMPOSERS.flatMap((composer) => [
        `ok     ${composer}: vcenter-session\n`,
        `ok     ${composer}: ${SUPERGRAPH}\n`,
      ]).join(''),
    });
  });

  it.each(broken)('fails in all three composers on %s', async (_, [from, to], message) => {
    const { code, output } = await check(sdl.replace(from, to));
    expect(code).toBe(1);
    for (const composer of COMPOSERS)
      expect(output).toContain(`FAILED ${composer}: ${SUPERGRAPH}\n`);
    expect(output.match(/error: /g)?.length).toBeGreaterThanOrEqual(COMPOSERS.length);
    expect(output).toMatch(message);
  });

  it('fails on hints about the subgraph, from the composers that give hints', async () => {
    const { code, output } = await check(
      sdl
        .replace('import: ["@key"]', 'import: ["@key", "@override"]')
        .replace('user: String\n', 'user: String @override(from: "nobody")\n'),
    );
    expect(code).toBe(1);
    const failed = output.split('\n').filter((line) => line.startsWith('FAILED'));
    expect(failed).toEqual(
      [COMPOSERS[0], COMPOSERS[2]].flatMap((composer) => [
        `FAILED ${composer}: vcenter-session`,
        `FAILED ${composer}: ${SUPERGRAPH}`,
      ]),
    );
    expect(output.match(/ hint: .*nobody/g)).toHaveLength(failed.length);
  });

  it('reports the syntax error of an invalid SDL', async () => {
    expect(await check(`${sdl}type`)).toEqual({
      code: 1,
      output: 'FAILED Syntax Error: Expected Name, found <EOF>.\n',
    });
  });
});

/** Checks an SDL in the place of the subgraph's own. */
async function check(text: string): Promise<{ code: number; output: string }> {
  expect(text).not.toBe(sdl);
  const folder = await mkdtemp(join(tmpdir(), 'composition-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'broken.graphql');
  await writeFile(file, text);
  return run('check-composition.ts', file);
}

/** Runs a script to its end. */
async function run(script: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const path = fileURLToPath(new URL(`../../scripts/${script}`, import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [path, ...args]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}
