import type { FastifyInstance } from 'fastify';

/** What the probes of health need to know of the process. */
export interface Readiness {
  /** Whether the process is about to end. */
  readonly draining: boolean;
}

/** Adds `/health/live` and `/health/ready`. Neither calls a vCenter. */
export function registerHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) =>
    readiness.draining ? reply.code(503).send({ status: 'draining' }) : { status: 'ready' },
  );
}

/** Whether a request is one of a monitoring system, which must get its response when others do not. */
export function isProbe(url: string): boolean {
  return url.startsWith('/health/') || url === '/metrics';
}
