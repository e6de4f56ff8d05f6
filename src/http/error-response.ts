import type { FastifyReply } from 'fastify';

/** What can be wrong with a request that is not executed. `docs/errors.md` has the cause of each. */
export type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'INTERNAL_SERVER_ERROR'
  | 'NOT_FOUND'
  | 'SERVICE_UNAVAILABLE'
  | 'UNAUTHENTICATED';

/** The body of the response to a request that was not executed: a GraphQL response, so clients show it. */
export interface ErrorResponse {
  readonly errors: readonly [
    { readonly message: string; readonly extensions: { readonly code: HttpErrorCode } },
  ];
}

/**
 * Creates the body of such a response.
 *
 * @param message - a sentence for whoever wrote the request.
 * @param code - `extensions.code`.
 */
export function errorResponse(message: string, code: HttpErrorCode): ErrorResponse {
  return { errors: [{ message, extensions: { code } }] };
}

/** Refuses a request with 503 because a bound of the process is reached; the client may retry after a second. */
export function sendServiceUnavailable(reply: FastifyReply, message: string): FastifyReply {
  return reply
    .code(503)
    .header('cache-control', 'no-store')
    .header('retry-after', '1')
    .send(errorResponse(message, 'SERVICE_UNAVAILABLE'));
}
