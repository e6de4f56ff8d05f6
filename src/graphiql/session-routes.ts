import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { acceptLanguageOf } from '../accept-language.ts';
import { logOff, logOn } from '../vcenter/logon.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import { isFromOwnPage } from './own-page.ts';
import type { GraphiQLOptions } from './plugin.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { logOffRequest, logOnRequest } from './session-requests.ts';

/** The largest sign-in that makes sense, in bytes. */
const bodyLimit = 8 * 1024;

/**
 * `POST /graphiql/session` signs in and answers `{ "token": "…" }`; `DELETE /graphiql/session?vcenter=<id>`
 * ends the session whose token is in `vmware-api-session-id`. Refusals are `{ "code": "…", "message": "…" }`.
 */
export async function sessionRoutes(app: FastifyInstance, options: GraphiQLOptions): Promise<void> {
  const { vcenters, signInsPerMinute = 10 } = options;
  await app.register(rateLimit, { global: false, hook: 'preHandler' });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isFromOwnPage(request.headers))
      throw new Refusal(
        403,
        'FORBIDDEN',
        'Only the GraphiQL page of this server may sign in here.',
      );
  });

  // Nothing here goes into the log: what failed may hold what was sent.
  app.setErrorHandler((error, _request, reply) => {
    const { status, code, message } = refusalOf(error);
    return reply.code(status).send({ code, message });
  });

  const limit = (max: number) => ({ rateLimit: { max, timeWindow: '1 minute' } });

  app.post(
    '/graphiql/session',
    { bodyLimit, config: limit(signInsPerMinute) },
    async (request, reply) => {
      const { vcenter, ...credentials } = logOnRequest.parse(request.body);
      const token = await logOn(
        find(vcenters, vcenter),
        credentials,
        acceptLanguageOf(request.headers),
      );
      return reply.code(201).send({ token });
    },
  );

  app.delete<{ Querystring: { readonly vcenter?: unknown } }>(
    '/graphiql/session',
    { bodyLimit, config: limit(60) },
    async ({ query, headers }, reply) => {
      const { vcenter, token } = logOffRequest.parse({
        vcenter: query.vcenter,
        token: headers['vmware-api-session-id'],
      });
      await logOff(find(vcenters, vcenter), token);
      return reply.code(204).send();
    },
  );
}

function find(vcenters: readonly VCenter[], id: string): VCenter {
  const vcenter = vcenters.find((configured) => configured.id === id);
  if (vcenter === undefined)
    throw new Refusal(400, 'BAD_USER_INPUT', 'No vCenter of that id is configured.');
  return vcenter;
}
