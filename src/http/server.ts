import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { logVCenters } from '../observability/startup-log.ts';
import { createApp } from './app.ts';
import { isLoopback } from './request/loopback.ts';
import type { ServerOptions } from './server-options.ts';

export type { ServerOptions } from './server-options.ts';

/** A server that listens. */
export interface Server {
  /** Its base URL, for example `http://127.0.0.1:4001`. GraphQL is at `/graphql`. */
  readonly url: string;
  /** The base URL of health and metrics, where they have a port of their own. */
  readonly adminUrl: string | undefined;
  readonly logger: FastifyBaseLogger;
  /** How long requests are still served after SIGTERM, in milliseconds. */
  readonly drainMs: number;
  /**
   * How long requests in flight are waited for once nothing listens, in milliseconds: three calls in a row,
   * since a query with a release of `auto` may take so many, each until its own timeout.
   */
  readonly completeMs: number;
  /**
   * Drains and ends: requests that arrive within `drainMs` are served, then nothing listens, what is in flight
   * is completed, and requests that are not whole are dropped.
   *
   * @param drainMs - Default: 0.
   */
  close(drainMs?: number): Promise<void>;
}

/** Starts the server, and logs a line `ready` once it listens. No vCenter is called before a request needs one. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const app = await createApp(options);
  const { main, admin, inFlight } = app;
  try {
    if (admin) await admin.listen({ ...options.admin });
    await main.listen({ host: options.host, port: options.port });
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = urlOf(main, options.tls ? 'https' : 'http');
  const adminUrl = admin && urlOf(admin, 'http');
  logVCenters(main.log, options.vcenters);
  warnAtStart(main.log, options);
  main.log.info(
    {
      url,
      admin: adminUrl,
      ...(options.graphiql && { graphiql: `${url}/graphql` }),
      simulator: options.simulator,
    },
    'ready',
  );
  const completeMs = 3 * Math.max(...options.vcenters.map(({ timeoutMs }) => timeoutMs)) + 1000;
  let closed: Promise<void> | undefined;
  const close = async (drainMs: number) => {
    inFlight.startDraining();
    await setTimeout(drainMs);
    // A busy process has not read all requests that have arrived; their connections are not idle.
    await setImmediate();
    const complete = async () => {
      await app.stopListening();
      await inFlight.complete();
    };
    await Promise.race([complete(), setTimeout(completeMs, undefined, { ref: false })]);
    await app.close();
  };
  return {
    url,
    adminUrl,
    logger: main.log,
    drainMs: options.drainMs ?? 0,
    completeMs,
    close(drainMs = 0) {
      closed ??= close(drainMs);
      return closed;
    },
  };
}

/** Warns of what would be noticed only later: simulator mode, clear text, settings that are not what was meant. */
function warnAtStart(log: FastifyBaseLogger, options: ServerOptions): void {
  const { simulator, vcenters, unknownVariables, production, routerSecret, tls } = options;
  for (const unknown of unknownVariables)
    log.warn(unknown, 'this variable is not a setting, but its name is similar to one');
  if (simulator !== undefined)
    log.warn(
      'no vCenter is configured (VCENTER_URL): the embedded simulator is used; its token is demo',
    );
  for (const { id, url } of vcenters)
    if (url.protocol === 'http:' && !isLoopback(url.hostname))
      log.warn(
        { vcenter: id },
        'tokens are sent to this vCenter in clear text: its URL is not https',
      );
  if (production && routerSecret === undefined && tls?.clientCaFile === undefined)
    log.warn(
      'any client may send queries: neither ROUTER_SECRET nor TLS_CLIENT_CA_FILE is set, and NODE_ENV is production',
    );
}

function urlOf({ server }: FastifyInstance, scheme: string): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
