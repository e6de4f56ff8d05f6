/** Starts the program once and asks it, so that Node.js has all code compiled before the first real start. */
import { startServerProcess, subgraph } from './server-process.ts';

await using program = await startServerProcess(subgraph, { maxMs: 30_000 });
const answer = await fetch(`${program.url}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'vmware-api-session-id': 'demo' },
  body: JSON.stringify({ query: '{ currentSession { user loginTime } }' }),
});
if (!answer.ok) throw new Error(`the program answered with ${answer.status}`);
await answer.text();
