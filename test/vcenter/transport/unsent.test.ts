import { expect, onTestFinished, test } from 'vitest';
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
