import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { waitForMetric } from '../../support/metrics.ts';
import { startSubgraph, startWithSimulator, token } from '../../support/subgraph.ts';
import { hang, startDouble } from '../../support/vcenter-double.ts';

const query = '{ currentSession { key } }';

/** The codes of the errors of responses, each once with its count. */
function countCodes(bodies: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const body of bodies) {
    const code: string = Object(body).errors?.[0].extensions.code ?? 'ok';
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

test('refuses calls at once where the queue is full, and completes the others', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '60000' },
    { maxConnections: 4, maxQueued: 6 },
  );
  const hold = vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  const names = Array.from({ length: 30 }, (_, index) => `user-${index}`);
  for (const name of names) vcenter.addSession({ token: name, user: name });
  const settled: unknown[] = [];
  const responses = names.map(async (name) => {
    const { body } = await subgraph.query(query, token(name));
    settled.push(body);
    return body;
  });
  // Those that are refused have their responses while all others wait.
  await expect.poll(() => settled.length, { timeout: 10_000 }).toBe(20);
  expect(countCodes(settled)).toEqual({ RESOURCE_BUSY: 20 });
  expect(settled[0]).toMatchObject({
    errors: [{ extensions: { vcenter: { id: 'default', api: 'vim25', retryable: true } } }],
  });
  await waitForMetric(subgraph.url, 'vcenter_calls_queued{vcenter="default",api="vim25"}', 6);
  expect(hold.arrived).toBe(4);
  vcenter.clearFaults();
  expect(countCodes(await Promise.all(responses))).toEqual({ RESOURCE_BUSY: 20, ok: 10 });
  expect(vcenter.callCount()).toBe(10);
  expect(vcenter.connections.accepted).toBe(4);
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 0);
  expect(subgraph.log.filter((line) => line.includes('"level":40'))).toEqual([]);
  expect(countCodes([(await subgraph.query(query, token('user-0'))).body])).toEqual({ ok: 1 });
});

test('never sends a call whose deadline passed while it waited for a connection', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph(
    { VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '500' },
    {},
    { maxConnections: 2, breakerFailures: 0 },
  );
  const names = Array.from({ length: 10 }, (_, index) => `user-${index}`);
  for (const name of names) double.respondWith('vim25', name, hang);
  const responses = await Promise.all(names.map((name) => subgraph.query(query, token(name))));
  expect(countCodes(responses.map(({ body }) => body))).toEqual({ TIMED_OUT: 10 });
  expect(double.requests).toHaveLength(2);
});

test('never sends a call for which less time is left than a response takes', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '2000' },
    { maxConnections: 1, breakerFailures: 0 },
  );
  const hold = vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  const first = subgraph.query(query, token('demo'));
  await expect.poll(() => hold.arrived).toBe(1);
  const second = subgraph.query(query, token('unknown'));
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 1);
  // Half of the time: the other half is less than a response takes, deviations included.
  await setTimeout(1000);
  vcenter.clearFaults();
  expect(countCodes([(await first).body, (await second).body])).toEqual({ ok: 1, TIMED_OUT: 1 });
  expect(vcenter.callCount()).toBe(1);
});

test('serves the calls that wait in their order', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, {}, { maxConnections: 1 });
  const hold = vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  const names = Array.from({ length: 5 }, (_, index) => `user-${index}`);
  const responses: Promise<unknown>[] = [];
  for (const [index, name] of names.entries()) {
    responses.push(subgraph.query(query, token(name)));
    if (index === 0) await expect.poll(() => hold.arrived).toBe(1);
    else await waitForMetric(subgraph.url, 'vcenter_calls_queued', index);
  }
  vcenter.clearFaults();
  await Promise.all(responses);
  expect(vcenter.calls.map(({ token }) => token)).toEqual(names);
});

test('does not hold up another vCenter or the other API', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    {},
    { maxConnections: 1, maxQueued: 0 },
  );
  vcenter.injectFault({ api: 'vim25', hang: true });
  const waiting = subgraph.query(query, token('demo'));
  await expect.poll(() => vcenter.callCount()).toBe(1);
  const { body } = await subgraph.query('{ currentSession { user } }', token('demo'));
  expect(body).toEqual({ data: { currentSession: { user: 'Administrator@vsphere.local' } } });
  await vcenter.close();
  await waiting;
});
