/**
 * The baseline: what the main query costs without GraphQL. The same two upstream calls with undici, and the same
 * JSON out, by a bare `node:http` server that checks nothing.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { listen } from './listen.ts';
import type { sessionInfoOf, userSessionOf } from './sessions.ts';

const vcenter = process.env['VCENTER_URL'];
if (!vcenter) throw new Error('VCENTER_URL must be the URL of the double, received nothing');
const pool = new Pool(vcenter, { connections: 256 });

async function read(path: string, token: string): Promise<unknown> {
  const { body } = await pool.request({
    path,
    method: 'GET',
    headers: { accept: 'application/json', 'vmware-api-session-id': token },
  });
  return body.json();
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = String(request.headers['vmware-api-session-id']);
  request.resume();
  const [info, session] = await Promise.all([
    read('/api/session', token) as Promise<ReturnType<typeof sessionInfoOf>>,
    read('/sdk/vim25/8.0.2.0/SessionManager/SessionManager/currentSession', token) as Promise<
      ReturnType<typeof userSessionOf>
    >,
  ]);
  const body = JSON.stringify({
    data: { currentSession: { user: info.user, loginTime: session.loginTime } },
  });
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

await listen(
  createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(Object(error)));
  }),
);
