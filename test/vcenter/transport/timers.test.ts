import { expect, onTestFinished, test } from 'vitest';
import { createTransport } from '../../../src/vcenter/transport/transport.ts';
import { startVCenter } from '../../support/subgraph.ts';

const call = {
  api: 'vapi',
  method: 'GET',
  path: '/api/session',
  headers: { 'vmware-api-session-id': 'demo' },
} as const;

const countTimers = () =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('keeps no timer of a deadline after a response, a wait or a failure', async () => {
  const vcenter = await startVCenter();
  const transport = createTransport({
    id: 'default',
    url: new URL(vcenter.url),
    timeoutMs: 60_000,
    breakerFailures: 0,
    maxConnections: 1,
  });
  onTestFinished(() => transport.close());
  await transport.call(call);
  const before = countTimers();
  const another = { ...call, headers: { 'vmware-api-session-id': 'another' } };
  for (let i = 0; i < 50; i++) await Promise.all([transport.call(call), transport.call(another)]);
  vcenter.injectFault({ reset: true });
  for (let i = 0; i < 50; i++) await expect(transport.call(call)).rejects.toThrow();
  // Those of connections, which do not grow with the calls, may be more.
  expect(countTimers()).toBeLessThan(before + 25);
});
