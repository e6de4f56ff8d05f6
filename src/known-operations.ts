import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of all texts that are kept. A parsed document takes about a hundred times as many bytes. */
const maxCharacters = 256 * 1024;

/** The longest text that is kept: what is longer was made for one request, rather than written once. */
const maxTextLength = 16 * 1024;

/** `Accept` headers that are kept. A router or a client library has one. */
const maxAccepts = 100;

/** A request over HTTP, as far as the answer depends on it. */
export interface OperationRequest {
  /** The parsed body. */
  readonly body: unknown;
  /** The header `Accept`. */
  readonly accept: string | undefined;
}

/** An answer over HTTP, of status 200. */
export interface OperationAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** What operations are executed with. */
export interface KnownOperationsOptions {
  readonly schema: GraphQLSchema;
  /** Apollo Server's `formatError`. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/**
 * Executes operations that Apollo Server has answered before, without its pipeline, which costs as much CPU as
 * all the rest of a query. It remembers what Apollo Server found out: which documents are valid, and which
 * media type answers an `Accept` header. Both depend on those texts alone; nothing else of a request is kept.
 * The answers are Apollo Server's, byte for byte.
 */
export class KnownOperations<Context extends object> {
  readonly #options: KnownOperationsOptions;
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: maxCharacters,
    maxEntrySize: maxTextLength,
    sizeCalculation: (_document, text) => text.length,
  });
  readonly #contentTypes = new LRUCache<string, string>({ max: maxAccepts });

  constructor(options: KnownOperationsOptions) {
    this.#options = options;
  }

  /** Has an Apollo Server remember here which documents are valid. */
  readonly plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      // Comes after validation.
      didResolveOperation: async ({ source, document }) => {
        this.#documents.set(source, document);
      },
    }),
  };

  /** Remembers with which media type Apollo Server answered an operation. */
  answered(accept: string | undefined, contentType: string): void {
    this.#contentTypes.set(accept ?? '', contentType);
  }

  /**
   * Executes a request.
   *
   * @param contextOf - makes the context of the request.
   * @returns undefined where Apollo Server must answer: it has not yet, or the request is wrong. Then nothing
   * was resolved.
   */
  async execute(
    { body, accept }: OperationRequest,
    contextOf: () => Context,
  ): Promise<OperationAnswer | undefined> {
    const contentType = this.#contentTypes.get(accept ?? '');
    const request = plainRequest(body);
    const document = request && this.#documents.get(request.query);
    if (contentType === undefined || !document) return undefined;
    const { data, errors } = await execute({
      schema: this.#options.schema,
      document,
      contextValue: contextOf(),
      variableValues: request.variables,
      operationName: request.operationName,
    });
    // An error before execution began, for example in a variable.
    if (data === undefined) return undefined;
    const answer = errors ? { errors: errors.map((error) => this.#format(error)), data } : { data };
    return { contentType, body: `${JSON.stringify(answer)}\n` };
  }

  #format(error: GraphQLError): GraphQLFormattedError {
    const formatted = error.toJSON();
    const extensions = { ...formatted.extensions };
    extensions['code'] ??= 'INTERNAL_SERVER_ERROR';
    return this.#options.formatError({ ...formatted, extensions }, error);
  }
}

/** A GraphQL request with nothing in it that its answer could depend on beside these. */
interface PlainRequest {
  readonly query: string;
  readonly variables: Record<string, unknown> | null | undefined;
  readonly operationName: string | null | undefined;
}

/** The request that a body is, undefined where it has a member of the wrong type, or a persisted query. */
function plainRequest(body: unknown): PlainRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { query, variables, operationName, extensions } = body;
  if (typeof query !== 'string') return undefined;
  if (variables != null && !isRecord(variables)) return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (extensions != null && (!isRecord(extensions) || extensions['persistedQuery']))
    return undefined;
  return { query, variables, operationName };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
