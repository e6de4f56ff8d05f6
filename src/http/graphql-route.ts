import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Executor, RejectedDocumentError } from '../graphql/executor.ts';
import type { Context } from '../resolvers/context.ts';
import { errorResponse } from './error-response.ts';

/**
 * Creates the handler of `POST /graphql`.
 *
 * @param createContext - creates the context of one request; its signal cancels the calls of the request.
 */
export function createGraphQLHandler(
  executor: Executor,
  createContext: (request: FastifyRequest, signal: AbortSignal) => Context,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  return async (request, reply) => {
    try {
      const { status, headers, body } = await executor.execute(request, () =>
        createContext(request, abortedWithClient(reply)),
      );
      for (const [name, value] of headers) reply.header(name, value);
      // Set after Apollo Server's headers, which are different for some errors.
      reply.header('cache-control', 'no-store');
      return reply.code(status).send(body);
    } catch (error) {
      if (!(error instanceof RejectedDocumentError)) throw error;
      return reply.code(400).send(errorResponse(error.message, 'BAD_REQUEST'));
    }
  };
}

/** A signal that is aborted when the client's connection closes before the response has ended. */
function abortedWithClient({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  if (raw.destroyed) controller.abort();
  raw.once('close', () => {
    if (!raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
