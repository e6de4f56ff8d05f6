import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CURRENT_SESSION, SESSION, SESSION_LIST, send } from '../simulator/client.ts';
import { runCommand, startProcess } from '../support/process.ts';

/** Starts one on a free port. */
function start(...args: string[]) {
  return startProcess({}, ['simulate', '--port', '0', ...args]);
}

describe('simulate', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'logs its URL when it is ready, and exits with 0 on %s',
    async (signal) => {
      const { ready, stop } = await start('--sessions', '2', '--separate-sessions');
      expect(ready).toEqual({
        msg: 'ready',
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      });
      expect((await send(ready, CURRENT_SESSION, { token: 'demo' })).status).toBe(200);
      expect((await send(ready, SESSION_LIST, { token: 'demo' })).json).toHaveLength(3);
      expect(await stop(signal)).toBe(0);
    },
  );

  it.each([
    [['--port', '70000'], "'70000' is invalid. Expected a whole number from 0 to 65535."],
    [['--sessions', 'many'], "'many' is invalid. Expected a whole number from 0 to 100000."],
    [['--name', 'a.b'], "'a.b' is invalid. Expected 1 to 63 letters, digits and hyphens."],
    [['--prot', '1'], "unknown option '--prot'"],
    [['more'], 'too many arguments'],
  ])('names what is wrong with %j and exits with 2', async (args, sentence) => {
    expect(await runCommand(['simulate', ...args])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(sentence),
    });
  });

  it('names the option of an address that is in use, or of another machine, and exits with 1', async () => {
    const { port } = new URL((await start()).ready.url);
    expect(await runCommand(['simulate', '--port', port])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `--port: expected a port that is free, and that this user may listen on, received ${port} (listen EADDRINUSE: address already in use 127.0.0.1:${port})\n`,
    });
    expect(await runCommand(['simulate', '--port', '0', '--host', '192.0.2.1'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        '--host: expected a host name or an address of this machine, received "192.0.2.1" (listen EADDRNOTAVAIL: address not available 192.0.2.1)\n',
    });
  });

  it('shows its name in the domains of users', async () => {
    const { ready } = await start('--name', 'berlin');
    const { json } = await send(ready, CURRENT_SESSION, { token: 'demo' });
    expect(json).toMatchObject({ userName: 'BERLIN.LOCAL\\Administrator' });
  });

  it('has examples in its help that work', async () => {
    const { stdout } = await runCommand(['simulate', '--help']);
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
    const { exitCode, stdout } = await runCommand(['simulate', '--help']);
    expect(exitCode).toBe(0);
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
