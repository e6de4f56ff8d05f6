import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startQuery } from '../support/leaving-client.ts';
import { connectionsOf, nextServer } from '../support/server.ts';
import {
  callsTo,
  post,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

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

test('an incomplete request does not count as one in flight', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 1 } },
  );
  const socket = await open(subgraph.url);
  socket.write(request.slice(0, -1));
  await fetch(`${subgraph.url}/health/live`);
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);
});

test('a request whose client has disconnected does not count as one in flight', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 1 } },
  );
  vcenter.injectFault({ hang: true, times: 1 });
  const client = startQuery(subgraph.url, query, token('demo'));
  await vi.waitUntil(() => vcenter.calls.length === 1, { timeout: 10_000 });
  client.leave();
  await vi.waitUntil(() => vcenter.calls[0]?.state === 'aborted', { timeout: 10_000 });
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);
});

test('executes no more requests of one connection at once than may be pipelined', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxPipelined: 3 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const socket = await open(subgraph.url);
  const received = text(socket);
  const requests = Array.from({ length: 10 }, (_, index) =>
    postOf(JSON.stringify({ query }), `token-${index}`),
  );
  socket.write(requests.join('') + lastRequest);
  await vi.waitUntil(() => barrier.arrived === 3, { timeout: 10_000 });
  await fetch(`${subgraph.url}/health/live`);
  expect(barrier.arrived).toBe(3);
  barrier.cancel();
  expect(statusesOf(await received)).toEqual(Array(11).fill('200'));
  expect(vcenter.calls).toHaveLength(10);
});

test('stops reading a connection while maxPipelined requests of it are in flight', async () => {
  const vcenter = await startVCenter();
  const server = nextServer();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxPipelined: 3 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const connection = once(await server, 'connection') as Promise<[Socket]>;
  const socket = await open(subgraph.url);
  const [received] = await connection;
  // More than what the operating system buffers for a connection.
  socket.write(request.repeat(100_000));
  await vi.waitUntil(() => vcenter.calls.length === 1, { timeout: 10_000 });
  let read: number;
  do {
    read = received.bytesRead;
    for (let i = 0; i < 5; i++) await fetch(`${subgraph.url}/health/live`);
  } while (received.bytesRead > read);
  expect(read).toBeLessThan(1_000_000);
  barrier.cancel();
  await vi.waitUntil(() => received.bytesRead > 2 * read, { timeout: 10_000 });
});

test('serves 20,000 requests that are pipelined in little memory', async () => {
  const subgraph = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  const before = process.memoryUsage().rss;
  const socket = await open(subgraph.url);
  const received = text(socket);
  socket.write(postOf('{"query":"{ __typename }"}').repeat(20_000) + lastRequest);
  const statuses = statusesOf(await received);
  expect(statuses).toHaveLength(20_001);
  expect(new Set(statuses)).toEqual(new Set(['200']));
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
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

test('responds with 503 while the responses that clients have not read take too much memory', async () => {
  const vcenter = await startVCenter({ sessions: 3000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnreadBytes: 16_000_000 } },
  );
  const sockets = await Promise.all(Array.from({ length: 4 }, () => open(subgraph.url)));
  for (const socket of sockets) {
    socket.pause();
    socket.write(postOf(JSON.stringify({ query: largeQuery })));
  }

  const refused = await vi.waitUntil(
    async () => {
      const one = await subgraph.query(largeQuery, token('demo'));
      return one.status === 503 ? one : undefined;
    },
    { timeout: 10_000 },
  );
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body).toEqual({
    errors: [
      {
        message: 'At most 16000000 bytes of responses may wait until their clients read them.',
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ],
  });
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);
  for (const socket of sockets) socket.destroy();
  await vi.waitUntil(async () => (await subgraph.query(largeQuery, token('demo'))).status === 200, {
    timeout: 10_000,
  });
});

test('counts no response of up to 64 KiB as one that is not read', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { maxUnreadBytes: 0 } },
  );
  const { status, text } = await subgraph.query(queryOfResponse(64 * 1024));
  expect([status, text.length]).toEqual([200, 64 * 1024]);
  expect((await subgraph.query(queryOfResponse(64 * 1024 + 1))).status).toBe(503);
});

test('sends a response of exactly maxUnreadBytes, and keeps no timer once it is read', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { maxUnreadBytes: 70_000 } },
  );
  const statusOf = async (bytes: number) => (await subgraph.query(queryOfResponse(bytes))).status;
  expect([await statusOf(70_000), await statusOf(70_001)]).toEqual([200, 503]);
  const countTimers = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = countTimers();
  for (let i = 0; i < 10; i++) expect(await statusOf(70_000)).toBe(200);
  expect(countTimers()).toBeLessThan(before + 5);
});

test('disconnects a client that takes too long to read its response, and drops its next ones', async () => {
  const vcenter = await startVCenter({ sessions: 3000 });
  const server = nextServer();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { readTimeoutMs: 100, minReadBytesPerMs: 1_000_000, maxPipelined: 1 } },
  );
  const socket = await open(subgraph.url);
  socket.pause();
  socket.write(postOf(JSON.stringify({ query: largeQuery })) + request.repeat(20));
  await vi.waitUntil(() => vcenter.calls.some(({ state }) => state === 'completed'), {
    timeout: 10_000,
  });
  await vi.waitUntil(async () => (await connectionsOf(await server)) === 0, { timeout: 10_000 });
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);
  expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 sessionList']);
});

test('sends the rest of a response to a client that has ended its part of the connection', async () => {
  const { vcenter, subgraph } = await startWithSimulator({ sessions: 3000 });
  const socket = await open(subgraph.url, { allowHalfOpen: true });
  socket.write(postOf(JSON.stringify({ query: largeQuery })));
  await once(socket, 'readable');
  socket.end();
  await fetch(`${subgraph.url}/health/live`);
  const [, body = ''] = (await text(socket)).split('\r\n\r\n');
  expect(Object(JSON.parse(body)).data.vcenter.sessions).toHaveLength(3001);
  expect(callsTo(vcenter)).toEqual(['vim25 sessionList']);
});

test('gives a client longer to read a longer response', async () => {
  const vcenter = await startVCenter({ sessions: 3000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { readTimeoutMs: 0, minReadBytesPerMs: 1 } },
  );
  const socket = await open(subgraph.url);
  socket.pause();
  socket.write(postOf(JSON.stringify({ query: largeQuery })) + lastRequest);
  await vi.waitUntil(() => vcenter.calls.some(({ state }) => state === 'completed'), {
    timeout: 10_000,
  });
  await setTimeout(100);
  expect(statusesOf(await text(socket))).toEqual(['200', '200']);
});

test('responds with 503 while the bodies of requests in flight take too much memory', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequestBytes: 300_000 } },
  );
  const body = JSON.stringify({ query }).padEnd(200_000);
  const incomplete = await open(subgraph.url);
  incomplete.write(postOf(body).slice(0, -1));

  const refused = await vi.waitUntil(
    async () => {
      const one = await post(`${subgraph.url}/graphql`, body, token('demo'));
      return one.status === 503 ? one : undefined;
    },
    { timeout: 10_000 },
  );
  expect([refused.headers.get('retry-after'), refused.headers.get('cache-control')]).toEqual([
    '1',
    'no-store',
  ]);
  expect(refused.body).toEqual({
    errors: [
      {
        message: expect.stringMatching(
          /^The bodies of all requests in flight may have at most 300000 bytes together, received 3\d{5}\.$/,
        ),
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ],
  });
  // The bound is on what is decompressed.
  const compressed = new Uint8Array(gzipSync(body));
  const headers = { ...token('demo'), 'content-encoding': 'gzip' };
  expect((await post(`${subgraph.url}/graphql`, compressed, headers)).status).toBe(503);
  expect((await subgraph.query(query, token('demo'))).body).toEqual(response);

  incomplete.destroy();
  await vi.waitUntil(
    async () => (await post(`${subgraph.url}/graphql`, body, token('demo'))).status === 200,
    { timeout: 10_000 },
  );
  expect((await post(`${subgraph.url}/graphql`, compressed, headers)).body).toEqual(response);
});

test('counts no body of up to 16 KiB, and reads bodies of exactly maxRequestBytes together', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { maxRequestBytes: 20_000 } },
  );
  const blocking = await open(subgraph.url);
  const body = '{"query":"{ __typename }"}';
  const statusOf = async (bytes: number) =>
    (await post(`${subgraph.url}/graphql`, body.padEnd(bytes))).status;
  expect([await statusOf(20_000), await statusOf(20_001)]).toEqual([200, 503]);
  blocking.write(postOf(body.padEnd(20_000)).slice(0, -1));
  await vi.waitUntil(async () => (await statusOf(16 * 1024 + 1)) === 503, { timeout: 10_000 });
  expect(await statusOf(16 * 1024)).toBe(200);
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

test('responds with 408 to a request that is not whole in time, without waiting much longer', async () => {
  // An idle connection is closed a second after keepAliveTimeoutMs.
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { requestTimeoutMs: 500, keepAliveTimeoutMs: 500 } },
  );
  const [late, idle] = [await open(subgraph.url), await open(subgraph.url)];
  idle.resume();
  late.write(request.slice(0, -1));
  idle.write(lastRequest.replace('connection: close\r\n', ''));
  const first = await Promise.race([
    once(late, 'data').then(([received]) => String(received)),
    once(idle, 'close'),
  ]);
  expect(first).toMatch(/^HTTP\/1\.1 408 /);
});

test('closes a connection that is idle for longer than keepAliveTimeoutMs', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { keepAliveTimeoutMs: 50 } },
  );
  const socket = await open(subgraph.url);
  socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  expect(statusesOf(await text(socket))).toEqual(['200']);
});

test('keeps idle connections longer than the pools of Go and hyper, which is 90 s', async () => {
  const server = nextServer();
  await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  expect((await server).keepAliveTimeout).toBeGreaterThan(90_000);
});

const request = postOf(JSON.stringify({ query }));

/** Its response of 3,000 sessions is more than what the operating system buffers for a connection. */
const largeQuery = `{ vcenter(id: "default") { sessions { ${[
  'key',
  'userName',
  'fullName',
  'locale',
  'ipAddress',
  'userAgent',
  'loginTime',
]
  .map((field) => `${field.padEnd(250, '_')}: ${field}`)
  .join(' ')} } } }`;

/** A query whose response has so many bytes. */
function queryOfResponse(bytes: number): string {
  const perField = '"":"Query",'.length;
  const inFields = bytes + 1 - '{"data":{}}\n'.length;
  const count = Math.ceil(inFields / 250);
  const names = inFields - count * perField;
  const fields = Array.from({ length: count }, (_, i) => {
    const length = Math.floor(names / count) + (i < names % count ? 1 : 0);
    return `${`a${i}`.padEnd(length, '_')}: __typename`;
  });
  return `{ ${fields.join(' ')} }`;
}

const lastRequest = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

function statusesOf(responses: string): string[] {
  return responses.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
}

function postOf(body: string, token = 'demo'): string {
  const lines = [
    'POST /graphql HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `vmware-api-session-id: ${token}`,
    `content-length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

async function open(url: string, options: { allowHalfOpen?: boolean } = {}): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ ...options, host: hostname, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
