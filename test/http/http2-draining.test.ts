import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectHttp2, get } from '../support/http2-client.ts';
import {
  encodeHeaders,
  endHeaders,
  endStream,
  openRawHttp2,
  type RawHttp2,
  requestHeaders,
} from '../support/raw-http2.ts';
import {
  callsTo,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const success = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('while it drains it serves requests, then completes those in flight and closes the connection', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  const inFlight = client.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const goaway = once(client.session, 'goaway');
  const closed = subgraph.close(1000);
  expect((await get(client, '/health/ready')).status).toBe(503);
  const other = client.query('{ currentSession { loginTime } }', token('demo'));
  await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
  expect(((await goaway) as [number])[0]).toBe(constants.NGHTTP2_NO_ERROR);
  barrier.cancel();
  const { headers, body } = await inFlight;
  expect(body).toEqual(success);
  expect(headers['connection']).toBeUndefined();
  expect((await other).status).toBe(200);
  await closed;
  expect(client.session.destroyed).toBe(true);
  expect(vcenter.calls.map(({ state }) => state)).toEqual(['completed', 'completed']);
});

test('serves a request that was on the way when it announced the end of the connection', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  client.request(1, JSON.stringify({ query }), token('demo'));
  expect(await client.next('data', 1)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  const closed = subgraph.close();
  expect(await client.next('goaway')).toMatchObject({ payload: '7fffffff00000000' });
  const ping = await client.next('ping');
  client.request(3, JSON.stringify({ query }), token('demo'));
  expect(await client.next('data', 3)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  client.acknowledgePing(ping);
  expect(await client.next('goaway')).toMatchObject({ payload: '0000000300000000' });
  await closed;
  expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vapi getSession']);
});

test('refuses a request of which only a part has arrived, so that its client may send it again', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { goawayTimeoutMs: 100 } },
  );
  const client = connectHttp2(subgraph.url);
  const stream = client.open(token('demo'));
  stream.write('{');
  await get(client, '/health/live');
  const failed = once(stream, 'error');
  await subgraph.close();
  await failed;
  expect(stream.rstCode).toBe(constants.NGHTTP2_REFUSED_STREAM);
  expect(callsTo(vcenter)).toEqual([]);
});

test('completes a request whose rest arrives after the end of its connection was announced', async () => {
  const vcenter = await startVCenter();
  // So long that a test which waits for it does not pass.
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url, VCENTER_TIMEOUT_MS: '60000' },
    { bounds: { goawayTimeoutMs: 60_000 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 60_000 });
  const idle = await openIdle(subgraph.url);
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  client.request(1, JSON.stringify({ query }), token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const body = JSON.stringify({ query: '{ __typename }' });
  client.send('headers', endHeaders, 3, encodeHeaders(requestHeaders));
  client.send('data', 0, 3, Buffer.from(body.slice(0, 5)));
  await fetch(`${subgraph.url}/health/live`);
  const closed = subgraph.close();
  client.acknowledgePing(await client.next('ping'));
  await client.next('goaway');
  expect(await client.next('goaway')).toMatchObject({ payload: '0000000300000000' });
  client.send('data', endStream, 3, Buffer.from(body.slice(5)));
  expect(await client.next('data', 3)).toMatchObject({
    payload: '{"data":{"__typename":"Query"}}\n',
  });
  // Connections of HTTP/1.1 are closed once no further request of HTTP/2 will arrive.
  await once(idle, 'close');
  barrier.cancel();
  expect(await client.next('data', 1)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  await closed;
});

test('completes a request that takes longer than a client has to acknowledge the end of its connection', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { goawayTimeoutMs: 100 } },
  );
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const idle = await openIdle(subgraph.url);
  const inFlight = connectHttp2(subgraph.url).query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const closed = subgraph.close();
  await once(idle, 'close');
  barrier.cancel();
  expect((await inFlight).body).toEqual(success);
  await closed;
});

test('announces the end of a connection only to a client that has acknowledged its SETTINGS', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { goawayTimeoutMs: 100 } },
  );
  const client = await openRawHttp2(subgraph.url);
  await client.next('settings');
  await subgraph.close();
  expect(await client.next('goaway')).toMatchObject({ payload: '0000000000000000' });
});

/** Closes a subgraph whose client has not acknowledged its SETTINGS, and waits until it listens no more. */
async function closeUnacknowledged() {
  // So long that a test which waits for it does not pass.
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1', VCENTER_TIMEOUT_MS: '60000' },
    { bounds: { goawayTimeoutMs: 60_000 } },
  );
  const unused = await openSocket(subgraph.url);
  const client = await openRawHttp2(subgraph.url);
  await client.next('settings');
  const closed = subgraph.close();
  // Those that have sent nothing are closed first.
  await once(unused, 'close');
  return { client, closed };
}

test('announces the end of a connection once its client acknowledges its SETTINGS', async () => {
  const { client, closed } = await closeUnacknowledged();
  client.acknowledgeSettings();
  expect(await client.next('goaway')).toMatchObject({ payload: '7fffffff00000000' });
  client.acknowledgePing(await client.next('ping'));
  await closed;
});

test('announces the end of a connection once, though the process drains after that', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { keepAliveTimeoutMs: 50, requestTimeoutMs: 100, goawayTimeoutMs: 100 } },
  );
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  const first = await client.next('goaway');
  await subgraph.close();
  const goaways = [first.payload, ...(await goawaysUntilClosed(client))];
  expect(new Set(goaways)).toEqual(new Set(['0000000000000000']));
});

test('ends the connection of a request that is in flight when its time is over', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url, VCENTER_TIMEOUT_MS: '1' });
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  // The window for its response is 0.
  client.send('settings', 0, 0, Buffer.from('000400000000', 'hex'));
  client.request(1, JSON.stringify({ query: '{ __typename }' }));
  await client.next('headers', 1);
  const closed = subgraph.close();
  client.acknowledgePing(await client.next('ping'));
  for (const payload of ['7fffffff00000000', '0000000100000000', '0000000100000000'])
    expect(await client.next('goaway')).toMatchObject({ payload });
  await closed;
});

test('announces no end of a connection that its client has ended with a request in flight', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const idle = await openIdle(subgraph.url);
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  client.request(1, JSON.stringify({ query }), token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  client.send('goaway', 0, 0, Buffer.alloc(8));
  const first = await client.next('goaway');
  const closed = subgraph.close();
  await once(idle, 'close');
  barrier.cancel();
  expect(await client.next('data', 1)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  await closed;
  const goaways = [first.payload, ...(await goawaysUntilClosed(client))];
  expect(new Set(goaways)).toEqual(new Set(['0000000100000000']));
});

test('does not wait for a client that disconnects, and leaves no timer behind', async () => {
  const countTimers = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = countTimers();
  for (let i = 0; i < 5; i++) {
    const { client, closed } = await closeUnacknowledged();
    client.end();
    await closed;
  }

  await vi.waitUntil(() => countTimers() < before + 3, { timeout: 10_000 });
});

test('does not wait for a client that does not acknowledge the end of its connection', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1', VCENTER_TIMEOUT_MS: '60000' },
    { bounds: { goawayTimeoutMs: 100 } },
  );
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  await client.next('settings');
  await subgraph.close();
});

/** Closes the client's part of a connection, and reads the GOAWAY that is left. */
async function goawaysUntilClosed(client: RawHttp2): Promise<string[]> {
  client.end();
  await client.closed;
  const payloads: string[] = [];
  for (;;) {
    const next = await client.next('goaway').catch(() => undefined);
    if (next === undefined) return payloads;
    payloads.push(next.payload);
  }
}

async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

/** Opens a connection of HTTP/1.1 that had a request. */
async function openIdle(url: string): Promise<Socket> {
  const socket = await openSocket(url);
  socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(socket, 'data');
  return socket;
}
