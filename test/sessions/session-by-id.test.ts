import { expect, test } from 'vitest';
import { startSubgraph, startWithSimulator, token } from '../support/subgraph.ts';
import { json, startDouble } from '../support/vcenter-double.ts';

const query = 'query ($id: ID!) { session(id: $id) { user key } }';

test('calls both APIs in parallel for session(id)', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const key = vcenter.sessionFor('demo')?.key;
  const barrier = vcenter.barrier({ count: 2, giveUpAfterMs: 5000 });
  const { body } = await subgraph.query(query, token('demo'), { id: `default:${key}` });
  expect(body).toEqual({ data: { session: { user: 'Administrator@vsphere.local', key } } });
  expect(barrier.met).toBe(true);
});

test('returns an error for user of session(id) where currentSession fails and sessionList does not', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const key = vcenter.sessionFor('demo')?.key;
  vcenter.injectFault({ operation: 'currentSession', reset: true });
  const { body } = await subgraph.query(query, token('demo'), { id: `default:${key}` });
  expect(body).toMatchObject({
    data: { session: { user: null, key } },
    errors: [
      {
        path: ['session', 'user'],
        extensions: { code: 'SERVICE_UNAVAILABLE', vcenter: { api: 'vim25' } },
      },
    ],
  });
});

test('redacts the token of a forwarded Authorization that upstream repeats without its scheme', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph({
    VCENTER_URL: double.url,
    VCENTER_FORWARD_AUTHORIZATION: 'true',
  });
  const secret = 'eyJhbGciOi.a-long-secret.value';
  double.respondWith(
    'vapi',
    'undefined',
    (socket) =>
      void socket.write(
        json(403, {
          error_type: 'UNAUTHORIZED',
          messages: [{ default_message: `no ${secret} here` }],
        }),
      ),
  );
  const { text } = await subgraph.query('{ currentSession { user } }', {
    authorization: `Bearer ${secret}`,
  });
  expect(double.requests[0]?.head).toContain(`authorization: Bearer ${secret}`);
  expect(text).not.toContain(secret);
  expect(text).toContain('no [token] here');
});
