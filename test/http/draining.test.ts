import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectHttp2 } from '../support/http2-client.ts';
import { startQuery } from '../support/leaving-client.ts';
import {
  callsTo,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  startWithSimulators,
  token,
} from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const response = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('while it drains it is not ready, and serves requests with Connection: close', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const inFlight = subgraph.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const closed = subgraph.close(1500);

  const ready = await fetch(`${subgraph.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
  expect((await fetch(`${subgraph.url}/health/live`)).status).toBe(200);
  const other = subgraph.query(query, token('demo'));
  barrier.cancel();
  for (const { status, body, headers } of [await inFlight, await other]) {
    expect([status, body]).toEqual([200, response]);
    expect(headers.get('connection')).toBe('close');
  }
  await closed;
  await expect(fetch(`${subgraph.url}/health/live`)).rejects.toThrow('fetch failed');
  await expect.poll(() => vcenter.connections.open).toBe(0);
});

test('completes a request in flight though others ended before and since draining began', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  await fetch(`${subgraph.url}/health/live`);
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const slow = subgraph.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  // It is not whole, so that draining ends it.
  const socket = await open(subgraph.url);
  socket.write(head(100));
  await fetch(`${subgraph.url}/health/live`);
  const closed = subgraph.close();
  await once(socket, 'close');
  expect(vcenter.calls.filter(({ state }) => state === 'aborted')).toEqual([]);
  barrier.cancel();
  expect((await slow).body).toEqual(response);
  await closed;
  expect(callsTo(vcenter)).toEqual(['vapi getSession']);
});

test('waits for a query with several calls in a row, longer than the timeout of one', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    { sessions: 1 },
    { VCENTER_TIMEOUT_MS: '2500', VCENTER_RELEASE: 'auto' },
  );
  vcenter.injectFault({ api: 'vim25', latencyMs: 2000 });
  const inFlight = subgraph.query(
    '{ session(id: "default:52a5f3b1-5c1c-0a3e-8f0e-6f3f0f1c2d3e") { id } }',
    token('demo'),
  );
  await vi.waitUntil(() => vcenter.calls.length > 0, { timeout: 10_000 });
  const closed = subgraph.close();
  expect((await inFlight).body).toEqual({ data: { session: null } });
  expect(vcenter.calls.map(({ state }) => state)).toEqual(Array(3).fill('completed'));
  await closed;
});

test('waits for DRAIN_MS, then as long as three calls of the vCenter with the longest timeout may take', async () => {
  const { url } = await startVCenter();
  const subgraph = await startWithSimulators(
    { quick: { url }, slow: { url } },
    (id) => ({ timeoutMs: id === 'slow' ? 60_000 : 1000 }),
    { DRAIN_MS: '1234' },
  );
  expect([subgraph.drainMs, subgraph.completeMs]).toEqual([1234, 3 * 60_000 + 1000]);
});

test('does not wait for a client that has disconnected', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ hang: true });
  const client = startQuery(subgraph.url, query, token('demo'));
  await vi.waitUntil(() => vcenter.calls.length === 1, { timeout: 10_000 });
  client.leave();
  expect(await client.response).toBe('left');
  await subgraph.close();
  await vi.waitUntil(() => vcenter.calls[0]?.state === 'aborted', { timeout: 10_000 });
});

test('completes the request before one on its connection that is not whole', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const socket = await open(subgraph.url);
  const received = text(socket);
  const body = JSON.stringify({ query });
  const auth = 'POST /graphql HTTP/1.1\r\nvmware-api-session-id: demo';
  socket.write(`${head(body.length).replace('POST /graphql HTTP/1.1', auth)}${body}${head(100)}`);
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const idle = await openIdle(subgraph.url);
  const closed = subgraph.close();
  // Requests that are not whole are dropped from then on.
  await once(idle, 'close');
  barrier.cancel();
  expect(await received).toContain(JSON.stringify(response));
  await closed;
});

test.each([
  ['nothing', ''],
  ['its first byte', 'P'],
  ['a part of its headers', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'],
  ['a part of its body', `${head(100)}{"query"`],
])('drops a request of which only %s has arrived', async (_what, sent) => {
  // So long that a test which waits for it does not pass.
  const { subgraph } = await startWithSimulator({}, { VCENTER_TIMEOUT_MS: '60000' });
  const socket = await open(subgraph.url);
  socket.write(sent);
  // A response on another connection shows that what came before it has been read.
  await fetch(`${subgraph.url}/health/live`);
  const dropped = once(socket, 'close');
  await subgraph.close();
  await dropped;
});

test('stops listening and closes connections without a request before it completes those in flight', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const inFlight = subgraph.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const unused = await open(subgraph.url);
  const idle = await openIdle(subgraph.url);
  const closed = subgraph.close();
  await Promise.all([once(unused, 'close'), once(idle, 'close')]);
  await expect(fetch(`${subgraph.url}/health/live`)).rejects.toThrow('fetch failed');
  barrier.cancel();
  expect((await inFlight).body).toEqual(response);
  await closed;
});

test('sends the rest of a response that its client reads slowly', async () => {
  const { subgraph } = await startWithSimulator();
  const http1 = await open(subgraph.url);
  http1.write(head(largeBody.length) + largeBody);
  const [start] = (await once(http1, 'data')) as [Buffer];
  http1.pause();
  const stream = connectHttp2(subgraph.url).open();
  stream.end(largeBody);
  await once(stream, 'response');
  const idle = await open(subgraph.url);
  const closed = subgraph.close();
  // Nothing listens from then on.
  await once(idle, 'close');
  const received = [text(http1), text(stream)];
  const [rest = '', http2 = ''] = await Promise.all(received);
  const [, http1Body = ''] = (start.toString() + rest).split('\r\n\r\n');
  for (const body of [http1Body, http2])
    expect(Object.keys(Object(JSON.parse(body)).data)).toHaveLength(150);
  await closed;
});

test('drops a request that is not whole behind a response that was being sent', async () => {
  // So long that a test which waits for it does not pass.
  const subgraph = await startSubgraph({
    VCENTER_URL: 'http://127.0.0.1:1',
    VCENTER_TIMEOUT_MS: '60000',
  });
  const socket = await open(subgraph.url);
  socket.write(head(largeBody.length) + largeBody + head(100));
  await once(socket, 'data');
  socket.pause();
  const unused = await open(subgraph.url);
  const closed = subgraph.close();
  // Nothing listens from then on.
  await once(unused, 'close');
  socket.resume();
  await once(socket, 'close');
  await closed;
});

test('closes connections whose clients have not read their responses when its time is over', async () => {
  const subgraph = await startSubgraph({
    VCENTER_URL: 'http://127.0.0.1:1',
    VCENTER_TIMEOUT_MS: '1',
  });
  const http1 = await open(subgraph.url);
  http1.write(head(largeBody.length) + largeBody);
  const client = connectHttp2(subgraph.url);
  const stream = client.open();
  stream.on('error', () => undefined);
  stream.end(largeBody);
  await Promise.all([once(http1, 'data'), once(stream, 'response')]);
  http1.pause();
  stream.pause();
  const disconnected = Promise.all([once(http1, 'close'), once(client.session, 'close')]);
  await subgraph.close();
  http1.resume();
  stream.resume();
  await disconnected;
});

test('leaves no timer behind that would delay the exit of the process', async () => {
  const countTimers = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = countTimers();
  for (let i = 0; i < 5; i++)
    await (await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' })).close();
  expect(countTimers()).toBeLessThan(before + 3);
});

test('responds to a request that has arrived, but is not read yet, when draining ends', async () => {
  const { subgraph } = await startWithSimulator();
  const socket = await open(subgraph.url);
  const request = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n';
  socket.write(request);
  await once(socket, 'data');
  const closed = subgraph.close(50);
  await setImmediate();
  const received = text(socket);
  socket.write(request);
  // Until then this thread reads nothing.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  await closed;
  expect(await received).toMatch(/^HTTP\/1\.1 200 OK\r\n.*^connection: close\r\n/ims);
});

/** Its response of 9 MB is more than what the operating system buffers for a connection. It needs no call. */
const largeBody = JSON.stringify({
  query: `
    { ${Array.from({ length: 150 }, (_, i) => `a${i}: vcenters { ...F }`).join(' ')} }
    fragment F on VCenter {
      ${Array.from({ length: 250 }, (_, i) => `${`a${i}`.padEnd(250, '_')}: id`).join(' ')}
    }
  `,
});

async function open(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

/** Opens a connection that had a request. */
async function openIdle(url: string) {
  const socket = await open(url);
  socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

function head(length: number): string {
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
}
