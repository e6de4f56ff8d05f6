import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyBaseLogger } from 'fastify';
import type { Context } from './context.ts';
import { maskErrors } from './errors/mask.ts';
import { KnownDocuments } from './known-documents.ts';
import { createSubgraph } from './subgraph.ts';
import { withinCost } from './validation/cost.ts';
import { noIntrospection } from './validation/introspection.ts';
import { knownOperationTypes } from './validation/operation-types.ts';

/** Lexical tokens of one document at most: room for 5,000 representations that are written out in it. */
const maxTokens = 50_000;

/** What executes operations. */
export interface Operations {
  readonly apollo: ApolloServer<Context & BaseContext>;
  /** Of documents that Apollo Server has had before. */
  readonly known: KnownDocuments<Context & BaseContext>;
}

/**
 * Starts the Apollo Server that executes operations.
 *
 * @param introspection - whether clients may ask for the schema. Routers do not need it: `_service` always
 * answers.
 */
export async function startApollo(
  log: FastifyBaseLogger,
  introspection: boolean,
): Promise<Operations> {
  const schema = createSubgraph();
  const formatError = maskErrors(log);
  const known = new KnownDocuments<Context & BaseContext>({ schema, formatError });
  const apollo = new ApolloServer<Context & BaseContext>({
    schema,
    introspection: true,
    formatError,
    includeStacktraceInErrorResponses: false,
    // Where nobody is to see the schema, its names are not suggested either.
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: false,
    parseOptions: { maxTokens },
    validationRules: [
      knownOperationTypes,
      withinCost,
      // In the place of Apollo Server's own, which tells clients how to set up Apollo Server.
      ...(introspection ? [] : [noIntrospection]),
    ],
    stopOnTerminationSignals: false,
    logger: log,
    // Nothing is reported to anyone, whatever the environment says, and no page of Apollo's is served.
    plugins: [
      known.plugin,
      // It would wrap every resolver, for a header that is always no-store here.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  return { apollo, known };
}
