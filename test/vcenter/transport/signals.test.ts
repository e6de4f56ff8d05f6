/** Calls, the signals that cancel them, and their end, as a transport sees them. */
import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { UpstreamCall } from '../../../src/vcenter/transport/call.ts';
import { noObserver } from '../../../src/vcenter/transport/observer.ts';
import { createTransport } from '../../../src/vcenter/transport/transport.ts';
import { startVCenter, token } from '../../support/subgraph.ts';

const read: UpstreamCall = {
  api: 'vapi',
  method: 'GET',
  path: '/api/session',
  headers: token('demo'),
};
const logOut: UpstreamCall = { ...read, method: 'DELETE' };
const canceled = { extensions: { code: 'CANCELED', vcenter: { id: 'default', api: 'vapi' } } };

/** Creates the transport of a vCenter, and counts the reads that share a call. */
async function start(maxConnections = 64) {
  const vcenter = await startVCenter();
  const shared: unknown[] = [];
  const transport = createTransport(
    { id: 'default', url: new URL(vcenter.url), timeoutMs: 60_000, maxConnections },
    undefined,
    { metrics: { ...noObserver, onShared: (call) => void shared.push(call) } },
  );
  onTestFinished(() => transport.close());
  const hold = () => vcenter.barrier({ api: 'vapi', count: 100_000, giveUpAfterMs: 20_000 });
  return { vcenter, transport, shared, hold };
}

/** A client that can disconnect. */
function startClient() {
  const controller = new AbortController();
  return { signal: controller.signal, leave: () => controller.abort() };
}

test.each([read, logOut])('sends no call of a client that has left: $method', async (call) => {
  const { vcenter, transport, hold } = await start(1);
  const client = startClient();
  client.leave();
  await expect(transport.call(call, client.signal)).rejects.toMatchObject(canceled);
  // The same where it would wait for a connection.
  const held = hold();
  const first = transport.call({ ...read, headers: token('first') });
  await expect.poll(() => held.arrived).toBe(1);
  await expect(transport.call(call, client.signal)).rejects.toMatchObject(canceled);
  held.cancel();
  await first;
  expect(vcenter.callCount()).toBe(1);
});

test('rejects a read at once whose client has left, and responds to the one that shares it', async () => {
  const { vcenter, transport, shared, hold } = await start();
  const held = hold();
  const [first, second] = [startClient(), startClient()];
  const responses = [first, second].map(({ signal }) => transport.call(read, signal));
  await expect.poll(() => held.arrived).toBe(1);
  first.leave();
  await expect(responses[0]).rejects.toMatchObject(canceled);
  held.cancel();
  expect(await responses[1]).toMatchObject({ status: 200 });
  expect(vcenter.calls.map(({ state }) => state)).toEqual(['completed']);
  expect(shared).toEqual([{ vcenter: 'default', api: 'vapi' }]);
});

test('aborts a read whose only client has left, also after an identical one was completed', async () => {
  const { vcenter, transport, shared, hold } = await start();
  await transport.call(read, startClient().signal);
  const held = hold();
  const client = startClient();
  const response = transport.call(read, client.signal);
  await expect.poll(() => held.arrived).toBe(1);
  client.leave();
  await expect(response).rejects.toMatchObject(canceled);
  await expect
    .poll(() => vcenter.calls.map(({ state }) => state))
    .toEqual(['completed', 'aborted']);
  expect(shared).toEqual([]);
});

test('shares the read that starts after an identical one was aborted', async () => {
  const { vcenter, transport, hold } = await start();
  const held = hold();
  const client = startClient();
  const aborted = transport.call(read, client.signal);
  await expect.poll(() => held.arrived).toBe(1);
  client.leave();
  const second = transport.call(read, startClient().signal);
  await expect(aborted).rejects.toMatchObject(canceled);
  const third = transport.call(read, startClient().signal);
  await expect.poll(() => held.arrived).toBe(2);
  held.cancel();
  expect(await second).toBe(await third);
  expect(vcenter.callCount()).toBe(2);
});

test('shares no call that is no read', async () => {
  const { vcenter, transport, shared, hold } = await start();
  const held = hold();
  const calls = [read, logOut, logOut].map((call) => transport.call(call));
  await expect.poll(() => held.arrived).toBe(3);
  held.cancel();
  await Promise.all(calls);
  expect(vcenter.calls.map(({ method }) => method).sort()).toEqual(['DELETE', 'DELETE', 'GET']);
  expect(shared).toEqual([]);
});

test('keeps no listener of a signal once its call has ended', async () => {
  const { vcenter, transport, hold } = await start(1);
  const listeners = [];
  for (const call of [read, logOut]) {
    const { signal } = startClient();
    const held = hold();
    const first = transport.call(call, signal);
    await expect.poll(() => held.arrived).toBe(1);
    const waiting = transport.call({ ...call, headers: token('another') }, signal);
    const during = getEventListeners(signal, 'abort').length;
    held.cancel();
    await Promise.all([first, waiting]);
    vcenter.injectFault({ reset: true, times: 1 });
    await transport.call(call, signal).catch(() => undefined);
    listeners.push({ during, after: getEventListeners(signal, 'abort').length });
  }
  expect(listeners).toEqual(Array(2).fill({ during: 2, after: 0 }));
});

test('closes idle connections and those of calls, which fail', async () => {
  const { vcenter, transport, hold } = await start();
  await Promise.all([transport.call(read), transport.call(logOut)]);
  await expect.poll(() => vcenter.connections.open).toBe(2);
  const held = hold();
  const inFlight = transport.call(read);
  await expect.poll(() => held.arrived).toBe(1);
  const closed = transport.close();
  await expect(inFlight).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
  await closed;
  await expect.poll(() => vcenter.connections.open).toBe(0);
});
