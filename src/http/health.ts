import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { errorResponse } from './error-response.ts';

/**
 * Adds `/health/live` and `/health/ready`, and makes closing gentle: while requests are under way the server
 * goes on listening, so that it can say that it is not ready, and takes no others.
 *
 * @param app - with `return503OnClosing: false`, else it has no say in what is answered while it closes.
 * @param drainTimeoutMs - how long requests that are under way are waited for, in milliseconds.
 */
export function registerHealth(app: FastifyInstance, drainTimeoutMs: number): void {
  let draining = false;
  let inFlight = 0;
  const idle = Promise.withResolvers<void>();

  app.addHook('onRequest', (request, reply, done) => {
    inFlight += 1;
    // Unlike the hook onResponse this comes, too, where the client is gone before its answer.
    reply.raw.once('close', () => {
      inFlight -= 1;
      if (draining && inFlight === 0) idle.resolve();
    });
    if (!draining || request.url.startsWith('/health/')) return done();
    return reply
      .code(503)
      .header('cache-control', 'no-store')
      .send(errorResponse('The server is shutting down.', 'SERVICE_UNAVAILABLE'));
  });
  app.addHook('preClose', async () => {
    draining = true;
    if (inFlight > 0)
      await Promise.race([idle.promise, setTimeout(drainTimeoutMs, undefined, { ref: false })]);
    // What is left are clients that do not read their answer, or never sent a whole request.
    app.server.closeAllConnections();
  });

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) =>
    draining ? reply.code(503).send({ status: 'draining' }) : { status: 'ready' },
  );
}
