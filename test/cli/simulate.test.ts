import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { CURRENT_SESSION, SESSION, SESSION_LIST, send } from '../simulator/client.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, 'simulate', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

/** Starts one on a free port, and waits until it is ready. */
async function start(...args: string[]) {
  const child = run('--port', '0', ...args);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, ready: JSON.parse(line.toString()) as { msg: string; url: string } };
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

describe('simulate', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'logs its URL when it is ready, and exits with 0 on %s',
    async (signal) => {
      const { child, ready } = await start('--sessions', '2', '--separate-sessions');
      expect(ready).toEqual({
        msg: 'ready',
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      });
      expect((await send(ready, CURRENT_SESSION, { token: 'demo' })).status).toBe(200);
      expect((await send(ready, SESSION_LIST, { token: 'demo' })).json).toHaveLength(3);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );

  it.each([
    [['--port', '70000'], "'70000' is invalid. Expected a whole number from 0 to 65535."],
    [['--sessions', 'many'], "'many' is invalid. Expected a whole number from 0 to 100000."],
    [['--name', 'a.b'], "'a.b' is invalid. Expected 1 to 63 letters, digits and hyphens."],
    [['--prot', '1'], "unknown option '--prot'"],
    [['more'], 'too many arguments'],
  ])('names what is wrong with %j and exits with 2', async (args, sentence) => {
    const { code, stdout, stderr } = await outcome(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });

  it('shows its name in the domains of users', async () => {
    const { ready } = await start('--name', 'berlin');
    const { json } = await send(ready, CURRENT_SESSION, { token: 'demo' });
    expect(json).toMatchObject({ userName: 'BERLIN.LOCAL\\Administrator' });
  });

  it('has examples in its help that work', async () => {
    const { stdout } = await outcome('--help');
    const { ready } = await start();
    const [guest = '', fault = '', calls = '', ...more] = [
      ...stdout.matchAll(/^ {2}curl .*$/gm),
    ].map(([line]) => line.replace('http://127.0.0.1:8989', ready.url).replace('curl', 'curl -s'));
    const shell = async (line: string): Promise<unknown> =>
      JSON.parse((await promisify(execFile)('sh', ['-c', line])).stdout);

    const token = String(await shell(guest));
    expect(await send(ready, SESSION_LIST, { token })).toMatchObject({
      status: 500,
      json: { _typeName: 'NoPermission', privilegeId: 'Sessions.TerminateSession' },
    });
    await shell(fault);
    const statuses = [];
    for (let i = 0; i < 2; i += 1) statuses.push((await send(ready, SESSION, { token })).status);
    expect(statuses).toEqual([503, 200]);
    expect(await shell(calls)).toMatchObject(
      ['createSession', 'sessionList', 'getSession', 'getSession'].map((operation) => ({
        operation,
      })),
    );
    expect(more).toEqual([]);
  });

  it('lists its options in its help', async () => {
    const { code, stdout } = await outcome('--help');
    expect(code).toBe(0);
    for (const option of [
      '--port',
      '--host',
      '--separate-sessions',
      '--sessions',
      '--name',
      '--help',
    ]) {
      expect(stdout).toContain(option);
    }
  });
});
