/**
 * The load of a soak, in a process of its own: queries at a steady rate, each with a token of its own. Some
 * clients leave before the response. A response is either the right one or has errors with codes.
 */
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { sessionInfoOf, userSessionOf } from './sessions.ts';

/** What is sent. */
export interface SoakLoad {
  readonly url: string;
  readonly queriesPerSecond: number;
  readonly seconds: number;
}

/** What came of it. */
export interface SoakResponses {
  readonly right: number;
  readonly withErrors: number;
  readonly left: number;
  readonly wrong: number;
}

const body = JSON.stringify({ query: '{ currentSession { user loginTime } }' });

async function run({ url, queriesPerSecond, seconds }: SoakLoad): Promise<SoakResponses> {
  const pool = new Pool(url, { connections: 256 });
  const counts = { right: 0, withErrors: 0, left: 0, wrong: 0 };
  const inFlight = new Set<Promise<void>>();
  const start = performance.now();
  let sent = 0;

  async function send(index: number): Promise<void> {
    const token = `soak-${index}`.padEnd(32, '-token');
    const { user } = sessionInfoOf(token);
    const { loginTime } = userSessionOf(token);
    try {
      const response = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'vmware-api-session-id': token },
        body,
        signal: index % 50 === 0 ? AbortSignal.timeout(1) : null,
      });
      const text = (await response.body.text()).trimEnd();
      if (text === JSON.stringify({ data: { currentSession: { user, loginTime } } }))
        counts.right += 1;
      else if (response.statusCode === 200 && 'errors' in Object(JSON.parse(text)))
        counts.withErrors += 1;
      else counts.wrong += 1;
    } catch {
      if (index % 50 === 0) counts.left += 1;
      else counts.wrong += 1;
    }
  }

  while (performance.now() - start < seconds * 1000) {
    const due = ((performance.now() - start) / 1000) * queriesPerSecond;
    while (sent < due) {
      const query = send(sent++).finally(() => inFlight.delete(query));
      inFlight.add(query);
    }
    await setTimeout(5);
  }
  await Promise.all(inFlight);
  await pool.close();
  return counts;
}

process.on('message', async (load: SoakLoad) => {
  process.send?.(await run(load));
});
