/** The load generator, in a process of its own. Each request has a token of its own, and each response is checked. */
import { Pool } from 'undici';
import { sessionInfoOf, userSessionOf } from './sessions.ts';

/** One round of load. */
export interface Round {
  readonly url: string;
  /** Makes this round's tokens different from all others'. */
  readonly name: string;
  readonly queries: number;
  readonly connections: number;
}

const body = JSON.stringify({ query: '{ currentSession { user loginTime } }' });

async function run({ url, name, queries, connections }: Round): Promise<void> {
  const pool = new Pool(url, { connections });
  let sent = 0;
  const connection = async () => {
    while (sent < queries) {
      const token = `${name}-${sent++}`.padEnd(32, '-token');
      const { user } = sessionInfoOf(token);
      const { loginTime } = userSessionOf(token);
      const expected = JSON.stringify({ data: { currentSession: { user, loginTime } } });
      const response = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'vmware-api-session-id': token },
        body,
      });
      const text = (await response.body.text()).trimEnd();
      if (text !== expected) throw new Error(`expected ${expected}, received ${text}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  await pool.close();
}

process.on('message', async (round: Round) => {
  await run(round);
  process.send?.('done');
});
