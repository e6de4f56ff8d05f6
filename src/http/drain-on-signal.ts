import type { Server } from './server.ts';

/** Within this time signals count as one, in milliseconds: npm passes a terminal's Ctrl-C on once more. */
const sameSignalMs = 1000;

/** Room for what follows the last response, in milliseconds. */
const marginMs = 1000;

/** What draining needs of a server. */
export interface DrainedServer extends Pick<Server, 'drainMs' | 'completeMs' | 'close'> {
  readonly logger: Pick<Server['logger'], 'info' | 'fatal'>;
}

/**
 * Waits for SIGTERM, SIGINT or an uncaught error, and drains the server. SIGINT skips the wait for load
 * balancers. A second signal, more than a second after the first, ends the process at once with 1, and so does
 * draining that takes longer than the settings allow.
 *
 * @returns the exit code once the server has drained: 1 after an uncaught error, else 0.
 */
export function drainOnSignal(server: DrainedServer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let startedAt: number | undefined;
  let exitCode = 0;
  const start = (drainMs: number, reason: object) => {
    startedAt = performance.now();
    const atMostMs = drainMs + server.completeMs + marginMs;
    server.logger.info({ ...reason, drainMs, atMostMs }, 'draining');
    setTimeout(() => process.exit(1), atMostMs).unref();
    server.close(drainMs).then(() => {
      server.logger.info('drained');
      resolve(exitCode);
    }, reject);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (startedAt === undefined) return start(signal === 'SIGINT' ? 0 : server.drainMs, { signal });
    if (performance.now() - startedAt > sameSignalMs) process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Unhandled rejections arrive here, too.
  process.on('uncaughtException', (error) => {
    server.logger.fatal({ err: error }, 'uncaught error');
    exitCode = 1;
    if (startedAt === undefined) start(server.drainMs, {});
  });
  return promise;
}
