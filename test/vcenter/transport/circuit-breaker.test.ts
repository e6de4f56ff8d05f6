import { expect, onTestFinished, test, vi } from 'vitest';
import { failure } from '../../support/errors.ts';
import { startQuery } from '../../support/leaving-client.ts';
import { readMetric, waitForMetric } from '../../support/metrics.ts';
import { startWithSimulator, token } from '../../support/subgraph.ts';

const query = '{ currentSession { key } }';
const session = { data: { currentSession: { key: expect.any(String) } } };
const unavailable = {
  data: { currentSession: null },
  errors: [failure(['currentSession'], 'SERVICE_UNAVAILABLE', 'vim25')],
};

/** Starts the subgraph with a circuit breaker that opens after 3 failures. */
function start(
  breakerResetMs = 60_000,
  options: { maxConnections?: number; timeoutMs?: number } = {},
) {
  return startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '2000' },
    { breakerFailures: 3, breakerResetMs, ...options },
  );
}

const opened = {
  level: 40,
  vcenter: 'default',
  api: 'vim25',
  failures: 3,
  msg: 'vCenter is not available: circuit breaker opened',
};
const closed = {
  level: 30,
  vcenter: 'default',
  api: 'vim25',
  msg: 'vCenter is available again: circuit breaker closed',
};

/** The log lines of circuit breakers. */
function circuitLines({ subgraph }: Started): unknown[] {
  return subgraph.log
    .filter((line) => line.includes('circuit breaker'))
    .map((line) => {
      const { level, vcenter, api, failures, msg } = JSON.parse(line) as Record<string, unknown>;
      return { level, vcenter, api, failures, msg };
    });
}

type Started = Awaited<ReturnType<typeof start>>;

/** Queries one after the other. */
async function queryTimes(
  { subgraph }: Started,
  times: number,
  value = 'demo',
): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (let i = 0; i < times; i++) bodies.push((await subgraph.query(query, token(value))).body);
  return bodies;
}

test.each([
  ['connections that are reset', { reset: true }, 'SERVICE_UNAVAILABLE'],
  ['502', { response: { status: 502 } }, 'SERVICE_UNAVAILABLE'],
  ['503', { response: { status: 503 } }, 'SERVICE_UNAVAILABLE'],
  ['504', { response: { status: 504 } }, 'TIMED_OUT'],
] as const)('the circuit breaker opens after consecutive failures: %s', async (_, fault, code) => {
  const started = await start();
  const { vcenter, subgraph } = started;
  vcenter.injectFault({ api: 'vim25', ...fault });
  const failed = { ...unavailable, errors: [failure(['currentSession'], code, 'vim25')] };
  expect(await queryTimes(started, 3)).toEqual(Array(3).fill(failed));
  vcenter.clearFaults();
  expect(await queryTimes(started, 5)).toEqual(Array(5).fill(unavailable));
  expect(vcenter.callCount()).toBe(3);
  const openOf = (api: string) =>
    readMetric(subgraph.url, `vcenter_circuit_open{vcenter="default",api="${api}"}`);
  expect([await openOf('vapi'), await openOf('vim25')]).toEqual([0, 1]);

  // The other API is not concerned.
  const { body } = await subgraph.query('{ currentSession { user } }', token('demo'));
  expect(body).toEqual({ data: { currentSession: { user: 'Administrator@vsphere.local' } } });
  expect(circuitLines(started)).toEqual([opened]);
});

test('the circuit breaker opens after consecutive calls without a response', async () => {
  const started = await start(60_000, { timeoutMs: 100 });
  started.vcenter.injectFault({ api: 'vim25', hang: true });
  const bodies = await queryTimes(started, 4);
  expect(bodies.slice(0, 3)).toEqual(
    Array(3).fill({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'TIMED_OUT', 'vim25')],
    }),
  );
  expect(bodies[3]).toEqual(unavailable);
  expect(started.vcenter.callCount()).toBe(3);
});

test('an opening circuit breaker fails the calls that wait for a connection, and sends none of them', async () => {
  const { vcenter, subgraph } = await start(60_000, { maxConnections: 1 });
  const hold = vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  vcenter.injectFault({ api: 'vim25', response: { status: 503 } });
  const names = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  const responses = names.map((name) => subgraph.query(query, token(name)));
  await waitForMetric(subgraph.url, 'vcenter_calls_queued', 19);
  expect(hold.arrived).toBe(1);
  hold.cancel();
  const bodies = (await Promise.all(responses)).map(({ body }) => body);
  expect(bodies).toEqual(Array(20).fill(unavailable));
  expect(vcenter.callCount()).toBe(3);
});

test('an open circuit breaker sends one call after a while: its failure opens it again, its success closes it', async () => {
  // Time passes only where the test lets it.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const started = await start(60_000);
  const { vcenter, subgraph } = started;
  vcenter.injectFault({ api: 'vim25', reset: true });
  await queryTimes(started, 3);
  vi.advanceTimersByTime(59_999);
  expect(await queryTimes(started, 2)).toEqual([unavailable, unavailable]);
  expect(vcenter.callCount()).toBe(3);
  vi.advanceTimersByTime(1);
  expect(await queryTimes(started, 2)).toEqual([unavailable, unavailable]);
  expect(vcenter.callCount()).toBe(4);
  expect(circuitLines(started)).toEqual([opened]);

  vcenter.clearFaults();
  vi.advanceTimersByTime(59_999);
  expect(await queryTimes(started, 1)).toEqual([unavailable]);
  vi.advanceTimersByTime(1);
  expect(await queryTimes(started, 5)).toEqual(Array(5).fill(session));
  expect(vcenter.callCount()).toBe(9);
  expect(circuitLines(started)).toEqual([opened, closed]);
  expect(await readMetric(subgraph.url, 'vcenter_circuit_open')).toBe(0);
});

test('an open circuit breaker sends no second call while the first has no response', async () => {
  const started = await start(300);
  const { vcenter, subgraph } = started;
  vcenter.injectFault({ api: 'vim25', reset: true, times: 3 });
  await queryTimes(started, 3);
  const hold = vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  const bodies: Promise<unknown>[] = [];
  await expect
    .poll(() => {
      bodies.push(queryTimes(started, 1, 'unknown'));
      return hold.arrived;
    })
    .toBe(1);
  const { body } = await subgraph.query(query, token('demo'));
  expect(body).toEqual(unavailable);
  vcenter.clearFaults();
  await Promise.all(bodies);
  expect(hold.arrived).toBe(1);
});

test('a call from before a circuit breaker opened lets no second call through', async () => {
  const started = await start(300);
  const { vcenter, subgraph } = started;
  const holdAll = (value: string) =>
    vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000, token: value });
  const early = holdAll('demo');
  const earlyResponse = subgraph.query(query, token('demo'));
  await expect.poll(() => early.arrived).toBe(1);
  vcenter.injectFault({ api: 'vim25', reset: true, token: 'unknown' });
  await queryTimes(started, 3, 'unknown');
  const sent = holdAll('another');
  const bodies: Promise<unknown>[] = [];
  await expect
    .poll(() => {
      bodies.push(queryTimes(started, 1, 'another'));
      return sent.arrived;
    })
    .toBe(1);
  early.cancel();
  expect((await earlyResponse).body).toEqual(session);
  expect(await queryTimes(started, 1)).toEqual([unavailable]);
  sent.cancel();
  await Promise.all(bodies);
  expect(sent.arrived).toBe(1);
});

test('a circuit breaker of 0 failures never opens', async () => {
  const started = await startWithSimulator({}, {}, { breakerFailures: 0 });
  started.vcenter.injectFault({ api: 'vim25', response: { status: 503 } });
  expect(await queryTimes(started, 12)).toEqual(Array(12).fill(unavailable));
  expect(started.vcenter.callCount()).toBe(12);
});

test('an open circuit breaker sends another call where the client of the first has left', async () => {
  const started = await start(300);
  const { vcenter, subgraph } = started;
  vcenter.injectFault({ api: 'vim25', reset: true, times: 3 });
  await queryTimes(started, 3);
  const hold = vcenter.barrier({ api: 'vim25', count: 100_000, giveUpAfterMs: 20_000 });
  const clients: ReturnType<typeof startQuery>[] = [];
  await expect
    .poll(() => {
      clients.push(startQuery(subgraph.url, query, token('demo')));
      return hold.arrived;
    })
    .toBe(1);
  for (const client of clients) client.leave();
  await expect.poll(() => vcenter.connections.open).toBe(0);
  vcenter.clearFaults();
  expect(await queryTimes(started, 2)).toEqual([session, session]);
});

test('a call whose client has left is no success between failures', async () => {
  const started = await start();
  const { vcenter, subgraph } = started;
  vcenter.injectFault({ api: 'vim25', reset: true });
  await queryTimes(started, 2);
  vcenter.clearFaults();
  vcenter.injectFault({ api: 'vim25', hang: true });
  const { leave } = startQuery(subgraph.url, query, token('demo'));
  await expect.poll(() => vcenter.connections.open).toBe(1);
  leave();
  await expect.poll(() => vcenter.connections.open).toBe(0);
  vcenter.clearFaults();
  vcenter.injectFault({ api: 'vim25', reset: true });
  await queryTimes(started, 1);
  vcenter.clearFaults();
  expect(await queryTimes(started, 1)).toEqual([unavailable]);
  expect(vcenter.callCount()).toBe(4);
});

test('a call from before a circuit breaker opened does not close it', async () => {
  const started = await start();
  const { vcenter, subgraph } = started;
  const hold = vcenter.barrier({
    api: 'vim25',
    count: 100_000,
    giveUpAfterMs: 20_000,
    token: 'demo',
  });
  const early = subgraph.query(query, token('demo'));
  await expect.poll(() => hold.arrived).toBe(1);
  vcenter.injectFault({ api: 'vim25', reset: true, token: 'unknown' });
  await queryTimes(started, 3, 'unknown');
  hold.cancel();
  expect((await early).body).toEqual(session);
  expect(await queryTimes(started, 1)).toEqual([unavailable]);
});

test('responses of other statuses do not open the circuit breaker', async () => {
  const started = await start();
  const { vcenter } = started;
  for (const status of [301, 400, 404, 429, 500, 501, 505]) {
    vcenter.injectFault({ api: 'vim25', response: { status }, times: 3 });
    await queryTimes(started, 3);
    expect(await queryTimes(started, 1), String(status)).toEqual([session]);
  }
  expect(vcenter.callCount()).toBe(28);
});

test('responses about the user do not open the circuit breaker', async () => {
  const started = await start();
  const { vcenter } = started;
  vcenter.setNotAuthenticated({ vim25: 'fault' });
  await queryTimes(started, 20, 'unknown');
  vcenter.injectFault({ api: 'vim25', vim25Fault: 'NoPermission', times: 20 });
  await queryTimes(started, 20);
  expect(await queryTimes(started, 1)).toEqual([session]);
  expect(vcenter.callCount()).toBe(41);
});

test('the circuit breaker counts consecutive failures only: any other result is a success', async () => {
  const started = await start();
  const { vcenter } = started;
  for (const status of [200, 301, 403]) {
    vcenter.injectFault({ api: 'vim25', response: { status: 503 }, times: 2 });
    await queryTimes(started, 2);
    if (status !== 200) vcenter.injectFault({ api: 'vim25', response: { status }, times: 1 });
    await queryTimes(started, 1);
  }
  expect(await queryTimes(started, 1)).toEqual([session]);
  expect(vcenter.callCount()).toBe(10);
});
