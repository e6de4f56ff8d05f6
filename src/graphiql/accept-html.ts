import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];

/**
 * Restricts a route to requests that accept HTML, which browsers send for a page and API clients do not:
 * `constraints: { accept: 'html' }`. The same URL without it is unchanged for all other requests.
 */
export const acceptStrategy: Strategy = {
  name: 'accept',
  storage() {
    const handlers = new Map();
    return {
      get: (kind) => handlers.get(kind) ?? null,
      set: (kind, handler) => handlers.set(kind, handler),
    };
  },
  deriveConstraint: ({ headers }: IncomingMessage) =>
    /\btext\/html\b/i.test(headers.accept ?? '') ? 'html' : undefined,
  validate() {},
};
