import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startSubgraph, startVCenter, token } from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const response = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('responds with 503 to what exceeds the requests in flight, and serves probes', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 2 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const inFlight = ['{ currentSession { user } }', '{ currentSession { loginTime } }'].map((one) =>
    subgraph.query(one, token('demo')),
  );
  await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });

  const { status, headers, body } = await subgraph.query(query, token('demo'));
  expect([status, headers.get('retry-after'), headers.get('cache-control')]).toEqual([
    503,
    '1',
    'no-store',
  ]);
  expect(body).toEqual({
    errors: [
      {
        message: '2 requests are in flight, which is the most.',
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ],
  });
  for (const path of ['/health/live', '/health/ready', '/metrics'])
    expect((await fetch(subgraph.url + path)).status).toBe(200);
  barrier.cancel();
  await Promise.all(inFlight);
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);
});

test('a request of which only a part has arrived takes no room from others', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 1 } },
  );
  const socket = await open(subgraph.url);
  socket.write(post.slice(0, -1));
  await fetch(`${subgraph.url}/health/live`);
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);
});

test('serves 100 requests that are pipelined, then 503, and closes the connection', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 60_000 });
  const before = process.memoryUsage().rss;
  const socket = await open(subgraph.url);
  const received = text(socket);
  socket.write(post.repeat(20_000));
  await vi.waitUntil(() => barrier.arrived > 0, { timeout: 10_000 });
  await fetch(`${subgraph.url}/health/live`);
  barrier.cancel();

  const statuses = (await received).match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
  expect(statuses.filter((status) => status === '200')).toHaveLength(100);
  expect(statuses.slice(100)).toEqual(['503']);
  expect(vcenter.calls.length).toBeLessThanOrEqual(100);
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});

test('disconnects a client that does not read its response', async () => {
  const vcenter = await startVCenter({ sessions: 3000 });
  const server = nextServer();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { writeTimeoutMs: 300 } },
  );
  const all = 'key userName fullName loginTime lastActiveTime locale ipAddress userAgent';
  const socket = await open(subgraph.url);
  socket.pause();
  const body = JSON.stringify({ query: `{ vcenter(id: "default") { sessions { ${all} } } }` });
  socket.write(postOf(body).repeat(10));
  await vi.waitUntil(() => vcenter.calls.some(({ state }) => state === 'completed'), {
    timeout: 10_000,
  });
  await vi.waitUntil(async () => (await connectionsOf(await server)) === 0, { timeout: 10_000 });
});

test('leaves a connection open that waits longer for a vCenter than a client may take to read', async () => {
  const vcenter = await startVCenter();
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { writeTimeoutMs: 100 } },
  );
  const inFlight = subgraph.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  await setTimeout(400);
  barrier.cancel();
  expect((await inFlight).body).toEqual(response);
});

test('keeps idle connections longer than the pools of Go and hyper, which is 90 s', async () => {
  const server = nextServer();
  await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  expect((await server).keepAliveTimeout).toBeGreaterThan(90_000);
});

const post = postOf(JSON.stringify({ query }));

function postOf(body: string): string {
  const lines = [
    'POST /graphql HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    'vmware-api-session-id: demo',
    `content-length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** The server of the next subgraph that is started. */
async function nextServer(): Promise<Server> {
  const { promise, resolve } = Promise.withResolvers<Server>();
  const onStart = (message: unknown) =>
    resolve((message as { fastify: FastifyInstance }).fastify.server);
  channel('fastify.initialization').subscribe(onStart);
  onTestFinished(() => void channel('fastify.initialization').unsubscribe(onStart));
  return promise;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
