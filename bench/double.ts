/**
 * A vCenter double as fast as `node:http` allows: the two reads of the token's own session, and and a `sessionList` of 3,000 sessions.
 *
 *     node bench/double.ts
 */
import { createServer, type IncomingMessage } from 'node:http';
import { listen } from './listen.ts';
import { sessionInfoOf, sessionListOf, userSessionOf } from './sessions.ts';

const sessionList = JSON.stringify(sessionListOf(3000));

function bodyOf({ url = '', headers }: IncomingMessage): string | undefined {
  const token = headers['vmware-api-session-id'];
  if (typeof token !== 'string') return undefined;
  if (url === '/api/session') return JSON.stringify(sessionInfoOf(token));
  if (url.endsWith('/currentSession')) return JSON.stringify(userSessionOf(token));
  return url.endsWith('/sessionList') ? sessionList : undefined;
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const body = bodyOf(request);
  request.resume();
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body ?? ''),
  });
  response.end(body);
});

await listen(server);
