import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { requestError } from '../support/errors.ts';
import { connectHttp2, get, responseOf } from '../support/http2-client.ts';
import {
  encodeHeaders,
  endHeaders,
  type FrameType,
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
import { collectUncaught } from '../support/uncaught.ts';

const query = '{ currentSession { user } }';
const success = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('serves HTTP/2 and HTTP/1.1 in clear on the same port', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const client = connectHttp2(subgraph.url);
  const { status, headers, body } = await client.query(query, token('demo'));
  expect([status, body]).toEqual([200, success]);
  expect(headers['cache-control']).toBe('no-store');
  expect((await subgraph.query(query, token('demo'))).body).toEqual(success);
  expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vapi getSession']);
  for (const path of ['/health/live', '/health/ready', '/metrics'])
    expect((await get(client, path)).status).toBe(200);
});

test('tells the protocols apart however their first bytes arrive', async () => {
  const { subgraph } = await startWithSimulator();
  for (const [sent, encoding, received] of [
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'hex', settingsFrame],
    [
      'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n',
      'latin1',
      /^HTTP\/1\.1 404 /,
    ],
    ['PRIX * HTTP/1.1\r\n\r\n', 'latin1', /^HTTP\/1\.1 400 /],
  ] as const) {
    const socket = await openSocket(subgraph.url);
    socket.setNoDelay(true);
    for (const byte of sent) {
      socket.write(byte);
      await setImmediate();
    }
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString(encoding)).toMatch(received);
    socket.destroy();
  }
});

test('closes a connection that has sent too little to tell its protocol', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { requestTimeoutMs: 50 } },
  );
  const socket = await openSocket(subgraph.url);
  socket.write('P');
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 408 /);
  await once(socket, 'close');
});

test('closes a connection whose client ends or resets it before its protocol is known', async () => {
  const uncaught = collectUncaught();
  const { subgraph } = await startWithSimulator();
  const ended = await openSocket(subgraph.url);
  ended.end('P');
  ended.resume();
  await once(ended, 'end');
  const reset = await openSocket(subgraph.url);
  reset.write('P');
  await fetch(`${subgraph.url}/health/live`);
  reset.resetAndDestroy();
  await once(reset, 'close');
  await fetch(`${subgraph.url}/health/live`);
  expect(uncaught).toEqual([]);
});

test('bounds the body and the headers of a request, and serves the next one of the connection', async () => {
  const warnings = collectWarnings();
  const { vcenter, subgraph } = await startWithSimulator();
  const client = connectHttp2(subgraph.url);
  const large = client.open();
  large.end(' '.repeat(2 ** 20 + 1));
  const bodyTooLarge = await responseOf(large);
  expect([bodyTooLarge.status, bodyTooLarge.body]).toEqual([
    413,
    requestError('BAD_REQUEST', 'The body is larger than 1048576 bytes.'),
  ]);
  const headersTooLarge = await client.query(query, { 'x-large': 'a'.repeat(16 * 1024) });
  expect([headersTooLarge.status, headersTooLarge.body]).toEqual([
    431,
    requestError('BAD_REQUEST', 'The headers are larger than 16 KiB.'),
  ]);
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`vmware-api-session-id-${index}`, 'a'.repeat(36)]),
  );
  expect((await client.query(query, { ...many, ...token('demo') })).body).toEqual(success);
  // As Node.js has one where a response over HTTP/2 has a header of HTTP/1.1.
  expect(warnings).toEqual([]);
  expect(callsTo(vcenter)).toEqual(['vapi getSession']);
});

test('ends the stream of a body that it does not read to its end, without an error', async () => {
  const { subgraph } = await startWithSimulator();
  const stream = connectHttp2(subgraph.url).open();
  stream.write(' '.repeat(2 ** 20 + 1));
  expect(await responseOf(stream)).toMatchObject({
    status: 413,
    body: requestError('BAD_REQUEST', 'The body is larger than 1048576 bytes.'),
  });
  await vi.waitUntil(() => stream.closed, { timeout: 10_000 });
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
});

test('cancels only the call of a stream that is reset', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  const canceled = client.open(token('demo'));
  canceled.end(JSON.stringify({ query }));
  const other = client.query('{ currentSession { loginTime } }', token('demo'));
  await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
  canceled.close(constants.NGHTTP2_CANCEL);
  await vi.waitUntil(() => vcenter.calls.some(({ state }) => state === 'aborted'), {
    timeout: 10_000,
  });
  barrier.cancel();
  expect((await other).status).toBe(200);
  expect(vcenter.calls.map(({ api, state }) => `${api} ${state}`).sort()).toEqual([
    'vapi aborted',
    'vim25 completed',
  ]);
});

test('cancels the call of a stream that its client resets with an error', async () => {
  const uncaught = collectUncaught();
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  client.request(1, JSON.stringify({ query }), token('demo'));
  await vi.waitUntil(() => vcenter.calls.length === 1, { timeout: 10_000 });
  client.send('rst_stream', 0, 1, Buffer.of(0, 0, 0, constants.NGHTTP2_INTERNAL_ERROR));
  await vi.waitUntil(() => vcenter.calls[0]?.state === 'aborted', { timeout: 10_000 });
  expect(uncaught).toEqual([]);
});

test('a client that closes its connection cancels its calls', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = await openRawHttp2(subgraph.url);
  client.request(1, JSON.stringify({ query }), token('demo'));
  await vi.waitUntil(() => vcenter.calls.length === 1, { timeout: 10_000 });
  client.end();
  await vi.waitUntil(() => vcenter.calls[0]?.state === 'aborted', { timeout: 10_000 });
  await client.closed;
});

test('does not execute a request that is reset before it is whole', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const client = connectHttp2(subgraph.url);
  const body = JSON.stringify({ query });
  const canceled = client.open({ ...token('demo'), 'content-length': body.length });
  canceled.write(body);
  await client.query('{ __typename }');
  canceled.close(constants.NGHTTP2_CANCEL);
  await client.query('{ __typename }');
  expect(callsTo(vcenter)).toEqual([]);
});

test('rejects a request without the secret before its body, and serves the next one of the connection', async () => {
  const warnings = collectWarnings();
  const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET: 'of-the-router' });
  const client = connectHttp2(subgraph.url);
  const stream = client.open(token('demo'));
  stream.write('{');
  const { status, headers, body } = await responseOf(stream);
  expect([status, body]).toEqual([
    401,
    requestError('UNAUTHENTICATED', 'Missing or invalid x-router-secret header.'),
  ]);
  expect(headers['connection']).toBeUndefined();
  await vi.waitUntil(() => stream.closed, { timeout: 10_000 });
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
  const withSecret = { ...token('demo'), 'x-router-secret': 'of-the-router' };
  expect((await client.query(query, withSecret)).body).toEqual(success);
  expect(warnings).toEqual([]);
});

test('accepts compressed bodies', async () => {
  const { subgraph } = await startWithSimulator();
  const client = connectHttp2(subgraph.url);
  const stream = client.open({ ...token('demo'), 'content-encoding': 'gzip' });
  stream.end(gzipSync(JSON.stringify({ query })));
  expect(await responseOf(stream)).toMatchObject({ status: 200, body: success });
  const bomb = client.open({ ...token('demo'), 'content-encoding': 'gzip' });
  bomb.end(gzipSync(' '.repeat(2 ** 20 + 1)));
  expect(await responseOf(bomb)).toMatchObject({
    status: 413,
    body: requestError('BAD_REQUEST', 'The body is larger than 1048576 bytes.'),
  });
});

test('responds with 408 to a compressed body that is not whole in time', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { bounds: { requestTimeoutMs: 100 } },
  );
  const slow = connectHttp2(subgraph.url).open({ 'content-encoding': 'gzip' });
  slow.write(gzipSync(JSON.stringify({ query })).subarray(0, -1));
  expect(await responseOf(slow)).toMatchObject({
    status: 408,
    body: requestError('BAD_REQUEST', 'The request was not whole in time.'),
  });
});

test('serves GraphiQL and its login', async () => {
  const { subgraph } = await startWithSimulator({}, { GRAPHIQL: 'true' });
  const client = connectHttp2(subgraph.url);
  const page = client.session.request({ ':path': '/graphql', accept: 'text/html' });
  expect((await responseOf(page)).headers['content-type']).toBe('text/html; charset=utf-8');
  const login = client.open({
    ':path': '/graphiql/session',
    origin: subgraph.url,
    'x-graphiql': '1',
  });
  login.end(JSON.stringify({ vcenter: 'default', userName: 'ada', password: 'demo' }));
  const { status, body } = await responseOf(login);
  expect([status, body]).toEqual([201, { token: expect.any(String) }]);
});

test.each<[what: string, flood: (client: RawHttp2, stream: number) => boolean]>([
  [
    'resets its requests',
    (client, stream) => {
      client.request(stream, JSON.stringify({ query }), token('demo'));
      return client.send('rst_stream', 0, stream, Buffer.of(0, 0, 0, constants.NGHTTP2_CANCEL));
    },
  ],
  [
    'sends headers without end',
    (client, stream) => {
      const headers = encodeHeaders({ ...requestHeaders, 'x-large': 'a'.repeat(10_000) });
      return client.send(stream === 1 ? 'headers' : 'continuation', 0, 1, headers);
    },
  ],
  ['sends PING', (client) => sendMany(client, 'ping', Buffer.alloc(8))],
  ['sends SETTINGS', (client) => sendMany(client, 'settings', Buffer.from('000400010000', 'hex'))],
  ['sends empty DATA', (client) => sendMany(client, 'data', Buffer.alloc(0), 1)],
])(
  'closes the connection of a client that %s again and again, and serves others',
  async (_what, flood) => {
    const { subgraph } = await startWithSimulator();
    const client = await openRawHttp2(subgraph.url);
    client.acknowledgeSettings();
    for (let stream = 1; flood(client, stream); stream += 2)
      if (stream % 200 === 1) await setImmediate();
    await client.closed;
    expect((await subgraph.query(query, token('demo'))).body).toEqual(success);
    expect((await connectHttp2(subgraph.url).query(query, token('demo'))).body).toEqual(success);
  },
);

/** The warnings of the process until the test ends. */
function collectWarnings(): readonly Error[] {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  return warnings;
}

function sendMany(client: RawHttp2, type: FrameType, payload: Uint8Array, stream = 0): boolean {
  if (stream > 0) client.send('headers', endHeaders, stream, encodeHeaders(requestHeaders));
  return Array.from({ length: 2000 }, () => client.send(type, 0, stream, payload)).includes(true);
}

/** Length, type SETTINGS, no flags, stream 0. */
const settingsFrame = /^[0-9a-f]{6}040000000000/;

async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connectTcp(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
