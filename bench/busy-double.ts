/**
 * The vCenter double where a call takes a second, 0.7 to 1.3, and 128 are served at once; further ones wait.
 * `GET /calls` returns how many calls it has received.
 *
 *     node bench/busy-double.ts
 */
import { createServer, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';
import { sendJson } from './send-json.ts';
import { sessionInfoOf, userSessionOf } from './sessions.ts';

const servedAtOnce = 128;
/** Spread, so that the connections to the two APIs do not become free at the same moments. */
const callMs = () => 700 + 600 * Math.random();

let calls = 0;
let inService = 0;
const waiting: (() => void)[] = [];

function serve(response: ServerResponse, value: unknown): void {
  inService += 1;
  setTimeout(() => {
    sendJson(response, 200, value);
    inService -= 1;
    waiting.shift()?.();
  }, callMs());
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  if (request.url === '/calls') return sendJson(response, 200, calls);
  calls += 1;
  const token = String(request.headers['vmware-api-session-id']);
  const value = request.url === '/api/session' ? sessionInfoOf(token) : userSessionOf(token);
  if (inService < servedAtOnce) serve(response, value);
  else waiting.push(() => serve(response, value));
});

await listen(server);
