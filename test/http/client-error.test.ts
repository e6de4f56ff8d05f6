import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import fastify from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { handleClientError } from '../../src/http/client-error.ts';
import { connectionsOf, nextServer } from '../support/server.ts';
import { startSubgraph } from '../support/subgraph.ts';

/** Starts a server that gives clients hardly any time, and looks for late ones often. */
async function startImpatient(): Promise<Server> {
  const app = fastify({
    requestTimeout: 50,
    // Where the headers have longer than the whole request, Node.js swaps the two limits.
    http: { headersTimeout: 50, connectionsCheckingInterval: 20 },
    clientErrorHandler: handleClientError,
  });
  onTestFinished(() => app.close());
  app.post('/graphql', async () => 'whole');
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app.server;
}

function connectTo(server: Server, options: { allowHalfOpen?: boolean } = {}): Socket {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ ...options, host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  return socket;
}

test.each([
  ['headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
  [
    'body',
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  ],
])(
  'responds with 408 to a client that never ends its %s, and closes the connection',
  async (_what, sent) => {
    const socket = connectTo(await startImpatient());
    await once(socket, 'connect');
    socket.write(sent);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 408 Request Timeout',
      'cache-control: no-store',
      'content-type: application/json; charset=utf-8',
      `content-length: ${body.length}`,
      'connection: close',
    ]);
    expect(JSON.parse(body)).toEqual({
      errors: [
        { message: 'The request was not whole in time.', extensions: { code: 'BAD_REQUEST' } },
      ],
    });
  },
);

test('disconnects a client that leaves its connection open after such a response', async () => {
  const server = await startImpatient();
  const socket = connectTo(server, { allowHalfOpen: true });
  socket.write('no HTTP\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  await vi.waitUntil(async () => (await connectionsOf(server)) === 0, { timeout: 10_000 });
});

test('leaves the connection open for a while to a client that goes on sending', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = await startImpatient();
  const connection = once(server, 'connection') as Promise<[Socket]>;
  const socket = connectTo(server, { allowHalfOpen: true });
  const [received] = await connection;
  const sent = 'no HTTP\r\n\r\n';
  socket.write(sent);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  socket.write(sent);
  while (received.bytesRead < 2 * sent.length) await setImmediate();
  expect(received.destroyed).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(received.destroyed).toBe(true);
});

test('a client has 30 seconds to send its whole request', async () => {
  const server = nextServer();
  await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  const { headersTimeout, requestTimeout } = await server;
  expect([headersTimeout, requestTimeout]).toEqual([30_000, 30_000]);
});
