import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createTransport,
  type TransportOptions,
} from '../../../src/vcenter/transport/transport.ts';
import { startVCenter, token } from '../../support/subgraph.ts';

/** Creates the transport of a vCenter that does not respond. */
async function start(options: Partial<TransportOptions>) {
  const vcenter = await startVCenter();
  vcenter.injectFault({ hang: true });
  const transport = createTransport({
    id: 'default',
    url: new URL(vcenter.url),
    timeoutMs: 100,
    ...options,
  });
  onTestFinished(() => transport.close());
  const call = (name: string) =>
    transport.call({ api: 'vim25', method: 'GET', path: '/', headers: token(name) });
  return { vcenter, call };
}

test('the error of a call that is refused, or fails at once, has the reason as its cause', async () => {
  const full = await start({ maxConnections: 1, maxQueued: 0 });
  const first = full.call('first');
  await expect(full.call('second')).rejects.toMatchObject({
    extensions: { code: 'RESOURCE_BUSY' },
    cause: { message: '0 calls wait for a connection already' },
  });
  await expect(first).rejects.toMatchObject({
    extensions: { code: 'TIMED_OUT' },
    cause: { message: 'no whole response before the deadline' },
  });

  const open = await start({ breakerFailures: 1 });
  await expect(open.call('first')).rejects.toMatchObject({ extensions: { code: 'TIMED_OUT' } });
  await expect(open.call('second')).rejects.toMatchObject({
    extensions: { code: 'SERVICE_UNAVAILABLE' },
    cause: { message: 'the circuit breaker is open' },
  });
  expect(open.vcenter.callCount()).toBe(1);
});

test('by default, an API has 64 connections, and 500 calls wait for one', async () => {
  const { vcenter, call } = await start({ timeoutMs: 60_000 });
  const calls = Array.from({ length: 565 }, (_, index) => call(`user-${index}`));
  const settled = Promise.allSettled(calls);
  await expect(calls.at(-1)).rejects.toMatchObject({
    extensions: { code: 'RESOURCE_BUSY' },
    cause: { message: '500 calls wait for a connection already' },
  });
  await expect.poll(() => vcenter.callCount()).toBe(64);
  expect(vcenter.connections.accepted).toBe(64);
  await vcenter.close();
  await settled;
});

test('by default, the circuit breaker opens after 10 failures, for 5 seconds', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { vcenter, call } = await start({});
  await vcenter.close();
  const causes = [];
  for (const passes of [...Array(11).fill(0), 4999, 1, 0]) {
    vi.advanceTimersByTime(passes);
    const error: unknown = await call('demo').catch((error: unknown) => error);
    causes.push(Object(error).cause.message);
  }
  const sent = expect.stringContaining('connect ECONNREFUSED');
  const open = 'the circuit breaker is open';
  expect(causes).toEqual([...Array(10).fill(sent), open, open, sent, open]);
});
