/** The bounds on clients and their requests, over HTTP/2. */
import { once } from 'node:events';
import { constants, type IncomingHttpHeaders } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { requestError } from '../support/errors.ts';
import {
  expensive,
  many,
  manyFields,
  refusal,
  startWithTurnTaken,
} from '../support/expensive-operations.ts';
import { connectHttp2, get, responseOf } from '../support/http2-client.ts';
import { encodeHeaders, endHeaders, openRawHttp2, requestHeaders } from '../support/raw-http2.ts';
import { connectionsOf, nextServer } from '../support/server.ts';
import { startSubgraph, startVCenter, startWithSimulator, token } from '../support/subgraph.ts';
import { collectUncaught } from '../support/uncaught.ts';

const query = '{ currentSession { user } }';
const success = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

const fields = ['key', 'userName', 'fullName', 'locale', 'ipAddress', 'userAgent', 'loginTime'];
const sessionList = `{ vcenter(id: "default") { sessions { ${fields.join(' ')} } } }`;

test('executes at most maxPipelined requests of one connection at once', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxPipelined: 3 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  const [settings] = await once(client.session, 'remoteSettings');
  expect(settings).toMatchObject({ maxConcurrentStreams: 3 });
  const responses = Array.from({ length: 10 }, (_, index) =>
    client.query(query, token(`token-${index}`)),
  );
  await vi.waitUntil(() => barrier.arrived === 3, { timeout: 10_000 });
  await fetch(`${subgraph.url}/health/live`);
  expect(barrier.arrived).toBe(3);
  barrier.cancel();
  expect((await Promise.all(responses)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(vcenter.calls).toHaveLength(10);
});

test('responds with 503 to what exceeds the requests in flight in the process', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 2 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  const inFlight = [client.query(query, token('demo')), subgraph.query(query, token('other'))];
  await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
  const { status, headers, body } = await client.query(query, token('demo'));
  expect([status, headers['retry-after'], body]).toEqual([
    503,
    '1',
    requestError('SERVICE_UNAVAILABLE', '2 requests are in flight, which is the most.'),
  ]);
  expect((await get(client, '/health/ready')).status).toBe(200);
  barrier.cancel();
  await Promise.all(inFlight);
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('does not count a request that its client has cancelled', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 1 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  const canceled = client.open(token('demo'));
  canceled.end(JSON.stringify({ query }));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  canceled.close(constants.NGHTTP2_CANCEL);
  await vi.waitUntil(() => vcenter.calls[0]?.state === 'aborted', { timeout: 10_000 });
  barrier.cancel();
  await vi.waitFor(
    async () => expect((await client.query(query, token('demo'))).body).toEqual(success),
    { timeout: 5000 },
  );
});

test('responds with 408 to a request that is not whole in time', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { requestTimeoutMs: 300 } },
  );
  const client = connectHttp2(subgraph.url);
  const slow = client.open();
  slow.write('{');
  const { status, body } = await responseOf(slow);
  expect([status, body]).toEqual([
    408,
    requestError('BAD_REQUEST', 'The request was not whole in time.'),
  ]);
  await once(slow, 'close');
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('sends a response to a request that is not whole in time and has been responded to', async () => {
  const uncaught = collectUncaught();
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1', ROUTER_SECRET: 'of-the-router' },
    { bounds: { requestTimeoutMs: 100 } },
  );
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  // The window for responses is 0.
  client.send('settings', 0, 0, Buffer.from('000400000000', 'hex'));
  client.send('headers', endHeaders, 1, encodeHeaders(requestHeaders));
  await client.next('headers', 1);
  const late = connectHttp2(subgraph.url).open({ 'x-router-secret': 'of-the-router' });
  expect((await responseOf(late)).status).toBe(408);
  client.send('window_update', 0, 1, Buffer.of(0, 0, 255, 255));
  expect(await client.next('data', 1)).toMatchObject({
    payload: JSON.stringify(
      requestError('UNAUTHENTICATED', 'Missing or invalid x-router-secret header.'),
    ),
  });
  expect(uncaught).toEqual([]);
});

test('serves a request that is not whole when the bounds are checked', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { requestTimeoutMs: 5000, keepAliveTimeoutMs: 1 } },
  );
  const client = connectHttp2(subgraph.url);
  const stream = client.open(token('demo'));
  const body = JSON.stringify({ query });
  stream.write(body.slice(0, 5));
  // Another connection that is idle shows that the bounds were checked.
  await once(connectHttp2(subgraph.url).session, 'goaway');
  await once(connectHttp2(subgraph.url).session, 'goaway');
  stream.end(body.slice(5));
  expect((await responseOf(stream)).body).toEqual(success);
});

test('keeps an idle connection for keepAliveTimeoutMs, however long the process has run', async () => {
  const vcenter = await startVCenter();
  // It is shorter than twice the time that the process has run for.
  const bounds = { keepAliveTimeoutMs: Math.ceil(1.5 * performance.now()), requestTimeoutMs: 100 };
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url }, { bounds });
  const client = connectHttp2(subgraph.url);
  for (let i = 0; i < 10; i++) expect((await get(client, '/health/live')).status).toBe(200);
  for (let i = 0; i < 10; i++) await fetch(`${subgraph.url}/health/live`);
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('serves a request that waits for a vCenter for longer than requestTimeoutMs', async () => {
  const vcenter = await startVCenter();
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const bounds = { requestTimeoutMs: 50, writeTimeoutMs: 50, keepAliveTimeoutMs: 50 };
  const server = nextServer();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url }, { bounds });
  const client = connectHttp2(subgraph.url);
  const inFlight = client.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  // That another connection, which is idle and left open, is closed shows that the bounds have passed.
  await openRawHttp2(subgraph.url);
  const connections = async () => connectionsOf(await server);
  await vi.waitUntil(async () => (await connections()) === 2, { timeout: 10_000, interval: 1 });
  await vi.waitUntil(async () => (await connections()) === 1, { timeout: 10_000 });
  barrier.cancel();
  expect((await inFlight).body).toEqual(success);
});

test('closes the connection of a client that announces its end and leaves it open, and no other', async () => {
  const server = nextServer();
  const { subgraph } = await startWithSimulator();
  const idle = connectHttp2(subgraph.url);
  expect((await idle.query(query, token('demo'))).body).toEqual(success);
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  client.send('goaway', 0, 0, Buffer.alloc(8));
  await client.next('goaway');
  await vi.waitUntil(async () => (await connectionsOf(await server)) === 1, { timeout: 10_000 });
  expect((await idle.query(query, token('demo'))).body).toEqual(success);
});

test('serves a request with headers of 16 KiB, and responds with 431 to one with more', async () => {
  const { subgraph } = await startWithSimulator();
  const client = connectHttp2(subgraph.url);
  const least = {
    ':authority': new URL(subgraph.url).host,
    ':method': 'POST',
    ':path': '/graphql',
    ':scheme': 'http',
    'content-type': 'application/json',
    ...token('demo'),
    x: '',
  };
  const leastBytes = Object.entries(least).flat().join('').length;
  const send = (bytes: number) =>
    client.query(query, { ...least, x: 'x'.repeat(bytes - leastBytes) });
  expect((await send(16 * 1024)).body).toEqual(success);
  expect(await send(16 * 1024 + 1)).toMatchObject({
    status: 431,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    },
    body: requestError('BAD_REQUEST', 'The headers are larger than 16 KiB.'),
  });
});

test('closes an idle connection', async () => {
  const { bounds } = { bounds: { keepAliveTimeoutMs: 50, writeTimeoutMs: 50 } };
  const subgraph = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' }, { bounds });
  const client = connectHttp2(subgraph.url);
  expect((await client.query('{ __typename }')).status).toBe(200);
  const [code] = (await once(client.session, 'goaway')) as [number];
  expect(code).toBe(constants.NGHTTP2_NO_ERROR);
});

test('resets the stream of a client that does not read its response, and serves its others', async () => {
  const vcenter = await startVCenter({ sessions: 1000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { writeTimeoutMs: 200 } },
  );
  const client = connectHttp2(subgraph.url);
  const unread = client.open(token('demo'));
  unread.end(JSON.stringify({ query: sessionList }));
  unread.on('error', () => undefined);
  await once(unread, 'response');
  unread.pause();
  while (!unread.closed) expect((await client.query(query, token('demo'))).body).toEqual(success);
  expect(unread.rstCode).toBe(constants.NGHTTP2_CANCEL);
});

test('sends a response to a client that goes on reading it for longer than writeTimeoutMs', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { writeTimeoutMs: 1000 } },
  );
  const stream = connectHttp2(subgraph.url).open();
  stream.end(JSON.stringify({ query: largeQuery }));
  let received = '';
  let isSlow = true;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (isSlow) stream.pause();
  });
  // It reads a part at a time, for three times writeTimeoutMs.
  for (let i = 0; i < 120; i++) {
    await setTimeout(25);
    stream.resume();
  }
  isSlow = false;
  await once(stream, 'end');
  expect(Object.keys(JSON.parse(received).data)).toHaveLength(150);
});

test('responds with 503 while the responses that clients have not read take too much memory', async () => {
  const { vcenter } = await startWithSimulator({ sessions: 1000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnreadBytes: 300_000 } },
  );
  const client = connectHttp2(subgraph.url);
  const unread = client.open(token('demo'));
  unread.end(JSON.stringify({ query: sessionList }));
  await once(unread, 'response');
  unread.pause();
  const { status, body } = await client.query(sessionList, token('demo'));
  expect([status, body]).toEqual([
    503,
    requestError(
      'SERVICE_UNAVAILABLE',
      'At most 300000 bytes of responses may wait until their clients read them.',
    ),
  ]);
  unread.close(constants.NGHTTP2_CANCEL);
  await vi.waitUntil(async () => (await client.query(sessionList, token('demo'))).status === 200, {
    timeout: 10_000,
  });
});

test('counts small responses that the flow control of a client holds back as unread', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnreadBytes: 100 } },
  );
  const client = connectHttp2(subgraph.url, { settings: { initialWindowSize: 0 } });
  const statuses = [];
  for (const stream of [client.open(token('demo')), client.open(token('demo'))]) {
    stream.end(JSON.stringify({ query }));
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    statuses.push(headers[':status']);
  }
  expect(statuses).toEqual([200, 503]);
  client.session.destroy();
});

test('does not count the responses to requests that were reset as unread', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnreadBytes: 500 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  for (let count = 1; count <= 10; count += 1) {
    const canceled = client.open(token(`token-${count}`));
    canceled.end(JSON.stringify({ query }));
    await vi.waitUntil(() => barrier.arrived === count, { timeout: 10_000 });
    canceled.close(constants.NGHTTP2_CANCEL);
  }
  await vi.waitUntil(() => vcenter.calls.every(({ state }) => state === 'aborted'), {
    timeout: 10_000,
  });
  barrier.cancel();
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('does not count an incomplete request as one in flight', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequests: 1 } },
  );
  const client = connectHttp2(subgraph.url);
  client.open().write('{');
  await get(client, '/health/live');
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('resets the stream of a client that takes too long to read its response, and serves its others', async () => {
  const vcenter = await startVCenter({ sessions: 1000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { readTimeoutMs: 100, minReadBytesPerMs: 1_000_000 } },
  );
  const client = connectHttp2(subgraph.url);
  const slow = client.open(token('demo'));
  slow.end(JSON.stringify({ query: sessionList }));
  slow.on('error', () => undefined);
  await once(slow, 'response');
  slow.pause();
  while (!slow.closed) expect((await get(client, '/health/live')).status).toBe(200);
  expect(slow.rstCode).toBe(constants.NGHTTP2_CANCEL);
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('resets the stream of a small response that its client does not read in time', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { readTimeoutMs: 100, minReadBytesPerMs: 1_000_000 } },
  );
  const client = connectHttp2(subgraph.url, { settings: { initialWindowSize: 0 } });
  const stream = client.open();
  stream.on('error', () => undefined);
  stream.end(JSON.stringify({ query: '{ __typename }' }));
  await once(stream, 'response');
  await once(stream, 'close');
  expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
});

test('drops a response of which the connection of its client takes no more', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { readTimeoutMs: 500, minReadBytesPerMs: 1_000_000, maxUnreadBytes: 15e6 } },
  );
  const relay = await startRelay(subgraph.url);
  const initialWindowSize = 2 ** 31 - 1;
  const client = connectHttp2(relay.url, { settings: { initialWindowSize } });
  await once(client.session, 'connect');
  client.session.setLocalWindowSize(initialWindowSize);
  const stream = client.open();
  stream.on('error', () => undefined);
  stream.end(JSON.stringify({ query: largeQuery }));
  await once(stream, 'response');
  relay.stop();
  expect((await subgraph.query(largeQuery)).status).toBe(503);
  await vi.waitUntil(async () => (await subgraph.query(largeQuery)).status === 200, {
    timeout: 10_000,
  });
});

/** Its response of 9 MB is more than what the operating system buffers for a connection. It needs no call. */
const largeQuery = `
  { ${Array.from({ length: 150 }, (_, i) => `a${i}: vcenters { ...F }`).join(' ')} }
  fragment F on VCenter {
    ${Array.from({ length: 250 }, (_, i) => `${`a${i}`.padEnd(250, '_')}: id`).join(' ')}
  }
`;

/** Starts what forwards connections to a server, until it reads no more of what the server sends. */
async function startRelay(url: string): Promise<{ readonly url: string; stop(): void }> {
  const { hostname, port } = new URL(url);
  const upstreams: Socket[] = [];
  const relay = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    upstreams.push(upstream);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
    }
  });
  onTestFinished(() => void relay.close());
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    stop: () => {
      for (const upstream of upstreams) upstream.unpipe().pause();
    },
  };
}

test('gives a client longer to read a longer response', async () => {
  const vcenter = await startVCenter({ sessions: 1000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { readTimeoutMs: 0, minReadBytesPerMs: 1 } },
  );
  const client = connectHttp2(subgraph.url);
  const slow = client.open(token('demo'));
  slow.end(JSON.stringify({ query: sessionList }));
  const response = responseOf(slow);
  await once(slow, 'response');
  slow.pause();
  for (let i = 0; i < 20; i++) await get(client, '/health/live');
  slow.resume();
  const { body } = await response;
  expect(Object(body).data.vcenter.sessions.length).toBe(1001);
});

test('responds with 503 while the bodies of requests in flight take too much memory', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxRequestBytes: 300_000 } },
  );
  const client = connectHttp2(subgraph.url);
  const body = JSON.stringify({ query }).padEnd(200_000);
  const send = () => {
    const stream = client.open(token('demo'));
    stream.end(body);
    return responseOf(stream);
  };
  const incomplete = client.open(token('demo'));
  await new Promise((resolve) => incomplete.write(body, resolve));
  const refused = await vi.waitUntil(
    async () => {
      const response = await send();
      return response.status === 503 ? response : undefined;
    },
    { timeout: 10_000 },
  );
  expect([refused.headers['retry-after'], refused.body]).toEqual([
    '1',
    requestError(
      'SERVICE_UNAVAILABLE',
      expect.stringMatching(
        /^The bodies of all requests in flight may have at most 300000 bytes together, received 3\d{5}\.$/,
      ),
    ),
  ]);
  expect((await client.query(query, token('demo'))).body).toEqual(success);
  incomplete.close(constants.NGHTTP2_CANCEL);
  await vi.waitUntil(async () => (await send()).status === 200, { timeout: 10_000 });
});

test.each([
  [
    { maxWaitingForTurn: 0 },
    'At most 0 expensive operations may wait to be executed, received one more.',
  ],
  [
    { maxTurnWaitMs: 50 },
    'An expensive operation may wait at most 50 ms to be executed, and this one has. Retry later, or select fewer fields.',
  ],
])('responds with 503 to expensive operations beyond %o', async (bounds, message) => {
  const { subgraph, barrier, first } = await startWithTurnTaken(bounds);
  const client = connectHttp2(subgraph.url);
  const { status, headers, body } = await client.query(expensive, token('demo'));
  expect([status, headers['retry-after'], body]).toEqual([503, '1', refusal(message)]);
  expect((await client.query('{ vcenters { id } }')).status).toBe(200);
  barrier.cancel();
  expect((await first).status).toBe(200);
  expect((await client.query(expensive, token('demo'))).status).toBe(200);
});

test('responds with 503 where the lists that wait to be parsed exceed their bound', async () => {
  const vcenter = await startVCenter(many);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnparsedBytes: 100_000 } },
  );
  const client = connectHttp2(subgraph.url);
  const { status, headers, body } = await client.query(expensive, token('demo'));
  expect([status, headers['retry-after'], body]).toEqual([
    503,
    '1',
    refusal(expect.stringMatching(/at most 100000 bytes together, received \d{7}\.$/)),
  ]);
  expect((await client.query(query, token('demo'))).body).toEqual(success);
});

test('removes an expensive operation from the queue when its stream is reset', async () => {
  const { subgraph, barrier, first } = await startWithTurnTaken({ maxWaitingForTurn: 1 });
  const client = connectHttp2(subgraph.url);
  const expensiveFields = `{ vcenters { ${manyFields} } }`;
  const waiting = client.open(token('demo'));
  waiting.end(JSON.stringify({ query: expensiveFields }));
  expect((await client.query(expensiveFields, token('demo'))).status).toBe(503);
  waiting.close(constants.NGHTTP2_CANCEL);
  await once(waiting, 'close');
  await get(client, '/health/live');
  const next = client.query(expensiveFields, token('demo'));
  for (let i = 0; i < 10; i++) await get(client, '/health/live');
  barrier.cancel();
  expect([(await first).status, (await next).status]).toEqual([200, 200]);
});

test.each([
  ['of more than 48 KiB', { 'x-large': 'a'.repeat(48 * 1024) }],
  [
    'with more than 1,000 fields',
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, ''])),
  ],
])('resets the stream of headers %s, and serves the next request', async (_what, headers) => {
  const { vcenter, subgraph } = await startWithSimulator();
  const client = connectHttp2(subgraph.url);
  // The client acknowledges the settings of the server.
  await get(client, '/health/live');
  await expect(client.query(query, { ...headers, ...token('demo') })).rejects.toThrow(
    'NGHTTP2_ENHANCE_YOUR_CALM',
  );
  expect((await client.query(query, token('demo'))).body).toEqual(success);
  expect(vcenter.calls.length).toBe(1);
});
