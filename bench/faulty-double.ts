/**
 * The vCenter double with faults mixed in: of 1,000 calls some are reset, not authenticated, 503, late or never
 * responded to, and now and then all idle connections close.
 *
 *     node bench/faulty-double.ts
 */
import { createServer } from 'node:http';
import { listen } from './listen.ts';
import { sendJson } from './send-json.ts';
import { sessionInfoOf, userSessionOf } from './sessions.ts';

let calls = 0;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  const token = String(request.headers['vmware-api-session-id']);
  const isVapi = request.url === '/api/session';
  const respond = () =>
    sendJson(response, 200, isVapi ? sessionInfoOf(token) : userSessionOf(token));
  calls += 1;
  switch (calls % 1000) {
    case 100:
      return void request.socket.resetAndDestroy();
    case 200:
      return sendJson(response, 401, { error_type: 'UNAUTHENTICATED', messages: [] });
    case 300:
      return sendJson(response, 503, { error_type: 'SERVICE_UNAVAILABLE', messages: [] });
    case 400:
      // Never responded to: the deadline ends it.
      return;
    case 500:
      return void setTimeout(respond, 200);
    case 600:
      return void response.writeHead(200, { 'content-length': 1000 }).end('{');
    case 700:
      server.closeIdleConnections();
      return respond();
    default:
      return respond();
  }
});

await listen(server);
