import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';

const header = 'x-request-id';

const pattern = /^[\w.-]{1,128}$/;

/** Of this process: a random id for each request would cost as much as reading the request's body. */
const prefix = randomBytes(8).toString('hex');

let made = 0;

/** The id of a request: from `x-request-id` where that is 1 to 128 of `A-Za-z0-9._-`, else a new one. */
export function readRequestId({
  headers,
}: {
  readonly headers: IncomingHttpHeaders | NodeJS.Dict<string | string[]>;
}): string {
  const id = headers[header];
  return typeof id === 'string' && pattern.test(id) ? id : `${prefix}-${++made}`;
}

/** Returns the id of each request in its response. */
export function registerRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(header, request.id);
    done();
  });
}
