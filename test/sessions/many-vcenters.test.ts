import { describe, expect, test, vi } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { failure, noToken } from '../support/errors.ts';
import { callsTo, startSubgraph, startVCenter, startWithSimulators } from '../support/subgraph.ts';

/** That many vCenters, by their ids `vc-0`, `vc-1` and so on, and the headers with a token for each. */
async function startVCenters(count: number) {
  const ids = Array.from({ length: count }, (_, index) => `vc-${index}`);
  const vcenters: Record<string, Simulator> = {};
  for (const id of ids) vcenters[id] = await startVCenter({ name: id });
  return { vcenters, headers: tokensFor(ids) };
}

function tokensFor(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [`vmware-api-session-id-${id}`, 'demo']));
}

const query = '{ vcenters { id currentSession { user } } }';

/** The response of one vCenter to that query. */
function responseFrom(id: string): unknown {
  return { id, currentSession: { user: `Administrator@${id}.local` } };
}

test('calls all vCenters in parallel, each with its own token', async () => {
  const { vcenters, headers } = await startVCenters(10);
  const ids = Object.keys(vcenters);
  const subgraph = await startWithSimulators(vcenters);
  // No vCenter responds before all have been called.
  const barriers = ids.map((id) => vcenters[id]?.barrier({ count: 2, giveUpAfterMs: 15_000 }));
  const pending = subgraph.query(query, headers);
  const areAllCalled = () => barriers.every((barrier) => barrier?.arrived === 1);
  await vi.waitUntil(areAllCalled, { timeout: 10_000 });
  for (const barrier of barriers) barrier?.cancel();
  expect((await pending).body).toEqual({ data: { vcenters: ids.map(responseFrom) } });
  for (const vcenter of Object.values(vcenters))
    expect(callsTo(vcenter)).toEqual(['vapi getSession']);
});

test('looks a session up on one vCenter while another has not responded', async () => {
  const { vcenters, headers } = await startVCenters(2);
  const other = Object.entries(vcenters).map(([id, vcenter]) => {
    const { key } = vcenter.addSession({ token: 'other' });
    return { __typename: 'Session', id: `${id}:${key}` };
  });
  const subgraph = await startWithSimulators(vcenters);
  const barrier = vcenters['vc-0']?.barrier({ count: 2, giveUpAfterMs: 15_000 });
  const pending = subgraph.query(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Session { id } } }',
    headers,
    { r: other },
  );
  const isListCalled = () =>
    vcenters['vc-1']?.calls.some(({ operation }) => operation === 'sessionList') === true;
  await vi.waitUntil(isListCalled, { timeout: 10_000 });
  expect(barrier?.arrived).toBe(1);
  barrier?.cancel();
  expect((await pending).body).toEqual({ data: { _entities: other.map(({ id }) => ({ id })) } });
});

test('calls the first configured vCenter by default, and any other by its id', async () => {
  const { vcenters, headers } = await startVCenters(3);
  const subgraph = await startWithSimulators(vcenters);
  const { body } = await subgraph.query(
    `{ currentSession { user vcenter { id } }
       other: currentSession(vcenter: "vc-2") { user vcenter { id } }
       vcenter(id: "vc-1") { id currentSession { user } } }`,
    headers,
  );
  expect(body).toEqual({
    data: {
      currentSession: { user: 'Administrator@vc-0.local', vcenter: { id: 'vc-0' } },
      other: { user: 'Administrator@vc-2.local', vcenter: { id: 'vc-2' } },
      vcenter: responseFrom('vc-1'),
    },
  });
});

test('gives sessions of different vCenters different ids, even with the same key', async () => {
  const { vcenters, headers } = await startVCenters(2);
  for (const vcenter of Object.values(vcenters)) vcenter.addSession({ token: 'demo', key: 'same' });
  const subgraph = await startWithSimulators(vcenters);
  const { body } = await subgraph.query('{ vcenters { currentSession { id } } }', headers);
  expect(body).toEqual({
    data: {
      vcenters: [{ currentSession: { id: 'vc-0:same' } }, { currentSession: { id: 'vc-1:same' } }],
    },
  });
});

test('lists the vCenters without a call', async () => {
  const { vcenters, headers } = await startVCenters(3);
  const subgraph = await startWithSimulators(vcenters);
  const { body } = await subgraph.query('{ vcenters { id } vcenter(id: "vc-1") { id } }', headers);
  expect(body).toEqual({
    data: { vcenters: [{ id: 'vc-0' }, { id: 'vc-1' }, { id: 'vc-2' }], vcenter: { id: 'vc-1' } },
  });
  for (const vcenter of Object.values(vcenters)) expect(vcenter.connections.accepted).toBe(0);
});

test('treats a URL that is configured under two ids as two vCenters', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startWithSimulators({ a: vcenter, b: vcenter });
  const { body } = await subgraph.query(query, { ...tokensFor(['a']) });
  expect(body).toEqual({
    data: {
      vcenters: [
        { id: 'a', currentSession: { user: 'Administrator@vsphere.local' } },
        { id: 'b', currentSession: null },
      ],
    },
    errors: [failure(['vcenters', 1, 'currentSession'], 'UNAUTHENTICATED', 'vapi', noToken('b'))],
  });
});

describe('one vCenter of several', () => {
  /** The response where the second vCenter fails with a code. */
  const without = (
    ids: readonly string[],
    code: Parameters<typeof failure>[1],
    details = { id: 'vc-1' },
  ) => ({
    data: {
      vcenters: ids.map((id, index) =>
        index === 1 ? { id, currentSession: null } : responseFrom(id),
      ),
    },
    errors: [failure(['vcenters', 1, 'currentSession'], code, 'vapi', details)],
  });

  test('one vCenter that is down costs only its own part of the response', async () => {
    const { vcenters, headers } = await startVCenters(3);
    const subgraph = await startWithSimulators(vcenters);
    await vcenters['vc-1']?.close();
    expect((await subgraph.query(query, headers)).body).toEqual(
      without(Object.keys(vcenters), 'SERVICE_UNAVAILABLE'),
    );
  });

  test('one vCenter without a token costs only its own part of the response', async () => {
    const { vcenters, headers } = await startVCenters(3);
    const subgraph = await startWithSimulators(vcenters);
    const { 'vmware-api-session-id-vc-1': _, ...others } = headers;
    expect((await subgraph.query(query, others)).body).toEqual(
      without(Object.keys(vcenters), 'UNAUTHENTICATED', noToken('vc-1')),
    );
    expect(vcenters['vc-1']?.calls).toEqual([]);
  });

  test('hangs, and the other nine respond meanwhile', async () => {
    const { vcenters, headers } = await startVCenters(10);
    const ids = Object.keys(vcenters);
    const subgraph = await startWithSimulators(vcenters, () => ({ timeoutMs: 60_000 }));
    const others = ids.filter((id) => id !== 'vc-1').map((id) => vcenters[id]);
    vcenters['vc-1']?.injectFault({ hang: true });
    const pending = subgraph.query(query, headers);
    const states = () => others.map((vcenter) => vcenter?.calls[0]?.state);
    await vi.waitUntil(() => states().every((state) => state === 'completed'), { timeout: 10_000 });
    expect(vcenters['vc-1']?.calls.map(({ state }) => state)).toEqual(['open']);
    await vcenters['vc-1']?.close();
    expect((await pending).body).toEqual(without(ids, 'SERVICE_UNAVAILABLE'));
  });
});

test('uses the timeout of each vCenter', async () => {
  const [quick, patient] = [
    await startVCenter({ name: 'vc-1' }),
    await startVCenter({ name: 'vc-0' }),
  ];
  const subgraph = await startWithSimulators({ 'vc-0': patient, 'vc-1': quick }, (id) => ({
    timeoutMs: id === 'vc-1' ? 200 : 20_000,
  }));
  quick.injectFault({ hang: true });
  const barrier = patient.barrier({ count: 2, giveUpAfterMs: 15_000 });
  const pending = subgraph.query(query, tokensFor(['vc-0', 'vc-1']));
  await vi.waitUntil(() => quick.calls[0]?.state === 'aborted', { timeout: 10_000 });
  expect(patient.calls[0]?.state).toBe('open');
  barrier.cancel();
  expect((await pending).body).toEqual({
    data: { vcenters: [responseFrom('vc-0'), { id: 'vc-1', currentSession: null }] },
    errors: [failure(['vcenters', 1, 'currentSession'], 'TIMED_OUT', 'vapi', { id: 'vc-1' })],
  });
});

test('lists the one vCenter that the environment configures', async () => {
  const { url } = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: url });
  expect((await subgraph.query('{ vcenters { id } }')).body).toEqual({
    data: { vcenters: [{ id: 'default' }] },
  });
});
