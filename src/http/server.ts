import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { Config } from '../config/config.ts';
import { createContext } from '../graphql/context.ts';
import { createExecutor } from '../graphql/executor.ts';
import { createMetrics } from '../observability/metrics.ts';
import { createVCenterRegistry } from '../vcenter/registry.ts';
import { handleClientError } from './client-error.ts';
import { readCredentials } from './credentials.ts';
import { errorResponse } from './error-response.ts';
import { createGraphQLHandler } from './graphql-route.ts';
import { registerHealth } from './health.ts';

/** What a server is started with. */
export interface ServerOptions extends Omit<Config, 'simulated'> {
  /** The base URL of the simulator, where one stands in for a vCenter. */
  readonly simulator?: string;
  /** Where log lines are written. Default: stdout. */
  readonly logTo?: { write(line: string): void };
}

/** A server that listens. */
export interface Server {
  /** Its base URL, for example `http://127.0.0.1:4001`. GraphQL is at `/graphql`. */
  readonly url: string;
  /** Drains: it takes no new requests, answers those that it has, then ends all connections. */
  close(): Promise<void>;
}

/** The largest body of a request, in bytes. */
const maxRequestBytes = 1024 * 1024;

/** How long a client may take to send its whole request, in milliseconds. */
const requestTimeoutMs = 30_000;

/** Starts the server, and logs a line `ready` once it listens. Nothing is asked of any vCenter before a request is. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const logger: FastifyServerOptions['logger'] = { level: options.logLevel };
  if (options.logTo) logger.stream = options.logTo;
  const app = fastify({
    logger,
    // Requests carry tokens; what is worth a line about one is logged where it happens.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxRequestBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // Closing takes as long as what is under way; registerHealth bounds it.
    pluginTimeout: 0,
    // Node.js takes the larger of the two for the whole request, and its default for headers is larger.
    http: {
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: requestTimeoutMs / 6,
    },
    frameworkErrors: (error, _request, reply: FastifyReply) =>
      reply.code(400).send(errorResponse(error.message, 'BAD_REQUEST')),
    clientErrorHandler: handleClientError,
  });
  // A page of any site may send it unasked, and nothing here takes it.
  app.removeContentTypeParser('text/plain');
  const metrics = createMetrics();
  const vcenters = createVCenterRegistry(options.vcenters, { log: app.log, metrics });
  const executor = await createExecutor({ log: app.log, introspection: options.graphiql });

  registerErrorHandlers(app);
  registerHealth(app, drainTimeoutMs(options));
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.expose()),
  );
  app.route({
    method: 'POST',
    url: '/graphql',
    onRequest: (request, reply, done) => {
      reply.header('cache-control', 'no-store');
      if (options.routerSecret === undefined || isRouter(request, options.routerSecret))
        return done();
      // The body is not read, so the connection cannot serve another request.
      reply.header('connection', 'close');
      reply
        .code(401)
        .send(
          errorResponse(
            'The header x-router-secret must have the secret of the router.',
            'UNAUTHENTICATED',
          ),
        );
    },
    handler: createGraphQLHandler(executor, ({ headers }, signal) =>
      createContext(vcenters, readCredentials(headers, vcenters.first), signal),
    ),
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    onRequest: async (_request, reply) => void reply.header('cache-control', 'no-store'),
    handler: (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'POST')
        .send(errorResponse('GraphQL is asked by POST.', 'BAD_REQUEST')),
  });
  if (options.graphiql) {
    const { graphiql } = await import('../graphiql/plugin.ts');
    await app.register(graphiql, {
      vcenters: vcenters.all,
      simulator: options.simulator !== undefined,
    });
  }

  await app.listen({ host: options.host, port: options.port });
  const url = urlOf(app);
  warnAtStart(app, options);
  app.log.info(
    {
      url,
      ...(options.graphiql && { graphiql: `${url}/graphql` }),
      ...(options.simulator !== undefined && { simulator: options.simulator }),
    },
    'ready',
  );
  return {
    url,
    async close() {
      await app.close();
      await executor.stop();
      await vcenters.close();
    },
  };
}

/**
 * Says what nobody should learn only later: that no real vCenter is asked, or one without TLS, or not as was
 * meant.
 */
function warnAtStart(app: FastifyInstance, options: ServerOptions): void {
  const { simulator, vcenters, unknownVariables } = options;
  for (const variable of unknownVariables)
    app.log.warn({ variable }, 'this variable is no setting, though its name is like one');
  if (simulator !== undefined)
    app.log.warn(
      'no vCenter is configured (VCENTER_URL): the embedded simulator stands in; its token is demo',
    );
  for (const { id, url } of vcenters)
    if (url.protocol === 'http:' && !isLoopback(url.hostname))
      app.log.warn(
        { vcenter: id },
        'tokens go to this vCenter in clear text: its URL is not https',
      );
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function registerErrorHandlers(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .send(
        errorResponse('There is nothing at this address: GraphQL is at /graphql.', 'NOT_FOUND'),
      ),
  );
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (error instanceof Error && status >= 400 && status < 500)
      return reply.code(status).send(errorResponse(error.message, 'BAD_REQUEST'));
    app.log.error({ err: error }, 'a request failed');
    return reply.code(500).send(errorResponse('Internal server error', 'INTERNAL_SERVER_ERROR'));
  });
}

/** Room for the three calls in a row that one request may take, each until its own timeout: `auto` adds one. */
function drainTimeoutMs({ vcenters }: ServerOptions): number {
  return 3 * Math.max(...vcenters.map(({ timeoutMs }) => timeoutMs)) + 1000;
}

function isRouter(request: FastifyRequest, secret: string): boolean {
  const given = Buffer.from(String(request.headers['x-router-secret'] ?? ''));
  const expected = Buffer.from(secret);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function urlOf(app: FastifyInstance): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
