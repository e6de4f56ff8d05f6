/** Expensive operations take turns: they delay neither cheap ones nor those whose vCenter responds. */
import { expect, test, vi } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import {
  expensive,
  many,
  readSessionList,
  refusal,
  respondWithList,
  sendCheap,
  startWithTurnTaken,
  statusesOf,
} from '../support/expensive-operations.ts';
import { temporaryFile } from '../support/files.ts';
import { type Subgraph, startSubgraph, startVCenter, token } from '../support/subgraph.ts';

const demo = token('demo');

test('responds with 503 to expensive operations beyond the number that may wait', async () => {
  const { subgraph, barrier, first } = await startWithTurnTaken({ maxWaitingForTurn: 2 });
  const others = [1, 2, 3].map(() => subgraph.query(expensive, demo));
  const refused = await Promise.race(others);
  expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
    503,
    '1',
    refusal('At most 2 expensive operations may wait to be executed, received one more.'),
  ]);
  expect(refused.headers.get('cache-control')).toBe('no-store');
  barrier.cancel();
  expect(statusesOf(await Promise.all([first, ...others]))).toEqual([200, 200, 200, 503]);
  const metrics = await (await fetch(`${subgraph.url}/metrics`)).text();
  expect(metrics).toContain('graphql_errors_total{code="SERVICE_UNAVAILABLE"} 1');
});

test('responds with 503 to an expensive operation that waits too long, and executes cheap ones', async () => {
  const { subgraph, barrier, first } = await startWithTurnTaken({
    maxTurnWaitMs: 100,
    maxUnparsedBytes: 1_500_000,
  });
  const refused = await subgraph.query(expensive, demo);
  expect([refused.status, refused.body]).toEqual([
    503,
    refusal(
      'An expensive operation may wait at most 100 ms to be executed, and this one has. Retry later, or select fewer fields.',
    ),
  ]);
  const { body } = await subgraph.query('{ currentSession { key } }', demo);
  expect(body).toEqual({ data: { currentSession: { key: expect.any(String) } } });
  barrier.cancel();
  const { body: firstBody } = await first;
  expect(Object(firstBody).data.vcenter.sessions.length).toBe(3000);
  expect((await subgraph.query(expensive, demo)).status).toBe(200);
});

test('responds with 503 where the lists that wait to be parsed exceed their bound', async () => {
  const vcenter = await startVCenter(many);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnparsedBytes: 100_000 } },
  );
  expect((await subgraph.query(expensive, demo)).body).toEqual(
    refusal(
      expect.stringMatching(
        /^Responses of vCenters that wait to be parsed may take at most 100000 bytes together, received \d{6,7}\.$/,
      ),
    ),
  );
});

test('counts the memory of a list that waits to be parsed: two bytes for each character where one is not of ASCII', async () => {
  const vcenter = await startVCenter(many);
  const list = await readSessionList(vcenter);
  const maxUnparsedBytes = list.length;
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxUnparsedBytes } },
  );
  respondWithList(vcenter, list);
  expect((await subgraph.query(expensive, demo)).status).toBe(200);
  respondWithList(vcenter, list.replace('Administrator', 'Administratōr'));
  expect((await subgraph.query(expensive, demo)).body).toEqual(
    refusal(
      `Responses of vCenters that wait to be parsed may take at most ${list.length} bytes together, received ${2 * list.length}.`,
    ),
  );
});

test('counts equal lists of two calls that wait to be parsed twice', async () => {
  const maxUnparsedBytes = 1_500_000;
  const { subgraph, barrier, first } = await startWithTurnTaken({ maxUnparsedBytes });
  const both = ['en', 'de'].map((language) =>
    subgraph.query(expensive, { ...demo, 'accept-language': language }),
  );
  expect((await Promise.race(both)).status).toBe(503);
  barrier.cancel();
  expect(statusesOf(await Promise.all([first, ...both]))).toEqual([200, 200, 503]);
});

test('removes an expensive operation from the queue when its client disconnects', async () => {
  const { vcenter, subgraph, barrier, first } = await startWithTurnTaken({ maxWaitingForTurn: 1 });
  const clients = [new AbortController(), new AbortController()].map((controller) => ({
    controller,
    response: fetch(`${subgraph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...demo },
      body: JSON.stringify({ query: expensive }),
      signal: controller.signal,
    }),
  }));
  // One waits, and the other one is refused.
  const refused = await Promise.race(
    clients.map(async ({ response }, index) => ((await response).status === 503 ? index : -1)),
  );
  const waiting = clients[1 - refused];
  waiting?.controller.abort();
  await expect(waiting?.response).rejects.toThrow();

  const lists = () => vcenter.calls.filter(({ operation }) => operation === 'sessionList').length;
  const next = await vi.waitUntil(
    async () => {
      const before = lists();
      const response = subgraph.query(expensive, demo);
      await vi.waitUntil(() => lists() > before, { timeout: 10_000 });
      const status = await Promise.race([
        response.then(({ status }) => status),
        sendCheap(subgraph, 10).then(() => 'waits'),
      ]);
      return status === 'waits' ? { response } : undefined;
    },
    { timeout: 10_000 },
  );
  barrier.cancel();
  expect(statusesOf(await Promise.all([first, next.response]))).toEqual([200, 200]);
});

test('executes cheap operations between expensive ones that wait for the same call', async () => {
  const vcenter = await startVCenter(many);
  // A list that they share counts once.
  const bounds = { maxUnparsedBytes: 1_500_000 };
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url }, { bounds });
  const barrier = vcenter.barrier({ operation: 'sessionList', count: 2, giveUpAfterMs: 15_000 });
  const completed: string[] = [];
  const sent = Array.from({ length: 10 }, async () => {
    const { status } = await subgraph.query(expensive, demo);
    completed.push('expensive');
    return status;
  });
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  // The calls that are shared with it are in flight.
  await sendCheap(subgraph, 10);
  barrier.cancel();
  await vi.waitUntil(() => completed.length > 0, { timeout: 10_000, interval: 1 });
  await sendCheap(subgraph, 1);
  completed.push('cheap');
  expect(await Promise.all(sent)).toEqual(Array(10).fill(200));
  expect(completed.at(-1)).toBe('expensive');
  expect(vcenter.calls.length).toBe(1);
  expect((await subgraph.query(expensive, demo)).status).toBe(200);
});

test('executes an expensive operation while others wait for a slow vCenter', async () => {
  const vcenters = { a: await startVCenter(many), b: await startVCenter(many) };
  const subgraph = await startWithTwo(vcenters);
  const barrier = vcenters.b.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const demoOf = { 'vmware-api-session-id-a': 'demo', 'vmware-api-session-id-b': 'demo' };
  const representations = ['a', 'b'].flatMap((id) =>
    Array.from({ length: 1000 }, (_, i) => ({ __typename: 'Session', id: `${id}:${i}` })),
  );
  const slow = [
    subgraph.query('{ vcenters { sessions { key userName } } }', demoOf),
    subgraph.query(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Session { key userName fullName locale } } }`,
      demoOf,
      { r: representations },
    ),
  ];
  await vi.waitUntil(() => barrier.arrived >= 2, { timeout: 10_000 });
  const { status, body } = await subgraph.query(
    '{ vcenter(id: "a") { sessions { key userName } } }',
    demoOf,
  );
  expect(status).toBe(200);
  expect(Object(body).data.vcenter.sessions.length).toBe(3000);
  barrier.cancel();
  expect(statusesOf(await Promise.all(slow))).toEqual([200, 200]);
});

function startWithTwo(vcenters: Record<'a' | 'b', Simulator>): Promise<Subgraph> {
  const list = Object.entries(vcenters).map(([id, { url }]) => ({ id, url }));
  const file = temporaryFile('vcenters.yaml', JSON.stringify({ vcenters: list }));
  return startSubgraph({ CONFIG_FILE: file }, { bounds: { maxTurns: 1 } });
}
