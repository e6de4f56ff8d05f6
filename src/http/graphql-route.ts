import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Executor, RejectedDocumentError } from '../graphql/executor.ts';
import { Turn } from '../loaders/turn.ts';
import { TurnQueue, TurnRefusedError } from '../loaders/turn-queue.ts';
import type { Context } from '../resolvers/context.ts';
import type { HttpBounds } from './bounds.ts';
import { closeAfter } from './close-after.ts';
import { errorResponse, sendServiceUnavailable } from './error-response.ts';
import { hasRouterSecret, invalidSecretMessage } from './request/router-secret.ts';
import { UnreadResponses } from './unread-responses.ts';

/**
 * Handles `POST /graphql`. It resolves once the response is sent; not with the reply, which resolves when the client has
 * read it, and of a cancelled request of HTTP/2 never.
 */
export type GraphQLHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Creates the handler of `POST /graphql`.
 *
 * @param createContext - creates the context of one request; its signal cancels the calls of the request.
 * @param bounds - on expensive operations, and on the responses that clients have not read yet.
 */
export function createGraphQLHandler(
  executor: Executor,
  createContext: (request: FastifyRequest, turn: Turn, signal: AbortSignal) => Context,
  bounds: HttpBounds,
): GraphQLHandler {
  const unread = new UnreadResponses(bounds);
  const turns = new TurnQueue(bounds);
  return async (request, reply) => {
    const signal = abortedWithClient(reply);
    const turn = new Turn(turns, signal);
    try {
      const { status, headers, body } = await executor.execute(
        { id: request.id, headers: request.headers, body: request.body, turn },
        () => createContext(request, turn, signal),
      );
      if (!unread.add(reply.raw, Buffer.byteLength(body))) {
        sendServiceUnavailable(reply, unreadMessage(bounds.maxUnreadBytes));
        return;
      }
      for (const [name, value] of headers) reply.header(name, value);
      // Set after Apollo Server's headers, which are different for some errors.
      reply.header('cache-control', 'no-store');
      reply.code(status).send(body);
    } catch (error) {
      if (error instanceof TurnRefusedError) sendServiceUnavailable(reply, error.message);
      else if (error instanceof RejectedDocumentError)
        reply.code(400).send(errorResponse(error.message, 'BAD_REQUEST'));
      else throw error;
    }
  };
}

function unreadMessage(maxBytes: number): string {
  return `At most ${maxBytes} bytes of responses may wait until their clients read them.`;
}

/** Adds `/graphql`: `POST` for those who have the router's secret, and 405 for other methods. */
export function registerGraphQL(
  app: FastifyInstance,
  { routerSecret }: { readonly routerSecret?: string | undefined },
  handler: GraphQLHandler,
): void {
  app.route({
    method: 'POST',
    url: '/graphql',
    onRequest: (request, reply, done) => {
      reply.header('cache-control', 'no-store');
      if (hasRouterSecret(request.headers, routerSecret)) return done();
      // The body is not read, so the connection cannot serve another request.
      closeAfter(reply.raw);
      reply.code(401).send(errorResponse(invalidSecretMessage, 'UNAUTHENTICATED'));
    },
    handler,
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    onRequest: async (_request, reply) => void reply.header('cache-control', 'no-store'),
    handler: (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'POST')
        .send(errorResponse('Use POST for GraphQL requests.', 'BAD_REQUEST')),
  });
}

/** A signal that is aborted when the client's connection closes before the response has ended. */
function abortedWithClient({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.on('close', () => {
    if (!raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
