import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { CURRENT_SESSION, SESSION, SESSION_LIST, send } from '../simulator/client.ts';

const main = fileURLToPath(new URL('../../src/cli/simulate.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

/** Starts a simulator on a free port, and waits until it is ready. */
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

describe('npm run simulator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'logs its URL once it is ready, and ends gracefully on %s',
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
    [['--port', '70000'], "--port: expected an integer from 0 to 65535, received '70000'."],
    [['--sessions', 'many'], "--sessions: expected an integer from 0 to 100000, received 'many'."],
    [['--name', 'a.b'], "--name: expected 1 to 63 letters, digits or hyphens, received 'a.b'."],
    [['--prot', '1'], "Unknown option '--prot'"],
  ])('rejects %j in one line', async (args, message) => {
    const { code, stdout, stderr } = await outcome(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('has its name in the domains of users', async () => {
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

  it('lists every option in its help', async () => {
    const { code, stdout } = await outcome('--help');
    expect(code).toBe(0);
    for (const option of [
      '--port',
      '--host',
      '--separate-sessions',
      '--sessions',
      '--name',
      '--keep-alive-ms',
      '--no-keep-alive-hint',
      '--help',
    ]) {
      expect(stdout).toContain(option);
    }
  });
});
