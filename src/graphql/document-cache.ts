import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ExecutionResponse } from './execution-response.ts';
import { describeOperation, outcomeOf } from './outcome.ts';
import { readRequestParams } from './request-params.ts';

/** Characters of all texts that are kept. A parsed document takes 80 to 240 times as many bytes. */
const maxCharacters = 512 * 1024;

/** The longest text that is kept: what is longer was made for one request, rather than written once. */
const maxTextLength = 16 * 1024;

/** `Accept` headers that are kept. A router or a client library has one. */
const maxAccepts = 100;

/** What operations are executed with. */
export interface ExecutionOptions {
  readonly schema: GraphQLSchema;
  /** Apollo Server's `formatError`. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/**
 * Executes operations of documents that Apollo Server has had before, without its pipeline, which would take a
 * third as much CPU again. It remembers what Apollo Server found out: which documents are valid, and
 * which media type answers an `Accept` header. Both depend on those texts alone; nothing else of a request is
 * kept. The answers are Apollo Server's, byte for byte.
 */
export class DocumentCache<Context extends object> {
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
  cacheMediaType(accept: string | undefined, mediaType: string): void {
    this.#headers.set(accept ?? '', new Map([['content-type', mediaType]]));
  }

  /**
   * Executes a request.
   *
   * @param body - the parsed body.
   * @param accept - the header `Accept`.
   * @param contextOf - makes the context of the request.
   * @returns undefined where Apollo Server must answer: it has not yet, or the request is wrong. Then nothing
   * was resolved.
   */
  async execute(
    body: unknown,
    accept: string | undefined,
    contextOf: () => Context,
  ): Promise<ExecutionResponse | undefined> {
    const headers = this.#headers.get(accept ?? '');
    const request = readRequestParams(body);
    const document = request && this.#documents.get(request.query);
    if (!headers || !document) return undefined;
    const { data, errors } = await execute({
      schema: this.#options.schema,
      document,
      contextValue: contextOf(),
      variableValues: request.variables,
      operationName: request.operationName,
    });
    // An error before execution began, for example in a variable.
    if (data === undefined) return undefined;
    const formatted = errors?.map((error) => this.#format(error));
    const response = formatted ? { errors: formatted, data } : { data };
    return {
      status: 200,
      headers,
      body: `${JSON.stringify(response)}\n`,
      outcome: outcomeOf(data, formatted, describeOperation(document, request.operationName)),
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
