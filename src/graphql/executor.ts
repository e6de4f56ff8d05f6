import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { FastifyBaseLogger } from 'fastify';
import type { Turn } from '../loaders/turn.ts';
import type { Context } from '../resolvers/context.ts';
import { createOutcomes, type Outcomes } from './apollo-outcomes.ts';
import { createApolloServer } from './apollo-server.ts';
import { DocumentCache, maxTextLength } from './document-cache.ts';
import type { ExecutionResponse } from './execution-response.ts';
import { requestsFederatedTrace } from './federated-traces.ts';
import { maskErrors } from './mask-errors.ts';
import { readDocument, readOperationName } from './request-params.ts';
import { limitBody } from './response-limit.ts';
import { checkDocument, checkOperationName } from './rules/document-limits.ts';
import { createSubgraph } from './subgraph.ts';
import { noRename, type SchemaRename } from './type-names.ts';

/** A GraphQL request over HTTP. */
export interface ExecutionRequest {
  /** The id of the request, for logs. */
  readonly id: string;
  /** The parsed body of the `POST`. Unchecked. */
  readonly body: unknown;
  /** Header names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The operation's turn among expensive ones. */
  readonly turn: Turn;
}

/**
 * Executes GraphQL requests, and hides how: whoever observes operations wraps an executor. Plugins of Apollo
 * Server must not be used to observe, since they see only the first request of each document.
 */
export interface Executor {
  /**
   * Executes one request.
   *
   * @param createContext - creates the context of this request; called at most once, and not at all where
   * nothing is executed.
   * @throws RejectedDocumentError where the document may not be parsed.
   * @throws TurnRefusedError where the operation is expensive and too many others are.
   */
  execute(request: ExecutionRequest, createContext: () => Context): Promise<ExecutionResponse>;
}

/** The document exceeds a bound that is checked before parsing. The message names it. */
export class RejectedDocumentError extends Error {}

/** How an executor is created. */
export interface ExecutorOptions {
  readonly log: FastifyBaseLogger;
  /** Whether clients may query the schema. Routers do not need it: `_service` is always there. */
  readonly introspection: boolean;
  /** New names of types and root fields. Default: none. */
  readonly schemaRename?: SchemaRename;
  /** Whether requests with `apollo-federation-include-trace: ftv1` get `extensions.ftv1`. Default: false. */
  readonly federatedTraces?: boolean;
}

/**
 * Creates the executor of the subgraph: a previously validated document is executed directly from the
 * document cache, any other request by Apollo Server. Both give the same responses, byte for byte.
 */
export async function createExecutor({
  log,
  introspection,
  schemaRename = noRename,
  federatedTraces = false,
}: ExecutorOptions): Promise<Executor> {
  const schema = createSubgraph({ rename: schemaRename });
  const formatError = maskErrors(log);
  const documentCache = new DocumentCache({ schema, formatError, log });
  const outcomes = createOutcomes();
  const settings = { schema, formatError, introspection, log };
  const apollo = await createApolloServer({
    ...settings,
    plugins: [documentCache.plugin, outcomes.plugin],
  });
  // Tracing wraps the resolvers of its schema, so traced requests have a schema of their own.
  const tracing = federatedTraces
    ? await createApolloServer({
        ...settings,
        schema: createSubgraph({ rename: schemaRename }),
        inlineTrace: true,
        plugins: [outcomes.plugin],
      })
    : undefined;
  async function executeInTurn(
    request: ExecutionRequest,
    createContext: () => Context,
  ): Promise<ExecutionResponse> {
    const { body, headers, turn } = request;
    const { accept } = headers;
    const traced = tracing && requestsFederatedTrace(headers) ? tracing : undefined;
    const cached = traced ? undefined : await documentCache.execute(body, accept, createContext);
    if (cached) return cached;
    rejectBeforeParsing(body);
    // To parse and to validate a document that is too long for the cache takes as long as to resolve many fields.
    if ((readDocument(body)?.length ?? 0) > maxTextLength) await turn.takeForStep();
    const response = await executeWithApollo(traced ?? apollo, outcomes, request, createContext);
    const contentType = response.headers.get('content-type');
    if (response.status === 200 && contentType !== undefined)
      documentCache.cacheMediaType(accept, contentType);
    return { ...response, body: limitBody(response.body, log) };
  }
  return {
    execute: (request, createContext) =>
      request.turn.run(() => executeInTurn(request, createContext)),
  };
}

/** Executes a request with Apollo Server, as its documentation describes for integrations. */
async function executeWithApollo(
  apollo: ApolloServer<Context & BaseContext>,
  outcomes: Outcomes,
  request: ExecutionRequest,
  createContext: () => Context,
): Promise<ExecutionResponse> {
  let context: Context | undefined;
  const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      headers: toHeaderMap(request.headers),
      body: request.body,
      search: '',
    },
    context: async () => {
      context = createContext();
      return context;
    },
  });
  // Only @defer and @stream, which the schema does not have, lead to a response in chunks.
  if (body.kind !== 'complete') throw new Error('Apollo Server returned a response in chunks');
  return { status: status ?? 200, headers, body: body.string, outcome: outcomes.take(context) };
}

function rejectBeforeParsing(body: unknown): void {
  const document = readDocument(body);
  const operationName = readOperationName(body);
  const reason =
    (document === undefined ? undefined : checkDocument(document)) ??
    (operationName === undefined ? undefined : checkOperationName(operationName));
  if (reason !== undefined) throw new RejectedDocumentError(reason);
}

function toHeaderMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) map.set(name, String(value));
  return map;
}
