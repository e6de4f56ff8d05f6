import { Agent, get } from 'node:https';
import { connect } from 'node:net';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { CURRENT_SESSION, SESSION, send, start } from './client.ts';

describe('startSimulator', () => {
  it('speaks HTTPS with a certificate of its own, and sees no request of a caller who does not trust it', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const simulator = await start({ tls: { key, cert } });
    expect(simulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const agent = new Agent({ ca: cert, servername: 'localhost' });
    get(
      simulator.url + SESSION,
      { agent, headers: { 'vmware-api-session-id': 'demo' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    expect(await promise).toBe(200);
    simulator.clearCalls();
    await expect(fetch(simulator.url + SESSION)).rejects.toThrow();
    expect(simulator.calls).toEqual([]);
  });

  it('resets over HTTPS too', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const simulator = await start({ tls: { key, cert } });
    simulator.injectFault({ reset: true });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const agent = new Agent({ ca: cert, servername: 'localhost' });
    get(simulator.url + SESSION, { agent }).on('error', resolve);
    expect(await promise).toMatchObject({ code: 'ECONNRESET' });
  });

  it('can be killed with requests hanging, and started again on the same port', async () => {
    const first = await start();
    first.injectFault({ hang: true });
    const hanging = expect(send(first, SESSION, { token: 'demo' })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    await expect.poll(() => first.callCount()).toBe(1);
    await Promise.all([first.close(), first.close(), hanging]);
    await expect(send(first, SESSION)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const second = await start({ port: Number(new URL(first.url).port) });
    expect(second.url).toBe(first.url);
    expect((await send(second, SESSION, { token: 'demo' })).status).toBe(200);
  });

  it('ends connections that have sent nothing', async () => {
    const simulator = await start();
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await expect.poll(() => simulator.connections).toEqual({ accepted: 1, open: 1 });
    await simulator.close();
    await closed;
    expect(simulator.connections).toEqual({ accepted: 1, open: 0 });
  });

  it('closes at the end of a scope', async () => {
    let url: string;
    {
      await using simulator = await startSimulator();
      url = simulator.url;
      expect((await send(simulator, SESSION, { token: 'demo' })).status).toBe(200);
    }
    await expect(send({ url }, SESSION)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('rejects where the port is taken', async () => {
    const { url } = await start();
    await expect(startSimulator({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('answers a thousand tokens at once, each with its own session', async () => {
    const simulator = await start();
    const tokens = Array.from({ length: 1_000 }, (_, index) => `token-${index}`);
    for (const token of tokens) simulator.addSession({ token, user: `${token}@corp.example.com` });
    const users = await Promise.all(
      tokens.map(
        async (token) =>
          (await send(simulator, CURRENT_SESSION, { token })).json as { userName: string },
      ),
    );
    expect(users.map((user) => user.userName)).toEqual(tokens.map((token) => `CORP\\${token}`));
    expect(simulator.callCount({ operation: 'currentSession' })).toBe(1_000);
  });
});
