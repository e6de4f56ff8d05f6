import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { parse } from 'graphql';

/** A subgraph of the company that listens. */
export interface RunningSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  close(): Promise<void>;
}

/** Serves a subgraph on a free port of loopback. Its SDL is `<name>/<name>.graphql`. */
export async function serveSubgraph(
  name: string,
  resolvers: GraphQLResolverMap,
): Promise<RunningSubgraph> {
  const sdl = readFileSync(new URL(`${name}/${name}.graphql`, import.meta.url), 'utf8');
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  return { name, url, sdl, close: () => server.stop() };
}
