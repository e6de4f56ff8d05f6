import type { FastifyInstance } from 'fastify';
import type { VCenter } from '../vcenter/vcenter.ts';
import { pageRoutes } from './page-routes.ts';
import { sessionRoutes } from './session-routes.ts';

/** What GraphiQL needs to know of the server that it is part of. */
export interface GraphiQLOptions {
  /** The configured vCenters, in the order of the settings: those that a user can sign in to. */
  readonly vcenters: readonly VCenter[];
  /**
   * Whether the embedded simulator stands in for the vCenters. The page then fills in its token `demo`, and
   * says which password it takes. Default: false.
   */
  readonly simulator?: boolean;
  /** How often one client address may try to sign in, per minute. Default: 10. */
  readonly signInsPerMinute?: number;
}

/**
 * GraphiQL: the page at `GET /graphql` for whoever accepts HTML, its files, and signing in to a vCenter.
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
