/** What the process keeps of connections that have closed, and of requests that are complete. */
import { once } from 'node:events';
import { ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { queryObjects } from 'node:v8';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectHttp2, get } from '../support/http2-client.ts';
import { startSubgraph } from '../support/subgraph.ts';

/** Opens a connection, and sends and reads what it starts with. */
async function open(url: string, sent: string, received: RegExp): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(sent);
  let read = '';
  socket.on('data', (chunk: Buffer) => {
    read += chunk.toString('latin1');
  });
  await vi.waitUntil(() => received.test(read), { timeout: 10_000, interval: 1 });
  return socket;
}

async function openAndClose(...args: Parameters<typeof open>): Promise<void> {
  const socket = await open(...args);
  socket.destroy();
  await once(socket, 'close');
}

const request = ['GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n', /"live"/] as const;

/** The number of objects of a class that are in use. */
const countOf = (kind: new (...args: never[]) => object) => queryObjects(kind, { format: 'count' });

test.each<[what: string, use: (url: string) => Promise<void>]>([
  ['sent nothing', (url) => openAndClose(url, '', /^$/)],
  ['sent too little to tell its protocol', (url) => openAndClose(url, 'P', /^$/)],
  ['had a request of HTTP/1.1', (url) => openAndClose(url, ...request)],
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
  const before = countOf(Socket);
  for (let i = 0; i < 20; i++) await use(url);
  await vi.waitUntil(() => countOf(Socket) < before + 10, { timeout: 10_000, interval: 500 });
});

test('keeps no response on connections that are idle', async () => {
  const { url } = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  const openIdle = async () => {
    const socket = await open(url, ...request);
    onTestFinished(() => void socket.destroy());
  };
  await openIdle();
  const before = countOf(ServerResponse);
  for (let i = 0; i < 20; i++) await openIdle();
  await vi.waitUntil(() => countOf(ServerResponse) < before + 10, {
    timeout: 10_000,
    interval: 500,
  });
});
