/** What becomes of the turn of an expensive operation that waits for a vCenter, or has ended. */
import { expect, test, vi } from 'vitest';
import type { TurnBounds } from '../../src/loaders/turn-queue.ts';
import type { RequestFilter } from '../../src/simulator/index.ts';
import {
  expensive,
  expensiveWithCall,
  many,
  manyFields,
  sendCheap,
  statusesOf,
} from '../support/expensive-operations.ts';
import { waitForMetric } from '../support/metrics.ts';
import { callsTo, startSubgraph, startVCenter, token } from '../support/subgraph.ts';

const demo = token('demo');

test('lets no more expensive operations than maxSuspended release their turn while they wait for a vCenter', async () => {
  const vcenter = await startVCenter(many);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxTurns: 1, maxSuspended: 1, maxTurnWaitMs: 200 } },
  );
  const barrier = vcenter.barrier({ api: 'vapi', count: 1000, giveUpAfterMs: 15_000 });
  const slow = [1, 2].map((i) =>
    subgraph.query(`{ vcenters { b${i}: id ${manyFields} } }`, token('demo')),
  );
  await vi.waitUntil(() => barrier.arrived >= 1, { timeout: 10_000 });
  // The first has suspended its turn, the second keeps it.
  await vi.waitUntil(async () => (await subgraph.query(expensive, demo)).status === 503, {
    timeout: 10_000,
  });
  barrier.cancel();
  expect(statusesOf(await Promise.all(slow))).toEqual([200, 200]);

  const next = vcenter.barrier({ api: 'vapi', count: 1000, giveUpAfterMs: 15_000 });
  const suspended = subgraph.query(`{ vcenters { ${manyFields} } }`, demo);
  await vi.waitUntil(() => next.arrived === 1, { timeout: 10_000 });
  expect((await subgraph.query(expensive, demo)).status).toBe(200);
  next.cancel();
  expect((await suspended).status).toBe(200);
});

test('takes no turn for the rest of an operation that has ended', async () => {
  const vcenter = await startVCenter(many);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxTurns: 1, maxTurnWaitMs: 200, maxUnparsedBytes: 1_500_000 } },
  );
  const fault = vcenter.injectFault({
    operation: 'currentSession',
    vim25Fault: 'NotAuthenticated',
  });
  const barrier = vcenter.barrier({ operation: 'sessionList', count: 1000, giveUpAfterMs: 15_000 });
  // The list is called for two keys, and not waited for where the token's own session has ended.
  const { body } = await subgraph.query(
    '{ a: session(id: "default:x") { key } b: session(id: "default:y") { key } }',
    demo,
  );
  expect(Object(body).data).toEqual({ a: null, b: null });
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  barrier.cancel();
  fault.cancel();
  await vi.waitUntil(() => vcenter.calls.every(({ state }) => state === 'completed'), {
    timeout: 10_000,
  });
  for (let i = 0; i < 2; i++) expect((await subgraph.query(expensive, demo)).status).toBe(200);
});

/** Root fields of an expensive operation that need no call, each of which it executes in a step of its own. */
const steps = Array.from({ length: 200 }, (_, i) => `s${i}: vcenters { id }`).join(' ');

/**
 * Starts an operation that waits for its turn again, since another one has the only turn, while its last root field
 * calls `sessionList`.
 */
async function startWaitingAgain(bounds: Partial<TurnBounds>) {
  const vcenter = await startVCenter(many);
  vcenter.addSession({ token: 'other' });
  vcenter.injectFault({
    operation: 'sessionList',
    token: 'demo',
    oversized: { bytes: 1_000_000 },
    times: 1,
  });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxTurns: 1, maxSuspended: 2, ...bounds } },
  );
  const hold = (options: RequestFilter) =>
    vcenter.barrier({ ...options, count: 1000, giveUpAfterMs: 15_000 });
  const firstCall = hold({ api: 'vapi', token: 'demo' });
  const lastCall = hold({ operation: 'sessionList', token: 'demo' });
  const otherCall = hold({ api: 'vapi', token: 'other' });
  const operation = subgraph.query(
    `{
      vcenters { ${manyFields} b: currentSession { user vcenter { currentSession { locale } } } }
      ${steps}
      last: vcenter(id: "default") { sessions { key } }
    }`,
    demo,
  );
  await vi.waitUntil(() => firstCall.arrived === 1, { timeout: 10_000 });
  const other = subgraph.query(expensiveWithCall, token('other'));
  // It has the turn once it has received its list, and its own step after those of the first one.
  await waitForMetric(subgraph.url, 'vcenter_call_duration_seconds_count', 1);
  firstCall.cancel();
  await vi.waitUntil(() => lastCall.arrived === 1 && otherCall.arrived === 1, { timeout: 10_000 });
  return { vcenter, subgraph, operation, lastCall, other, otherCall };
}

/** The calls of both operations until then. */
const callsOfBoth = [
  'vapi getSession',
  'vapi getSession',
  'vim25 sessionList',
  'vim25 sessionList',
];

test('does not proceed in the turn of another where it waits for its own and calls a vCenter', async () => {
  const { vcenter, subgraph, operation, lastCall, other, otherCall } = await startWaitingAgain({});
  await sendCheap(subgraph, 10);
  expect(callsTo(vcenter)).toEqual(callsOfBoth);
  otherCall.cancel();
  lastCall.cancel();
  expect(statusesOf(await Promise.all([operation, other]))).toEqual([200, 200]);
  expect(callsTo(vcenter)).toEqual([...callsOfBoth, 'vim25 currentSession'].sort());
});

test('releases the turn of an operation that was refused while it waited for it', async () => {
  const { vcenter, subgraph, operation, lastCall, other, otherCall } = await startWaitingAgain({
    maxUnparsedBytes: 2_000_000,
    maxWaitingForTurn: 0,
  });
  lastCall.cancel();
  expect((await operation).status).toBe(503);
  otherCall.cancel();
  expect((await other).status).toBe(200);
  for (let i = 0; i < 2; i++) expect((await subgraph.query(expensive, demo)).status).toBe(200);
  expect(vcenter.callCount({ operation: 'currentSession' })).toBe(0);
});

test('executes nothing more of an operation that was refused, and takes no turn for it', async () => {
  const vcenter = await startVCenter(many);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxTurns: 1, maxWaitingForTurn: 0, maxUnparsedBytes: 100_000 } },
  );
  const barrier = vcenter.barrier({ api: 'vapi', count: 1000, giveUpAfterMs: 15_000 });
  const { status } = await subgraph.query(
    `{
      vcenter(id: "default") { sessions { key } ${manyFields} }
      ${steps}
      last: currentSession { locale }
    }`,
    demo,
  );
  expect(status).toBe(503);
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  barrier.cancel();
  await vi.waitUntil(() => vcenter.calls.every(({ state }) => state === 'completed'), {
    timeout: 10_000,
  });
  for (let i = 0; i < 2; i++)
    expect((await subgraph.query(`{ vcenters { ${manyFields} } }`, demo)).status).toBe(200);
  expect(callsTo(vcenter)).toEqual([
    'vapi getSession',
    'vapi getSession',
    'vapi getSession',
    'vim25 sessionList',
  ]);
});
