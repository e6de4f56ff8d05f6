import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startProcess } from '../support/process.ts';
import { callsTo, postQuery, startVCenter, token } from '../support/subgraph.ts';

const query = '{ currentSession { user loginTime } }';
const answered = {
  data: { currentSession: { user: 'Administrator@vsphere.local', loginTime: expect.any(String) } },
};

test('logs one line when it is ready, which says where', async () => {
  const vcenter = await startVCenter();
  const started = await startProcess({ PORT: '0', VCENTER_URL: vcenter.url });
  expect(started.ready).toMatchObject({
    msg: 'ready',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(started.ready).not.toHaveProperty('simulator');
  const { body } = await postQuery(`${started.ready.url}/graphql`, query, token('demo'));
  expect(body).toEqual(answered);
  await started.stop('SIGTERM');
  expect(readyLines(started.lines)).toEqual([started.ready]);
});

/** The lines that say that the process is ready; every line is JSON. */
function readyLines(lines: readonly string[]): unknown[] {
  const entries = lines.map((line) => JSON.parse(line) as { msg: string });
  return entries.filter(({ msg }) => msg === 'ready');
}

test('stands a simulator in where no vCenter is configured, and says so', async () => {
  const { ready, lines, stop } = await startProcess({ PORT: '0' });
  expect(ready.simulator).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lines.join('\n')).toContain(
    'no vCenter is configured (VCENTER_URL): the embedded simulator stands in; its token is demo',
  );
  const graphql = `${ready.url}/graphql`;
  expect((await postQuery(graphql, query, token('demo'))).body).toEqual(answered);
  expect((await postQuery(graphql, query)).body).toMatchObject({
    data: { currentSession: null },
    errors: [{ path: ['currentSession'], extensions: { code: 'UNAUTHENTICATED' } }],
  });

  const login = await fetch(`${ready.simulator}/api/session`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('jdoe:demo')}` },
  });
  const { body } = await postQuery(graphql, query, token((await login.json()) as string));
  expect(body).toMatchObject({ data: { currentSession: { user: 'jdoe@vsphere.local' } } });
  expect(await stop('SIGTERM')).toBe(0);
  expect(readyLines(lines)).toEqual([ready]);
  await expect(fetch(`${ready.simulator}/api/session`)).rejects.toThrow('fetch failed');
});

test('has the settings of the vCenter that the simulator stands in for', async () => {
  const { ready } = await startProcess({ PORT: '0', VCENTER_ID: 'trial', VCENTER_RELEASE: 'auto' });
  const { body } = await postQuery(
    `${ready.url}/graphql`,
    '{ vcenters { id currentSession { id } } }',
    {
      'vmware-api-session-id-trial': 'demo',
    },
  );
  const session = { id: expect.stringMatching(/^trial:/) };
  expect(body).toEqual({ data: { vcenters: [{ id: 'trial', currentSession: session }] } });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s answers the query that is under way, and exits with 0',
  async (signal) => {
    const vcenter = await startVCenter();
    const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
    const { ready, stop } = await startProcess({ PORT: '0', VCENTER_URL: vcenter.url });
    const inFlight = postQuery(`${ready.url}/graphql`, query, token('demo'));
    await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
    const exitCode = stop(signal);
    const isDraining = async () => (await fetch(`${ready.url}/health/ready`)).status === 503;
    await vi.waitUntil(isDraining, { timeout: 10_000 });
    barrier.cancel();
    expect((await inFlight).body).toEqual(answered);
    expect(await exitCode).toBe(0);
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
  },
);

test('writes no token to its output', async () => {
  const vcenter = await startVCenter();
  vcenter.injectFault({ api: 'vim25', reset: true });
  const { ready, lines, stop } = await startProcess({
    PORT: '0',
    VCENTER_URL: vcenter.url,
    LOG_LEVEL: 'trace',
  });
  const secret = 'a-token-that-nobody-may-read';
  for (const value of ['', ' in two', '\u00e9', 'x'.repeat(20_000)])
    await postQuery(`${ready.url}/graphql`, query, token(secret + value)).catch(() => undefined);
  await stop('SIGTERM');
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toContain(secret);
  expect(lines.join('\n')).not.toContain([...Buffer.from(secret)].join());
});

test.each([
  ['half a head', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'],
  [
    'half a body',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"query"',
  ],
])('ends on SIGTERM though a client has sent only %s', async (_, sent) => {
  const vcenter = await startVCenter();
  const subgraph = await startProcess({
    PORT: '0',
    VCENTER_URL: vcenter.url,
    VCENTER_TIMEOUT_MS: '100',
  });
  const { hostname, port } = new URL(subgraph.ready.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(sent);
  // An answer on another connection tells that what came before it has been read.
  await fetch(`${subgraph.ready.url}/health/live`);
  expect(await subgraph.stop('SIGTERM')).toBe(0);
});
