/** The subgraph as a schema, to serve it from another GraphQL server, such as Apollo Server or GraphQL Yoga. */
import './node-version.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { parseSchemaRename } from './config/schema-rename.ts';
import { createContext } from './graphql/context.ts';
import { type ErrorLog, maskErrors } from './graphql/mask-errors.ts';
import { createSubgraph as createSchema } from './graphql/subgraph.ts';
import { readCredentials } from './http/credentials.ts';
import { Turn } from './loaders/turn.ts';
import { TurnQueue } from './loaders/turn-queue.ts';
import { vcenterDefaults } from './vcenter/defaults.ts';
import { createVCenterRegistry } from './vcenter/registry.ts';
import type { VCenterOptions } from './vcenter/vcenter.ts';

export type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
export type { ErrorLog } from './graphql/mask-errors.ts';

/** A vCenter. All but `url` have the defaults of the settings of the same names. */
export interface VCenterSettings extends Partial<Omit<VCenterOptions, 'url'>> {
  /** For example `https://vcenter.example.com`. */
  readonly url: string | URL;
}

/** What a subgraph is created with. */
export interface SubgraphOptions {
  /** At least one, in order; each with an id of its own. The first is the default one. */
  readonly vcenters: readonly VCenterSettings[];
  /** As the setting `SCHEMA_RENAME`, for example `Session=VCenterSession`. Default: none. */
  readonly schemaRename?: string | Readonly<Record<string, string>>;
  /** Where the cause of an internal error is logged, whose message `formatError` masks. Default: stderr. */
  readonly log?: ErrorLog;
}

/** The context of one request. Its properties are internal. */
export type SubgraphContext = Record<never, never>;

/** A subgraph in the process of another server. */
export interface Subgraph {
  /** Executable; `_entities` and `_service` included. */
  readonly schema: GraphQLSchema;
  /**
   * Creates the context of one request. Call it once for each request: it has the tokens of that request.
   *
   * @param headers - of the request, in Node.js's form or in that of `fetch`.
   */
  createContext(headers: IncomingHttpHeaders | Headers): SubgraphContext;
  /**
   * Apollo Server's `formatError`: errors of a vCenter and of bad input pass, all others are masked. In GraphQL Yoga
   * pass `isVCenterError` of `vcenter-session-subgraph/errors` through in `maskedErrors.maskError`.
   */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  /** Closes the connections to the vCenters. */
  close(): Promise<void>;
}

/**
 * Creates a subgraph. No vCenter is called before a query is executed.
 *
 * The bounds on what an operation resolves and on its representations apply. Those on documents, requests and responses
 * are the embedding server's to set.
 *
 * @throws TypeError where an option cannot be used.
 * @example
 * const subgraph = createSubgraph({ vcenters: [{ url: 'https://vcenter.example.com' }] });
 * const { schema, formatError } = subgraph;
 * await startStandaloneServer(new ApolloServer({ schema, formatError }), {
 *   context: async ({ req }) => subgraph.createContext(req.headers),
 * });
 */
export function createSubgraph(options: SubgraphOptions): Subgraph {
  const registry = createVCenterRegistry(options.vcenters.map(toVCenterOptions));
  if (new Set(registry.all.map(({ id }) => id)).size < registry.all.length)
    throw new TypeError('Each vCenter must have an id of its own.');
  // The embedding server bounds operations: here each expensive one has its turn at once.
  const turns = new TurnQueue({
    maxTurns: Number.POSITIVE_INFINITY,
    maxSuspended: 0,
    maxUnparsedBytes: Number.POSITIVE_INFINITY,
    maxWaitingForTurn: 0,
    maxTurnWaitMs: 0,
  });
  const log = options.log ?? { error: (details, message) => console.error(message, details) };
  return {
    schema: createSchema(toSchemaOptions(options.schemaRename)),
    createContext: (headers) => createContext(registry, credentialsOf(headers), new Turn(turns)),
    formatError: maskErrors(log),
    close: () => registry.close(),
  };

  function credentialsOf(headers: IncomingHttpHeaders | Headers) {
    // GraphQL Yoga has a class of its own for the headers of `fetch`.
    const plain = Symbol.iterator in headers ? Object.fromEntries(headers) : headers;
    return readCredentials(plain, registry.first);
  }
}

function toSchemaOptions(schemaRename: SubgraphOptions['schemaRename']) {
  return schemaRename === undefined ? {} : { rename: parseSchemaRename(schemaRename) };
}

function toVCenterOptions(settings: VCenterSettings): VCenterOptions {
  const url = URL.canParse(String(settings.url)) ? new URL(settings.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new TypeError(`url of a vCenter must be an http or https URL, received ${settings.url}`);
  const { id = vcenterDefaults.id } = settings;
  if (!/^[a-z0-9-]{1,32}$/.test(id))
    throw new TypeError(`id of a vCenter must be 1 to 32 of a-z, 0-9 and -, received ${id}`);
  return {
    ...vcenterDefaults,
    ...settings,
    id,
    url,
  };
}
