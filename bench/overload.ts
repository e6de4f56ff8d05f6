/** What an overloaded vCenter still serves: three times as many queries as it can serve, for 20 s. */
import { setTimeout } from 'node:timers/promises';
import { Pool, request } from 'undici';
import { startServerProcess, subgraph } from '../scripts/server-process.ts';
import { sessionInfoOf, userSessionOf } from './sessions.ts';

/** What was returned, and what it took. */
export interface OverloadResult {
  readonly seconds: number;
  readonly queriesPerSecond: number;
  /** Results a second. */
  readonly first: Served;
  /** The same after the first seconds, while queries were sent. */
  readonly later: Served;
  /** Calls that the vCenter received. */
  readonly calls: number;
  /** The share of the calls whose result no client received. */
  readonly inVain: number;
  /** The share of the calls whose result was no part of a whole response. */
  readonly notWhole: number;
}

/** How much was served. */
interface Served {
  /** Responses with the fields of both APIs. */
  readonly whole: number;
  /** Results of one API, in whole and partial responses. */
  readonly results: number;
}

const timeoutMs = 4000;
const firstSeconds = timeoutMs / 1000;
const query = JSON.stringify({ query: '{ currentSession { user loginTime } }' });
const busyDouble = new URL('./busy-double.ts', import.meta.url);

/** Offers a vCenter that serves 128 calls a second 800 calls a second. */
export async function measureOverload(
  seconds = 20,
  queriesPerSecond = 400,
): Promise<OverloadResult> {
  await using double = await startServerProcess(busyDouble);
  await using server = await startServerProcess(subgraph, {
    environment: { VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: String(timeoutMs) },
  });
  const pool = new Pool(server.url);
  const served: { second: number; results: number }[] = [];
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;

  async function send(index: number): Promise<void> {
    const token = `overload-${index}`.padEnd(32, '-token');
    const response = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'vmware-api-session-id': token },
      body: query,
    });
    const { data } = Object(await response.body.json());
    const { user, loginTime } = Object(data.currentSession);
    const results = [
      user === sessionInfoOf(token).user,
      loginTime === userSessionOf(token).loginTime,
    ].filter(Boolean).length;
    served.push({ second: elapsed(), results });
  }

  const sent: Promise<void>[] = [];
  while (elapsed() < seconds) {
    const due = elapsed() * queriesPerSecond;
    while (sent.length < due) sent.push(send(sent.length));
    await setTimeout(5);
  }
  await Promise.all(sent);
  await pool.close();
  const calls = Number(await (await request(`${double.url}/calls`)).body.text());

  const between = (from: number, to: number): Served => {
    const inTime = served.filter(({ second }) => second >= from && second < to);
    const perSecond = (minimum: number) => sum(inTime, minimum) / (to - from);
    return { whole: perSecond(2) / 2, results: perSecond(1) };
  };
  return {
    seconds,
    queriesPerSecond,
    first: between(0, firstSeconds),
    later: between(firstSeconds, seconds),
    calls,
    inVain: 1 - sum(served, 1) / calls,
    notWhole: 1 - sum(served, 2) / calls,
  };
}

/** The results in all responses that have so many at least. */
function sum(served: readonly { readonly results: number }[], minimum: number): number {
  return served.reduce((total, { results }) => total + (results < minimum ? 0 : results), 0);
}
