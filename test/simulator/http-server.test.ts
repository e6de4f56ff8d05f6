import { once } from 'node:events';
import { Agent, get } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { CURRENT_SESSION, SESSION, send, start } from './client.ts';

describe('startSimulator', () => {
  it('serves HTTPS, and receives no request of a client that does not trust the certificate', async () => {
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

  it('resets connections over HTTPS', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const simulator = await start({ tls: { key, cert } });
    simulator.injectFault({ reset: true });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const agent = new Agent({ ca: cert, servername: 'localhost' });
    get(simulator.url + SESSION, { agent }).on('error', resolve);
    expect(await promise).toMatchObject({ code: 'ECONNRESET' });
  });

  it('closes with requests in flight, and starts again on the same port', async () => {
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

  it('closes connections without a request', async () => {
    const simulator = await start();
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await expect.poll(() => simulator.connections).toEqual({ accepted: 1, open: 1 });
    await simulator.close();
    await closed;
    expect(simulator.connections).toEqual({ accepted: 1, open: 0 });
  });

  it.each([
    ['with', undefined, 'timeout=0'],
    ['without', false, undefined],
  ] as const)(
    'closes idle connections %s a Keep-Alive header',
    async (_, keepAliveHint, keepAlive) => {
      const simulator = await start({
        keepAliveMs: 50,
        ...(keepAliveHint === false && { keepAliveHint }),
      });
      const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
      socket.write(`GET ${SESSION} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      const received = (await text(socket)).toLowerCase();
      expect(received).toContain('\r\nconnection: keep-alive\r\n');
      expect(/\r\nkeep-alive: (.*)\r\n/.exec(received)?.[1]).toBe(keepAlive);
    },
  );

  it('closes idle connections when told to, and none with a request in flight', async () => {
    const simulator = await start();
    const port = Number(new URL(simulator.url).port);
    const [idle, busy] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    const request = `GET ${SESSION} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
    idle.write(request);
    await once(idle, 'data');
    simulator.injectFault({ hang: true });
    busy.write(request);
    await expect.poll(() => simulator.callCount()).toBe(2);
    simulator.closeIdleConnections();
    await once(idle, 'end');
    expect(simulator.calls[1]).toMatchObject({ state: 'open' });
    idle.destroy();
    busy.destroy();
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

  it('rejects where the port is in use', async () => {
    const { url } = await start();
    await expect(startSimulator({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('returns a session of its own to each of a thousand tokens at once', async () => {
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
