/** What an expensive operation does in its turn. */
import { expect, test, vi } from 'vitest';
import {
  manyFields,
  readSessionList,
  refusal,
  respondWithList,
  startWithTurnTaken,
} from '../support/expensive-operations.ts';
import { waitForMetric } from '../support/metrics.ts';
import { callsTo, startSubgraph, startVCenter, token } from '../support/subgraph.ts';

const demo = token('demo');

const refused = refusal(
  'At most 0 expensive operations may wait to be executed, received one more.',
);

test('resolves a list in its turn where its length makes the operation expensive', async () => {
  const { vcenter, subgraph, barrier, first } = await startWithTurnTaken({ maxWaitingForTurn: 0 });
  const sessions = (JSON.parse(await readSessionList(vcenter)) as unknown[]).slice(0, 100);
  const selectKeys = (count: number) => {
    respondWithList(vcenter, JSON.stringify(sessions));
    const keys = Array.from({ length: count }, (_, i) => `k${i}: key`).join(' ');
    return subgraph.query(`{ vcenter(id: "default") { sessions { ${keys} } } }`, demo);
  };
  expect((await selectKeys(49)).status).toBe(200);
  expect((await selectKeys(50)).body).toEqual(refused);
  barrier.cancel();
  expect((await first).status).toBe(200);
  expect((await selectKeys(50)).status).toBe(200);
});

test('parses and executes a document of more than 16 Ki characters in its turn', async () => {
  const { subgraph, barrier, first } = await startWithTurnTaken({ maxWaitingForTurn: 0 });
  const send = (document: string, length = 16 * 1024 + 1) =>
    subgraph.query(document.padEnd(length), demo);
  expect((await send('{ __typename }', 16 * 1024)).body).toEqual({ data: { __typename: 'Query' } });
  for (const document of ['{ __typename }', '{ unknown }', '{'])
    expect((await send(document)).body).toEqual(refused);
  barrier.cancel();
  expect((await first).status).toBe(200);
  expect((await send('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  expect((await send('{ unknown }')).status).toBe(400);
});

test('releases the turn of an operation of a long document while it waits for a vCenter', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxTurns: 1, maxWaitingForTurn: 0 } },
  );
  const barrier = vcenter.barrier({ api: 'vapi', count: 1000, giveUpAfterMs: 15_000 });
  const long = subgraph.query('{ currentSession { user } }'.padEnd(20_000), demo);
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  expect((await subgraph.query('{ __typename }'.padEnd(20_000), demo)).status).toBe(200);
  barrier.cancel();
  expect((await long).body).toEqual({
    data: { currentSession: { user: 'Administrator@vsphere.local' } },
  });
});

test.each([
  ['Apollo Server', 0],
  ['the document cache', 1],
])(
  'serializes the response of an expensive operation in a step of its own: executed by %s',
  async (_by, executedBefore) => {
    const vcenter = await startVCenter();
    const subgraph = await startSubgraph(
      { VCENTER_URL: vcenter.url },
      { bounds: { maxTurns: 2, maxSuspended: 0 } },
    );
    const query = `{ vcenters { ${manyFields} } }`;
    for (let i = 0; i < executedBefore; i++)
      expect((await subgraph.query(query, demo)).status).toBe(200);
    vcenter.clearCalls();
    const barrier = vcenter.barrier({ api: 'vapi', count: 1000, giveUpAfterMs: 15_000 });
    const operation = subgraph.query(query, demo);
    await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
    const other = subgraph.query(
      `{ vcenters { ${manyFields} b: currentSession { user vcenter { currentSession { locale } } } } }`,
      demo,
    );
    await waitForMetric(subgraph.url, 'vcenter_calls_shared_total', 1);
    barrier.cancel();
    expect((await operation).status).toBe(200);
    // The step in which the other one proceeds to its next call was due before that of the response.
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
    expect((await other).status).toBe(200);
  },
);
