import { expect, test } from 'vitest';
import { startWithSimulator, token } from '../support/subgraph.ts';

test('returns the session of its own token to each of 1,000 concurrent requests', {
  timeout: 60_000,
}, async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '60000' },
    { maxConnections: 128, maxQueued: 1000 },
  );
  const names = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
  for (const name of names) vcenter.addSession({ token: name, user: name, key: `52-${name}` });
  // Holds the first responses back until many calls are in flight on either API.
  const barriers = (['vapi', 'vim25'] as const).map((api) =>
    vcenter.barrier({ api, count: 100, giveUpAfterMs: 30_000 }),
  );
  const responses = await Promise.all(
    names.map((name) =>
      subgraph.query('{ currentSession { id user key userName callCount } }', token(name)),
    ),
  );
  expect(responses.map(({ body }) => body)).toEqual(
    names.map((name) => ({
      data: {
        currentSession: {
          id: `default:52-${name}`,
          user: `${name}@vsphere.local`,
          key: `52-${name}`,
          userName: `VSPHERE.LOCAL\\${name}`,
          callCount: 1,
        },
      },
    })),
  );
  expect(barriers.map(({ met }) => met)).toEqual([true, true]);
  expect(vcenter.callCount()).toBe(2000);
});
