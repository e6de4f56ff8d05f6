import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { readAcceptLanguage } from '../http/request/accept-language.ts';
import { isLoopback } from '../http/request/loopback.ts';
import { hasRouterSecret, invalidSecretMessage } from '../http/request/router-secret.ts';
import { logIn, logOut } from '../vcenter/vapi/login.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import { LoginError, toLoginError } from './login-error.ts';
import type { GraphiQLOptions } from './options.ts';
import { loginRequest, logoutRequest } from './request-schemas.ts';
import { isFromOwnPage } from './same-origin.ts';

/** The largest login that makes sense, in bytes. */
const bodyLimit = 8 * 1024;

/**
 * `POST /graphiql/session` logs in and responds with `{ "token": "…" }`; `DELETE /graphiql/session?vcenter=<id>`
 * ends the session whose token is in `vmware-api-session-id`. Errors are `{ "code": "…", "message": "…" }`.
 */
export async function sessionRoutes(app: FastifyInstance, options: GraphiQLOptions): Promise<void> {
  const { vcenters, loopback = false, routerSecret, loginsPerMinute = 10 } = options;
  await app.register(rateLimit, { global: false, hook: 'preHandler' });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isFromOwnPage(request.headers))
      throw new LoginError(
        403,
        'FORBIDDEN',
        'Only the GraphiQL page of this server may log in here.',
      );
    if (loopback && !isLoopbackHost(request.headers.host))
      throw new LoginError(
        403,
        'FORBIDDEN',
        'This server listens on a loopback address: open GraphiQL by that address, or as localhost.',
      );
    if (request.method === 'POST' && !hasRouterSecret(request.headers, routerSecret))
      throw new LoginError(401, 'UNAUTHENTICATED', invalidSecretMessage);
  });

  // The error is not logged: what failed may hold what was sent.
  app.setErrorHandler((error, _request, reply) => {
    const { status, code, message } = toLoginError(error);
    return reply.code(status).send({ code, message });
  });

  const limit = (max: number) => ({ rateLimit: { max, timeWindow: '1 minute' } });

  app.post(
    '/graphiql/session',
    { bodyLimit, config: limit(loginsPerMinute) },
    async (request, reply) => {
      const { vcenter, ...credentials } = loginRequest.parse(request.body);
      const { userName } = credentials;
      const details = { requestId: request.id, vcenter, userName };
      const configured = find(vcenters, vcenter);
      const token = await logIn(configured, credentials, readAcceptLanguage(request.headers)).catch(
        (error: unknown) => {
          request.log.warn({ ...details, code: toLoginError(error).code }, 'log in failed');
          throw error;
        },
      );
      request.log.info(details, 'logged in');
      return reply.code(201).send({ token });
    },
  );

  app.delete<{ Querystring: { readonly vcenter?: unknown } }>(
    '/graphiql/session',
    { bodyLimit, config: limit(60) },
    async ({ query, headers }, reply) => {
      const { vcenter, token } = logoutRequest.parse({
        vcenter: query.vcenter,
        token: headers['vmware-api-session-id'],
      });
      await logOut(find(vcenters, vcenter), token);
      return reply.code(204).send();
    },
  );
}

function isLoopbackHost(host = ''): boolean {
  // A URL's parser would take what stands before an @ for a user name.
  if (!/^[\w.:[\]-]+$/.test(host)) return false;
  const url = URL.parse(`http://${host}`);
  return url !== null && isLoopback(url.hostname);
}

function find(vcenters: readonly VCenter[], id: string): VCenter {
  const vcenter = vcenters.find((configured) => configured.id === id);
  if (vcenter === undefined)
    throw new LoginError(400, 'BAD_USER_INPUT', 'No vCenter of that id is configured.');
  return vcenter;
}
