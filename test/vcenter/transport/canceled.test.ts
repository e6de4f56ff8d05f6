import { expect, test } from 'vitest';
import { startQuery } from '../../support/leaving-client.ts';
import { waitForMetric } from '../../support/metrics.ts';
import { callsTo, startWithSimulator, token } from '../../support/subgraph.ts';

const query = '{ currentSession { user key } }';

async function startHolding(maxConnections = 64) {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '60000', LOG_LEVEL: 'info' },
    // One failure would open it.
    { breakerFailures: 1, maxConnections },
  );
  const holds = (['vapi', 'vim25'] as const).map((api) =>
    vcenter.barrier({ api, count: 100_000, giveUpAfterMs: 20_000 }),
  );
  return { vcenter, subgraph, arrived: () => holds.map(({ arrived }) => arrived) };
}

test('aborts the calls of a query whose client has left, which is no failure', async () => {
  // The next query takes its place.
  const { vcenter, subgraph, arrived } = await startHolding(1);
  const { response, leave } = startQuery(subgraph.url, query, token('demo'));
  await expect.poll(arrived).toEqual([1, 1]);
  expect(vcenter.connections.open).toBe(2);
  leave();
  expect(await response).toBe('left');
  await expect.poll(() => vcenter.connections.open).toBe(0);
  vcenter.clearFaults();

  expect((await subgraph.query(query, token('demo'))).body).toMatchObject({
    data: { currentSession: { user: 'Administrator@vsphere.local' } },
  });
  expect(subgraph.log.filter((line) => /"level":[45]0/.test(line))).toEqual([]);
});

test.each([
  ['currentSession', '{ currentSession { key } }', 'vim25 currentSession'],
  ['vAPI', '{ currentSession { user } }', 'vapi getSession'],
  ['sessionList', '{ vcenter(id: "default") { sessions { key } } }', 'vim25 sessionList'],
])('aborts the call of %s whose client has left', async (_, selection, call) => {
  const { vcenter, subgraph } = await startHolding();
  const { leave } = startQuery(subgraph.url, selection, token('demo'));
  await expect.poll(() => callsTo(vcenter)).toEqual([call]);
  leave();
  await expect.poll(() => vcenter.calls.map(({ state }) => state)).toEqual(['aborted']);
});

test('does not abort a shared call while another client waits for it', async () => {
  const { vcenter, subgraph, arrived } = await startHolding();
  const first = startQuery(subgraph.url, query, token('demo'));
  const second = startQuery(subgraph.url, query, token('demo'));
  await waitForMetric(subgraph.url, 'vcenter_calls_shared_total', 2);
  await expect.poll(arrived).toEqual([1, 1]);
  first.leave();
  expect(await first.response).toBe('left');
  vcenter.clearFaults();
  expect(await second.response).toEqual({
    data: { currentSession: { user: 'Administrator@vsphere.local', key: expect.any(String) } },
  });
  expect(vcenter.callCount()).toBe(2);
});

test('makes a new call for a query that comes after a shared call was aborted', async () => {
  const { vcenter, subgraph, arrived } = await startHolding();
  const first = startQuery(subgraph.url, query, token('demo'));
  await expect.poll(arrived).toEqual([1, 1]);
  first.leave();
  await expect.poll(() => vcenter.connections.open).toBe(0);
  const second = startQuery(subgraph.url, query, token('demo'));
  await expect.poll(arrived).toEqual([2, 2]);
  vcenter.clearFaults();
  expect(await second.response).toMatchObject({
    data: { currentSession: { user: expect.stringContaining('Admin') } },
  });
});

test('never sends a call whose client has left while it waited for a connection', async () => {
  const { vcenter, subgraph, arrived } = await startHolding(1);
  const first = startQuery(subgraph.url, query, token('demo'));
  await expect.poll(arrived).toEqual([1, 1]);
  const second = startQuery(subgraph.url, query, token('another'));
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 2);
  second.leave();
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 0);
  vcenter.clearFaults();
  await first.response;
  expect(vcenter.calls.map(({ token }) => token)).toEqual(['demo', 'demo']);
});
