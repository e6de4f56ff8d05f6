import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../resolvers/context.ts';
import type { ExecutionResponse } from './execution-response.ts';
import { omitLocations } from './omit-locations.ts';
import { describeOperation, outcomeOf } from './outcome.ts';
import { readRequestParams } from './request-params.ts';
import { limitBody, limitResult, type ResponseLog } from './response-limit.ts';

/** Characters of all cached documents. A parsed document takes 80 to 240 times as many bytes. */
const maxCharacters = 512 * 1024;

/** The longest document that is cached: a longer one was made for one request, rather than written once. */
export const maxTextLength = 16 * 1024;

/** `Accept` headers that are cached. A router or a client library has one. */
const maxAccepts = 100;

/** What is needed of the context of an operation. */
type Operation = Pick<Context, 'turn'>;

/** What operations are executed with. */
export interface ExecutionOptions {
  readonly schema: GraphQLSchema;
  /** Apollo Server's `formatError`. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  readonly log: ResponseLog;
}

/**
 * Executes operations of previously validated documents without Apollo Server's pipeline, which would take a
 * third as much CPU again. It caches what Apollo Server found out: which documents are valid, and the media type
 * for an `Accept` header. Both depend on those texts alone; nothing else of a request is kept. The responses are
 * Apollo Server's, byte for byte.
 */
export class DocumentCache {
  readonly #options: ExecutionOptions;
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: maxCharacters,
    maxEntrySize: maxTextLength,
    sizeCalculation: (_document, text) => text.length,
  });
  /** Headers of a response by the `Accept` header of its request. */
  readonly #headers = new LRUCache<string, ReadonlyMap<string, string>>({ max: maxAccepts });

  constructor(options: ExecutionOptions) {
    this.#options = options;
  }

  /** Has an Apollo Server cache its valid documents here, and bound its responses as this cache does. */
  readonly plugin: ApolloServerPlugin<Operation> = {
    requestDidStart: async () => ({
      // Called after validation.
      didResolveOperation: async ({ source, document }) => {
        if (source.length > maxTextLength) omitLocations(document);
        else this.#documents.set(source, document);
      },
      willSendResponse: async ({ contextValue: { turn }, response: { body } }) => {
        if (turn.isRequired) await turn.take();
        if (body.kind === 'single')
          body.singleResult = limitResult(body.singleResult, this.#options.log);
      },
    }),
  };

  /** Caches the media type with which Apollo Server responded to an `Accept` header. */
  cacheMediaType(accept: string | undefined, mediaType: string): void {
    this.#headers.set(accept ?? '', new Map([['content-type', mediaType]]));
  }

  /**
   * Executes a request.
   *
   * @param body - the parsed body.
   * @param accept - the header `Accept`.
   * @param createContext - creates the context of the request.
   * @returns undefined where Apollo Server must respond: the document is not cached, or the request is wrong. Then
   * nothing was resolved.
   */
  async execute(
    body: unknown,
    accept: string | undefined,
    createContext: () => Operation,
  ): Promise<ExecutionResponse | undefined> {
    const headers = this.#headers.get(accept ?? '');
    const request = readRequestParams(body);
    const document = request && this.#documents.get(request.query);
    if (!headers || !document) return undefined;
    const contextValue = createContext();
    const { data, errors } = await execute({
      schema: this.#options.schema,
      document,
      contextValue,
      variableValues: request.variables,
      operationName: request.operationName,
    });
    // An error before execution began, for example in a variable.
    if (data === undefined) return undefined;
    const { turn } = contextValue;
    if (turn.isRequired) await turn.take();
    const { log } = this.#options;
    const formatted = errors
      ? { errors: errors.map((error) => this.#format(error)), data }
      : { data };
    const result = limitResult(formatted, log);
    return {
      status: 200,
      headers,
      body: limitBody(`${JSON.stringify(result)}\n`, log),
      outcome: outcomeOf(
        result.data,
        result.errors,
        describeOperation(getOperationAST(document, request.operationName)),
      ),
    };
  }

  /** As Apollo Server does; of `extensions.http`, with which an error could change the status, there is none. */
  #format(error: GraphQLError): GraphQLFormattedError {
    const formatted = error.toJSON();
    const extensions = { ...formatted.extensions };
    extensions['code'] ??= 'INTERNAL_SERVER_ERROR';
    return this.#options.formatError({ ...formatted, extensions }, error);
  }
}
