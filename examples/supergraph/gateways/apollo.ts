import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import {
  type Context,
  fetcher,
  formatError,
  SUBGRAPH,
  willSendRequest,
} from '../../routers/apollo-gateway.ts';
import type { StartGateway } from './gateway.ts';

/** `@apollo/gateway` with the recipe of `examples/routers`. */
export const startGateway: StartGateway = async (supergraphSdl, port) => {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url = '' }) =>
      new RemoteGraphQLDataSource<Context>(
        name === SUBGRAPH ? { url, willSendRequest, fetcher } : { url },
      ),
  });
  const server = new ApolloServer<Context>({
    gateway,
    formatError,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return { url, close: () => server.stop() };
};
