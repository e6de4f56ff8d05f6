import { expect, test } from 'vitest';
import { userSession } from '../../errors/responses.ts';
import { makeCertificate } from '../../support/certificates.ts';
import { failure } from '../../support/errors.ts';
import { startSubgraph, startVCenter, startWithSimulator, token } from '../../support/subgraph.ts';
import { startTlsFront } from '../../support/tls-front.ts';
import { json, startDouble } from '../../support/vcenter-double.ts';

const query = '{ currentSession { key } }';
const session = { data: { currentSession: { key: expect.any(String) } } };

/** Puts TLS before a double. Its bytes that are not of HTTP must not count as a part of a response. */
async function startTls(url: string): Promise<Record<string, string>> {
  const certificate = await makeCertificate();
  const front = await startTlsFront(url, certificate);
  return { VCENTER_URL: front.url, VCENTER_FINGERPRINT: certificate.fingerprint };
}

test('loses no query to idle connections that the vCenter closes without a hint', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    { keepAliveMs: 20, keepAliveHint: false },
    {},
    { maxConnections: 4 },
  );
  const bodies: unknown[] = [];
  for (let i = 0; i < 300; i++) {
    bodies.push((await subgraph.query(query, token('demo'))).body);
    // Some of the next queries meet the end of the idle time.
    if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 15 + (i % 10)));
  }
  expect(bodies).toEqual(Array(300).fill(session));
  expect(vcenter.connections.accepted).toBeGreaterThan(1);
}, 60_000);

test.each(['http:', 'https:'])(
  'sends a read once more, on a new connection, where its reused one was closed: %s',
  async (protocol) => {
    const double = await startDouble();
    const settings =
      protocol === 'https:' ? await startTls(double.url) : { VCENTER_URL: double.url };
    const subgraph = await startSubgraph(settings);
    let closed = false;
    double.respondWith('vim25', 'demo', (socket) => {
      if (double.requests.length === 2) {
        closed = true;
        socket.end();
      } else socket.write(json(200, userSession));
    });
    expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
    expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
    expect(closed).toBe(true);
    expect(double.requests).toHaveLength(3);
  },
);

test('sends a read twice at most', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  double.respondWith('vim25', 'demo', (socket) => {
    if (double.requests.length === 1) socket.write(json(200, userSession));
    else socket.end();
  });
  await subgraph.query(query, token('demo'));
  expect((await subgraph.query(query, token('demo'))).body).toEqual({
    data: { currentSession: null },
    errors: [failure(['currentSession'], 'SERVICE_UNAVAILABLE', 'vim25')],
  });
  expect(double.requests).toHaveLength(3);
});

test('sends a read once more within the deadline of the first time', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '600' });
  const response = json(200, userSession);
  double.respondWith('vim25', 'demo', (socket) => {
    if (double.requests.length === 1) socket.write(response);
    else if (double.requests.length === 2) setTimeout(() => socket.end(), 300);
    // Later than the deadline of the first time, and earlier than one that began with the second.
    else setTimeout(() => socket.write(response), 400);
  });
  expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
  expect((await subgraph.query(query, token('demo'))).body).toEqual({
    data: { currentSession: null },
    errors: [failure(['currentSession'], 'TIMED_OUT', 'vim25')],
  });
  expect(double.requests).toHaveLength(3);
});

test.each([
  ['a part of the status line', 'HTTP/1.1 2'],
  ['a part of the head', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n'],
  ['a part of the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'],
])('sends a read once where %s has come', async (_, part) => {
  const double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  double.respondWith('vim25', 'demo', (socket) => {
    if (double.requests.length === 1) socket.write(json(200, userSession));
    else socket.end(part);
  });
  await subgraph.query(query, token('demo'));
  expect((await subgraph.query(query, token('demo'))).body).toMatchObject({
    errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
  });
  expect(double.requests).toHaveLength(2);
});

test('sends a read once where a new connection is closed', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  double.respondWith('vim25', 'demo', (socket) => void socket.end());
  await subgraph.query(query, token('demo'));
  expect(double.requests).toHaveLength(1);
});

test('reuses the connection that was used last', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  vcenter.barrier({ api: 'vim25', count: 3 });
  for (const name of ['a', 'b', 'c']) vcenter.addSession({ token: name });
  await Promise.all(['a', 'b', 'c'].map((name) => subgraph.query(query, token(name))));
  expect(vcenter.connections).toEqual({ accepted: 3, open: 3 });
  for (let i = 0; i < 10; i++) await subgraph.query(query, token('demo'));
  expect(vcenter.connections).toEqual({ accepted: 3, open: 3 });
});

test('closes a connection that is idle for longer than keepAliveMs', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    { keepAliveHint: false },
    {},
    { keepAliveMs: 50 },
  );
  await subgraph.query(query, token('demo'));
  await expect.poll(() => vcenter.connections.open).toBe(0);
});

test('closes an idle connection after keepAliveMs where the Keep-Alive header of the vCenter has a longer timeout', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    { keepAliveMs: 60_000 },
    {},
    { keepAliveMs: 50 },
  );
  await subgraph.query(query, token('demo'));
  await expect.poll(() => vcenter.connections.open).toBe(0);
});

test('closes a connection before the time of the vCenter’s hint ends', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  let open = 0;
  double.respondWith('vim25', 'demo', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    const body = JSON.stringify(userSession);
    socket.write(
      `HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
  expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
  await expect.poll(() => open).toBe(0);
});
