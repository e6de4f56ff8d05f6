import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { readAcceptLanguage } from '../http/accept-language.ts';
import { logIn, logOut } from '../vcenter/vapi/login.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import { LoginError, toLoginError } from './http-error.ts';
import type { GraphiQLOptions } from './options.ts';
import { isFromOwnPage } from './same-origin.ts';
import { loginRequest, logoutRequest } from './session-requests.ts';

/** The largest sign-in that makes sense, in bytes. */
const bodyLimit = 8 * 1024;

/**
 * `POST /graphiql/session` signs in and answers `{ "token": "…" }`; `DELETE /graphiql/session?vcenter=<id>`
 * ends the session whose token is in `vmware-api-session-id`. Refusals are `{ "code": "…", "message": "…" }`.
 */
export async function sessionRoutes(app: FastifyInstance, options: GraphiQLOptions): Promise<void> {
  const { vcenters, loginsPerMinute = 10 } = options;
  await app.register(rateLimit, { global: false, hook: 'preHandler' });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isFromOwnPage(request.headers))
      throw new LoginError(
        403,
        'FORBIDDEN',
        'Only the GraphiQL page of this server may sign in here.',
      );
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
      const details = { vcenter, userName: credentials.userName };
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

function find(vcenters: readonly VCenter[], id: string): VCenter {
  const vcenter = vcenters.find((configured) => configured.id === id);
  if (vcenter === undefined)
    throw new LoginError(400, 'BAD_USER_INPUT', 'No vCenter of that id is configured.');
  return vcenter;
}
