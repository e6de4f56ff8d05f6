import { expect, onTestFinished, test } from 'vitest';
import { createTransport } from '../../../src/vcenter/transport/transport.ts';
import { failure } from '../../support/errors.ts';
import { waitForMetric } from '../../support/metrics.ts';
import { callsTo, startVCenter, startWithSimulator, token } from '../../support/subgraph.ts';

const query = '{ currentSession { user key } }';
const demo = {
  data: { currentSession: { user: 'Administrator@vsphere.local', key: expect.any(String) } },
};

/** Starts the subgraph before a vCenter that holds all responses back. */
async function startHolding() {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '60000' },
    { maxConnections: 200 },
  );
  const holds = (['vapi', 'vim25'] as const).map((api) =>
    vcenter.barrier({ api, count: 100_000, giveUpAfterMs: 20_000 }),
  );
  return {
    vcenter,
    subgraph,
    arrived: () => holds.map(({ arrived }) => arrived),
    release: () => vcenter.clearFaults(),
  };
}

test('200 identical concurrent queries share one call to each API, and nothing is cached afterwards', async () => {
  const { vcenter, subgraph, release } = await startHolding();
  const responses = Array.from({ length: 200 }, () => subgraph.query(query, token('demo')));
  for (const api of ['vapi', 'vim25'])
    await waitForMetric(
      subgraph.url,
      `vcenter_calls_shared_total{vcenter="default",api="${api}"}`,
      199,
    );
  release();
  expect((await Promise.all(responses)).map(({ body }) => body)).toEqual(Array(200).fill(demo));
  expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);

  expect((await subgraph.query(query, token('demo'))).body).toEqual(demo);
  expect(vcenter.callCount()).toBe(4);
});

test('makes a separate call for each of 200 tokens', async () => {
  const { vcenter, subgraph, arrived, release } = await startHolding();
  const names = Array.from({ length: 200 }, (_, index) => `user-${index}`);
  for (const name of names) vcenter.addSession({ token: name, user: name, key: `52-${name}` });
  const responses = names.map((name) => subgraph.query(query, token(name)));
  await expect.poll(arrived, { timeout: 10_000 }).toEqual([200, 200]);
  release();
  expect((await Promise.all(responses)).map(({ body }) => body)).toEqual(
    names.map((name) => ({
      data: { currentSession: { user: `${name}@vsphere.local`, key: `52-${name}` } },
    })),
  );
  expect(vcenter.callCount()).toBe(400);
});

test.each<[string, Record<string, string>]>([
  ['another language', { ...token('demo'), 'accept-language': 'de' }],
  ['another token', token('unknown')],
])('makes a separate call for %s', async (_, headers) => {
  const { vcenter, subgraph, arrived, release } = await startHolding();
  const responses = [
    subgraph.query(query, { ...token('demo'), 'accept-language': 'en' }),
    subgraph.query(query, headers),
  ];
  await expect.poll(arrived).toEqual([2, 2]);
  release();
  await Promise.all(responses);
  expect(vcenter.callCount()).toBe(4);
});

test('returns the failure of a shared call to each query, at its own path', async () => {
  const { vcenter, subgraph, arrived, release } = await startHolding();
  vcenter.injectFault({ api: 'vapi', reset: true });
  const first = subgraph.query('{ a: currentSession { user } }', token('demo'));
  const second = subgraph.query('{ b: currentSession { name: user } }', token('demo'));
  await waitForMetric(subgraph.url, 'vcenter_calls_shared_total', 1);
  expect(arrived()).toEqual([1, 0]);
  release();
  expect([(await first).body, (await second).body]).toEqual([
    { data: { a: null }, errors: [failure(['a'], 'SERVICE_UNAVAILABLE', 'vapi')] },
    { data: { b: null }, errors: [failure(['b'], 'SERVICE_UNAVAILABLE', 'vapi')] },
  ]);
  expect(vcenter.callCount()).toBe(1);
});

test('makes a new call for a read that starts as soon as the last client has left a shared one', async () => {
  const vcenter = await startVCenter();
  const transport = createTransport({
    id: 'default',
    url: new URL(vcenter.url),
    timeoutMs: 60_000,
  });
  onTestFinished(() => transport.close());
  const hold = vcenter.barrier({ api: 'vapi', count: 100_000, giveUpAfterMs: 20_000 });
  const read = (signal: AbortSignal) =>
    transport.call(
      { api: 'vapi', method: 'GET', path: '/api/session', headers: token('demo') },
      signal,
    );
  const client = new AbortController();
  const first = read(client.signal);
  await expect.poll(() => hold.arrived).toBe(1);
  client.abort();
  // In the same turn of the event loop: the first call has not ended yet.
  const second = read(new AbortController().signal);
  await expect(first).rejects.toMatchObject({ extensions: { code: 'CANCELED' } });
  await expect.poll(() => hold.arrived).toBe(2);
  hold.cancel();
  expect(await second).toMatchObject({ status: 200 });
  expect(vcenter.callCount()).toBe(2);
});
