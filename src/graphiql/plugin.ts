import type { FastifyInstance } from 'fastify';
import type { GraphiQLOptions } from './options.ts';
import { pageRoutes } from './page-routes.ts';
import { sessionRoutes } from './session-routes.ts';

/**
 * GraphiQL: the page at `GET /graphql` for whoever accepts HTML, its files, and logging in to a vCenter.
 *
 * A Fastify plugin. Where GraphiQL is off it is not registered, and the server has no trace of it.
 *
 *     if (options.graphiql) await app.register(graphiql, { vcenters: vcenters.all });
 *
 * It is independent of how `/graphql` is served to everyone else, and of the order of registration.
 */
export async function graphiql(app: FastifyInstance, options: GraphiQLOptions): Promise<void> {
  await app.register(pageRoutes, options);
  await app.register(sessionRoutes, options);
}
