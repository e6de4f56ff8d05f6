/** What the process keeps of connections that have closed. */
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { queryObjects } from 'node:v8';
import { expect, test, vi } from 'vitest';
import { connectHttp2, get } from '../support/http2-client.ts';
import { startSubgraph } from '../support/subgraph.ts';

/** Sends the start of a connection, and reads what the server sends. */
async function openAndClose(url: string, sent: string, received: RegExp): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(sent);
  let read = '';
  socket.on('data', (chunk: Buffer) => {
    read += chunk.toString('latin1');
  });
  await vi.waitUntil(() => received.test(read), { timeout: 10_000, interval: 1 });
  socket.destroy();
  await once(socket, 'close');
}

test.each<[what: string, use: (url: string) => Promise<void>]>([
  ['sent nothing', (url) => openAndClose(url, '', /^$/)],
  ['sent too little to tell its protocol', (url) => openAndClose(url, 'P', /^$/)],
  [
    'had a request of HTTP/1.1',
    (url) => openAndClose(url, 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n', /"live"/),
  ],
  [
    'had a request of HTTP/2',
    async (url) => {
      const client = connectHttp2(url);
      expect((await get(client, '/health/live')).status).toBe(200);
      client.session.destroy();
      await once(client.session, 'close');
    },
  ],
])('keeps no socket of a client that %s', async (_what, use) => {
  const { url } = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  await use(url);
  const countSockets = () => queryObjects(Socket, { format: 'count' });
  const before = countSockets();
  for (let i = 0; i < 20; i++) await use(url);
  await vi.waitUntil(() => countSockets() < before + 10, { timeout: 10_000, interval: 500 });
});
