/**
 * `@apollo/gateway` in front of vcenter-session. It has no configuration file; these parts go into
 *
 *     const gateway = new ApolloGateway({
 *       supergraphSdl,
 *       buildService: ({ name, url }) =>
 *         new RemoteGraphQLDataSource(name === SUBGRAPH ? { url, willSendRequest, fetcher } : { url }),
 *     });
 *     const server = new ApolloServer({ gateway, formatError, includeStacktraceInErrorResponses: false });
 *     await startStandaloneServer(server, { context: async ({ req }) => ({ headers: req.headers }) });
 *
 * docs/supergraph.md explains each part. The tests in test/supergraph run a gateway with them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLDataSourceProcessOptions, RemoteGraphQLDataSource } from '@apollo/gateway';
import type { GraphQLFormattedError } from 'graphql';

/** The subgraph's name in the supergraph. */
export const SUBGRAPH = 'vcenter-session';

/** The gateway's context: the headers of the client's request. */
export interface Context {
  headers: IncomingHttpHeaders;
}

/** Tokens, by name and by pattern (one vCenter's own), and the language of the user. */
const FORWARDED = /^(vmware-(api|vim25)-session-id(-[a-z0-9-]{1,32})?|accept-language)$/;

/** Longer than three times the subgraph's VCENTER_TIMEOUT_MS (10 s), so that its own TIMED_OUT arrives first. */
const TIMEOUT_MS = 35_000;

/** Forwards what the subgraph needs of the client's headers, and proves that the request is the gateway's. */
export function willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Context>): void {
  // The gateway's own requests, which it makes before it serves any, have no client and no headers.
  for (const [name, value] of Object.entries(context.headers ?? {})) {
    if (FORWARDED.test(name) && typeof value === 'string') request.http?.headers.set(name, value);
  }
  const secret = process.env['ROUTER_SECRET'];
  if (secret) request.http?.headers.set('x-router-secret', secret);
}

/** The gateway's fetcher has no timeout. This one has, body included, and reuses connections as that one does. */
export const fetcher: RemoteGraphQLDataSource['fetcher'] = (url, init = {}) =>
  fetch(url, { ...(init as RequestInit), signal: AbortSignal.timeout(TIMEOUT_MS) });

/**
 * Subgraph errors pass with their extensions. `response`, which the gateway adds where a subgraph's HTTP status
 * isn't 200, holds that subgraph's address and body, and is for nobody outside.
 */
export function formatError(error: GraphQLFormattedError): GraphQLFormattedError {
  const { response: _, ...extensions } = error.extensions ?? {};
  return { ...error, extensions };
}
