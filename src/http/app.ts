import type { Server as HttpServer } from 'node:http';
import { Server as NetServer } from 'node:net';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { createContext } from '../graphql/context.ts';
import { createExecutor } from '../graphql/executor.ts';
import { observeExecutor } from '../graphql/observed-executor.ts';
import { createLoggerOptions } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import { recordCalls } from '../observability/operation-context.ts';
import { createOperationLog } from '../observability/operation-log.ts';
import { createTracing } from '../observability/tracing.ts';
import { createVCenterRegistry } from '../vcenter/registry.ts';
import { acceptHttp2, alpnProtocols, type Http2OnPort } from './accept-http2.ts';
import { defaultBounds, type HttpBounds, maxBodyBytes } from './bounds.ts';
import { handleClientError } from './client-error.ts';
import { logUnconfiguredVCenters, readCredentials } from './credentials.ts';
import { registerDecompression } from './decompress-body.ts';
import { registerErrorHandlers } from './error-handlers.ts';
import { errorResponse } from './error-response.ts';
import { createGraphQLHandler, registerGraphQL } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { createHttpServer } from './http-server.ts';
import { InFlightRequests } from './in-flight-requests.ts';
import { registerMetrics } from './metrics-route.ts';
import { isLoopback } from './request/loopback.ts';
import { limitRequestBodies } from './request-bodies.ts';
import { readRequestId, registerRequestId } from './request-id.ts';
import type { ServerOptions } from './server-options.ts';
import { Certificates, requireClientCertificate } from './tls.ts';

/** The app: everything but listening. */
export interface App {
  /** GraphQL, and health and metrics where they have no port of their own. */
  readonly main: FastifyInstance;
  /** Health and metrics, where they have a port of their own. */
  readonly admin: FastifyInstance | undefined;
  readonly inFlight: InFlightRequests;
  /** Stops listening, and ends connections of HTTP/2 once no request is in flight on them. */
  stopListening(): Promise<void>;
  /** Ends all connections of clients and vCenters. */
  close(): Promise<void>;
}

/** Builds the app. No vCenter is called before a request needs one. */
export async function createApp(options: ServerOptions): Promise<App> {
  const bounds: HttpBounds = { ...defaultBounds, ...options.bounds };
  const servers: HttpServer[] = [];
  const http2: Http2OnPort[] = [];
  const inFlight = new InFlightRequests(bounds);
  const certificates = options.tls && (await Certificates.read(options.tls));
  const main = createFastify(loggerOptions(options), (listener) => {
    const tls = certificates && { ...certificates.options, ALPNProtocols: alpnProtocols };
    const server = createHttpServer(listener, bounds, tls);
    servers.push(server);
    http2.push(acceptHttp2(server, bounds));
    return server;
  });
  const metrics = createMetrics(options.vcenters.map(({ id }) => id));
  const vcenters = createVCenterRegistry(options.vcenters, {
    log: main.log,
    metrics,
    calls: recordCalls,
  });
  const renames = options.schemaRename && { schemaRename: options.schemaRename };
  const executor = observeExecutor(
    await createExecutor({
      log: main.log,
      introspection: options.graphiql,
      ...(options.federatedTraces && { federatedTraces: true }),
      ...renames,
    }),
    [metrics, createOperationLog(main.log)],
    await createTracing(),
  );

  const ids = new Set(vcenters.all.map(({ id }) => id));

  registerRequestId(main);
  inFlight.register(main);
  if (options.tls?.clientCaFile !== undefined) requireClientCertificate(main);
  registerDecompression(main);
  limitRequestBodies(main, bounds.maxRequestBytes);
  registerErrorHandlers(main);
  registerGraphQL(
    main,
    options,
    inFlight.limit(
      createGraphQLHandler(
        executor,
        ({ headers }, turn, signal) => {
          logUnconfiguredVCenters(headers, ids, main.log);
          return createContext(vcenters, readCredentials(headers, vcenters.first), turn, signal);
        },
        bounds,
      ),
    ),
  );
  const admin = options.admin && createAdmin(main.log, bounds);
  registerHealth(admin ?? main, inFlight);
  registerMetrics(admin ?? main, metrics);
  if (options.graphiql) {
    const { graphiql } = await import('../graphiql/plugin.ts');
    await main.register(graphiql, {
      vcenters: vcenters.all,
      simulator: options.simulator !== undefined,
      ...renames,
      loopback: isLoopback(options.host),
      routerSecret: options.routerSecret,
    });
  }
  const stopWatching = certificates?.watch(servers, bounds.certificateCheckMs, main.log);
  return {
    main,
    admin,
    inFlight,
    async stopListening() {
      // The method of HTTP servers also closes connections whose responses have not been sent to their end.
      for (const server of servers) NetServer.prototype.close.call(server);
      await Promise.all(http2.map((one) => one.end()));
    },
    async close() {
      stopWatching?.();
      for (const one of http2) one.destroy();
      await main.close();
      await admin?.close();
      await vcenters.close();
    },
  };
}

function loggerOptions({ logLevel, logTo }: ServerOptions): FastifyServerOptions {
  return { logger: createLoggerOptions(logLevel, logTo) };
}

/** Health and metrics in clear HTTP, for monitoring systems. */
function createAdmin(loggerInstance: FastifyBaseLogger, bounds: HttpBounds): FastifyInstance {
  const admin = createFastify({ loggerInstance }, (listener) => createHttpServer(listener, bounds));
  registerErrorHandlers(admin);
  return admin;
}

function createFastify(
  logging: FastifyServerOptions,
  serverFactory: NonNullable<FastifyServerOptions['serverFactory']>,
): FastifyInstance {
  const app = fastify({
    ...logging,
    genReqId: readRequestId,
    // A logger for each request would cost more than any line that is logged; the lines have their request's id.
    childLoggerFactory: (logger) => logger,
    // Requests carry tokens; what is worth a line about one is logged where it happens.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    serverFactory,
    frameworkErrors: (error, _request, reply: FastifyReply) =>
      reply.code(400).send(errorResponse(error.message, 'BAD_REQUEST')),
    clientErrorHandler: handleClientError,
  });
  // A page of any site may send it without a preflight, and no route here accepts it.
  app.removeContentTypeParser('text/plain');
  return app;
}
