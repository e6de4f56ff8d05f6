import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, CURRENT_SESSION, SESSION_LIST } from './client.ts';

const MAIN = fileURLToPath(new URL('../../src/simulator/main.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function outcome(...args: string[]) {
  const child = run(...args);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

describe('npm run simulator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it is ready, and ends gracefully on %s',
    async (signal) => {
      const child = run('--port', '0', '--sessions', '2', '--separate-sessions');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const ready = JSON.parse(line.toString()) as { msg: string; url: string };
      expect(ready).toEqual({
        msg: 'ready',
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      });
      expect((await ask(ready, CURRENT_SESSION, { token: 'demo' })).status).toBe(200);
      expect((await ask(ready, SESSION_LIST, { token: 'demo' })).json).toHaveLength(3);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );

  it.each([
    [['--port', '70000'], "--port takes a whole number from 0 to 65535, not '70000'."],
    [['--sessions', 'many'], "--sessions takes a whole number from 0 to 100000, not 'many'."],
    [['--prot', '1'], "Unknown option '--prot'"],
  ])('refuses %j in a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await outcome(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('explains itself', async () => {
    const { code, stdout } = await outcome('--help');
    expect(code).toBe(0);
    for (const option of ['--port', '--host', '--separate-sessions', '--sessions', '--help']) {
      expect(stdout).toContain(option);
    }
  });
});
