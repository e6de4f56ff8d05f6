import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { startProcess } from '../support/process.ts';
import { postQuery, startVCenter, token } from '../support/subgraph.ts';

const query = '{ currentSession { user loginTime } }';

/** 200 queries a second. */
const everyMs = 5;

type Outcome = 'succeeded' | 'SERVICE_UNAVAILABLE';

test('succeeds from the first query on once a vCenter is back, and fails only while it is down', async () => {
  const first = await startVCenter();
  const subgraph = await startProcess({
    PORT: '0',
    VCENTER_URL: first.url,
    VCENTER_BREAKER_RESET_MS: '500',
  });
  const queryOnce = async (): Promise<Outcome> => {
    const { status, body } = await postQuery(`${subgraph.ready.url}/graphql`, query, token('demo'));
    expect(status).toBe(200);
    const { data, errors } = Object(body);
    if (errors === undefined && data.currentSession.user && data.currentSession.loginTime)
      return 'succeeded';
    for (const { extensions } of errors) expect(extensions.code).toBe('SERVICE_UNAVAILABLE');
    return 'SERVICE_UNAVAILABLE';
  };
  /** Starts so many queries, one every 5 ms, whether or not the previous ones have completed. */
  const load = async (queries: number): Promise<Promise<Outcome>[]> => {
    const started: Promise<Outcome>[] = [];
    for (let i = 0; i < queries; i++) {
      started.push(queryOnce());
      await pause(everyMs);
    }
    return started;
  };

  expect(new Set(await Promise.all(await load(100)))).toEqual(new Set(['succeeded']));

  const [inFlight] = await Promise.all([load(40), first.close()]);
  await Promise.all(inFlight);
  expect(new Set(await Promise.all(await load(100)))).toEqual(new Set(['SERVICE_UNAVAILABLE']));

  const port = Number(new URL(first.url).port);
  await using _second = await startSimulator({ port });
  // The circuit breaker lets one query through after a while.
  while ((await queryOnce()) !== 'succeeded') await pause(everyMs);
  expect(new Set(await Promise.all(await load(100)))).toEqual(new Set(['succeeded']));
  expect(await subgraph.stop('SIGTERM')).toBe(0);
}, 60_000);
