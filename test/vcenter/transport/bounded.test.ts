import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createTransport } from '../../../src/vcenter/transport/transport.ts';
import { userSession } from '../../errors/responses.ts';
import { waitForMetric } from '../../support/metrics.ts';
import { startSubgraph, startWithSimulator, token } from '../../support/subgraph.ts';
import { hang, json, startDouble } from '../../support/vcenter-double.ts';

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
  const transport = createTransport({
    id: 'default',
    url: new URL(double.url),
    timeoutMs: 500,
    maxConnections: 2,
    breakerFailures: 0,
  });
  onTestFinished(() => transport.close());
  // In the same turn of the event loop, so that all have the same deadline.
  const calls = Array.from({ length: 10 }, (_, index) => {
    double.respondWith('vapi', `user-${index}`, hang);
    return transport.call({
      api: 'vapi',
      method: 'GET',
      path: '/api/session',
      headers: token(`user-${index}`),
    });
  });
  const errors = (await Promise.allSettled(calls)).map(
    (result) => result.status === 'rejected' && result.reason,
  );
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(10).fill('TIMED_OUT'));
  expect(errors.map(({ cause }) => cause.message)).toEqual([
    ...Array(2).fill('no whole response before the deadline'),
    ...Array(8).fill('too little time was left for a response'),
  ]);
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
  // Half of the time: the other half is less than a response takes.
  await setTimeout(1000);
  vcenter.clearFaults();
  expect(countCodes([(await first).body, (await second).body])).toEqual({ ok: 1, TIMED_OUT: 1 });
  expect(vcenter.callCount()).toBe(1);
});

test('counts the wait for a connection towards the deadline', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph(
    { VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '1000' },
    {},
    { maxConnections: 1, breakerFailures: 0 },
  );
  const held = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const respondAfter = (hold: Promise<void>) => async (socket: Socket) => {
    await hold;
    socket.write(json(200, userSession));
  };
  double.respondWith('vim25', 'first', respondAfter(held.promise));
  double.respondWith('vim25', 'second', respondAfter(late.promise));
  const first = subgraph.query(query, token('first'));
  await expect.poll(() => double.requests.length).toBe(1);
  const second = subgraph.query(query, token('second'));
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 1);
  await setTimeout(300);
  held.resolve();
  // After the deadline of the second, and before the one that it would have from when it was sent.
  await setTimeout(750);
  late.resolve();
  await first;
  expect(countCodes([(await second).body])).toEqual({ TIMED_OUT: 1 });
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

/** Starts the subgraph with 4 connections to a vCenter that has responded to one call. */
async function startBeforeHang() {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '3000' },
    { maxConnections: 4, breakerFailures: 0 },
  );
  await subgraph.query(query, token('demo'));
  const send = (names: readonly string[]) =>
    names.map(async (name) => {
      vcenter.addSession({ token: name, user: name });
      return (await subgraph.query(query, token(name))).body;
    });
  return { vcenter, subgraph, send };
}

const hung = ['a', 'b', 'c', 'd'];
const others = Array.from({ length: 16 }, (_, index) => `user-${index}`);

test('serves the calls that wait after a vCenter has not responded to any for a while', async () => {
  const { vcenter, subgraph, send } = await startBeforeHang();
  vcenter.injectFault({ hang: true, times: 4 });
  expect(countCodes(await Promise.all(send(hung)))).toEqual({ TIMED_OUT: 4 });
  vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  const responses = send(others);
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 12);
  vcenter.clearFaults();
  expect(countCodes(await Promise.all(responses))).toEqual({ ok: 16 });
});

test('serves the calls that wait as soon as a vCenter responds late to all that it has received', async () => {
  const { vcenter, subgraph, send } = await startBeforeHang();
  vcenter.injectFault({ latencyMs: 2000, times: 4 });
  const first = send(hung);
  await expect.poll(() => vcenter.callCount()).toBe(5);
  const responses = send(others);
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 16);
  expect(countCodes(await Promise.all([...first, ...responses]))).toEqual({ ok: 20 });
});
