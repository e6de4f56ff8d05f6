import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Context } from '../resolvers/context.ts';
import { maxTokens } from './rules/document-limits.ts';
import { introspectionLimit } from './rules/introspection-limit.ts';
import { knownOperationTypes } from './rules/known-operation-types.ts';
import { noIntrospection } from './rules/no-introspection.ts';

/** How an Apollo Server is created. */
export interface ApolloServerSettings {
  readonly schema: GraphQLSchema;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  /** Whether clients may query the schema. */
  readonly introspection: boolean;
  readonly log: FastifyBaseLogger;
  readonly plugins: readonly ApolloServerPlugin<Context & BaseContext>[];
  /** Whether requests with `apollo-federation-include-trace: ftv1` get `extensions.ftv1`. Default: false. */
  readonly inlineTrace?: boolean;
}

/** Creates and starts the Apollo Server that validates documents and executes operations. */
export async function createApolloServer({
  schema,
  formatError,
  introspection,
  log,
  plugins,
  inlineTrace = false,
}: ApolloServerSettings): Promise<ApolloServer<Context & BaseContext>> {
  const inlineTracePlugin = inlineTrace
    ? await createInlineTrace()
    : ApolloServerPluginInlineTraceDisabled();
  const apollo = new ApolloServer<Context & BaseContext>({
    schema,
    introspection: true,
    formatError,
    includeStacktraceInErrorResponses: false,
    // Where introspection is off, error messages suggest no names of the schema either.
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: false,
    parseOptions: { maxTokens },
    validationRules: [
      knownOperationTypes,
      introspectionLimit,
      // Replaces Apollo Server's rule, whose message explains how to set up Apollo Server.
      ...(introspection ? [] : [noIntrospection]),
    ],
    stopOnTerminationSignals: false,
    logger: log,
    // Nothing is reported to anyone, whatever the environment has, and no page of Apollo's is served.
    plugins: [
      ...plugins,
      // It would wrap every resolver, for a header that is always no-store here.
      ApolloServerPluginCacheControlDisabled(),
      inlineTracePlugin,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Loaded only where it is needed: it brings a library of Protocol Buffers. */
async function createInlineTrace(): Promise<ApolloServerPlugin> {
  const { ApolloServerPluginInlineTrace } = await import('@apollo/server/plugin/inlineTrace');
  // Messages of errors may hold what is for the client alone, so traces have them masked.
  return ApolloServerPluginInlineTrace({ includeErrors: { masked: true } });
}
