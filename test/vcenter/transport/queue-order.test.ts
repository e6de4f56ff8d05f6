import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Api } from '../../../src/errors/extensions.ts';
import { sessionInfo, userSession } from '../../errors/responses.ts';
import { waitForMetric } from '../../support/metrics.ts';
import { startSubgraph, token } from '../../support/subgraph.ts';
import { json, startDouble } from '../../support/vcenter-double.ts';

const both = '{ currentSession { user key } }';
const vapiOnly = '{ currentSession { user } }';
const vim25Only = '{ currentSession { key } }';

const busy = 'RESOURCE_BUSY';

/** The value of an API for a token. */
const values: Record<Api, (name: string) => unknown> = {
  vapi: (name) => ({ ...sessionInfo, user: name }),
  vim25: (name) => ({ ...userSession, key: name }),
};

/**
 * Starts the subgraph with one connection to each API of a vCenter that responds when the test lets it. Both
 * connections have a call in flight.
 */
async function startBusy({ maxQueued }: { maxQueued: number }) {
  const double = await startDouble();
  const { url } = await startSubgraph(
    { VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '60000' },
    {},
    { maxConnections: 1, maxQueued },
  );
  const open: Record<Api, { socket: Socket; name: string }[]> = { vapi: [], vim25: [] };
  const queued = { vapi: 0, vim25: 0 };
  const requests = () => double.requests.map(({ name }) => name);

  /** Waits until a queue has so many calls more. */
  async function awaitQueued(more: { vapi?: number; vim25?: number }): Promise<void> {
    for (const api of ['vapi', 'vim25'] as const) {
      queued[api] += more[api] ?? 0;
      const name = `vcenter_calls_queued{vcenter="default",api="${api}"}`;
      await waitForMetric(url, name, queued[api]);
    }
  }

  /** Starts a query; its result is the user, the key and the codes of the errors. */
  function query(text: string, name: string) {
    for (const api of ['vapi', 'vim25'] as const)
      double.respondWith(api, name, (socket) => void open[api].push({ socket, name }));
    const client = new AbortController();
    onTestFinished(() => client.abort());
    const result = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...token(name) },
      body: JSON.stringify({ query: text }),
      signal: client.signal,
    }).then(
      async (response) => {
        const { data, errors = [] } = Object(await response.json());
        const codes = errors.map(
          (error: Error & { extensions: { code: string } }) => error.extensions.code,
        );
        return [...Object.values(Object(data.currentSession)), ...codes];
      },
      () => 'left',
    );
    return { result, leave: () => client.abort() };
  }

  /** Responds to the call that is in flight to an API, and waits for the next to arrive. */
  async function respond(api: Api): Promise<void> {
    const count = requests().length;
    const call = open[api].shift();
    call?.socket.write(json(200, values[api](call.name)));
    if (queued[api] === 0) return;
    await expect.poll(() => requests().length, { timeout: 10_000 }).toBe(count + 1);
    await awaitQueued({ [api]: -1 });
  }

  query(both, 'first');
  await expect.poll(() => requests().length, { timeout: 10_000 }).toBe(2);
  return { requests, query, respond, awaitQueued };
}

test('sends the newest call first from the first refused call until the queue is empty', async () => {
  const { requests, query, respond, awaitQueued } = await startBusy({ maxQueued: 3 });
  for (const name of ['a', 'b', 'c']) {
    query(vim25Only, name);
    await awaitQueued({ vim25: 1 });
  }
  expect(await query(vim25Only, 'd').result).toEqual([busy]);
  for (let i = 0; i < 3; i++) await respond('vim25');
  expect(requests().slice(2)).toEqual(['vim25 c', 'vim25 b', 'vim25 a']);
  for (const name of ['e', 'f']) {
    query(vim25Only, name);
    await awaitQueued({ vim25: 1 });
  }
  for (let i = 0; i < 2; i++) await respond('vim25');
  expect(requests().slice(5)).toEqual(['vim25 e', 'vim25 f']);
});

test('sends the missing call of a request before the calls of all others', async () => {
  const { requests, query, respond, awaitQueued } = await startBusy({ maxQueued: 2 });
  const queries = [];
  for (const name of ['a', 'b']) {
    queries.push(query(both, name));
    await awaitQueued({ vapi: 1, vim25: 1 });
  }
  expect(await query(both, 'refused').result).toEqual([busy]);
  await respond('vapi');
  queries[0]?.leave();
  await awaitQueued({ vapi: -1, vim25: -1 });
  query(both, 'newest');
  await awaitQueued({ vapi: 1, vim25: 1 });
  await respond('vim25');
  expect(requests().slice(2)).toEqual(['vapi b', 'vim25 b']);
  await respond('vapi');
  await respond('vim25');
  expect(await queries[1]?.result).toEqual(['b', 'b']);
  expect(requests().slice(4)).toEqual(['vapi newest', 'vim25 newest']);
});

test('sends a call whose request has another one refused after all others, for a partial response', async () => {
  const { requests, query, respond, awaitQueued } = await startBusy({ maxQueued: 2 });
  for (const name of ['a', 'b']) {
    query(vapiOnly, name);
    await awaitQueued({ vapi: 1 });
  }
  const partial = query(both, 'partial');
  await awaitQueued({ vim25: 1 });
  query(vim25Only, 'c');
  await awaitQueued({ vim25: 1 });
  for (let i = 0; i < 3; i++) await respond('vim25');
  expect(requests().slice(2)).toEqual(['vim25 c', 'vim25 partial']);
  expect(await partial.result).toEqual([null, 'partial', busy]);
});

test('refuses a call of a request that can only have a partial response where the queue is full', async () => {
  const { requests, query, respond, awaitQueued } = await startBusy({ maxQueued: 1 });
  query(vapiOnly, 'a');
  await awaitQueued({ vapi: 1 });
  const partial = query(both, 'partial');
  await awaitQueued({ vim25: 1 });
  const whole = query(vim25Only, 'b');
  expect(await partial.result).toEqual([busy]);
  for (let i = 0; i < 2; i++) await respond('vim25');
  expect(await whole.result).toEqual(['b']);
  expect(requests().slice(2)).toEqual(['vim25 b']);
});
