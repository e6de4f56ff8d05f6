import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];

/**
 * Lets a route answer only those who accept HTML, which is what browsers say of a page and nobody says of an
 * API: `constraints: { accept: 'html' }`. The same URL without it stays as it is for everyone else.
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
