/** What can be wrong with a request that is not executed. `docs/errors.md` says what leads to each. */
export type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'INTERNAL_SERVER_ERROR'
  | 'NOT_FOUND'
  | 'SERVICE_UNAVAILABLE'
  | 'UNAUTHENTICATED';

/** The body of an answer to a request that was not executed: shaped as a GraphQL answer, so clients show it. */
export interface ErrorResponse {
  readonly errors: readonly [
    { readonly message: string; readonly extensions: { readonly code: HttpErrorCode } },
  ];
}

/**
 * Makes the body of such an answer.
 *
 * @param message - a sentence for whoever wrote the request.
 * @param code - `extensions.code`.
 */
export function errorResponse(message: string, code: HttpErrorCode): ErrorResponse {
  return { errors: [{ message, extensions: { code } }] };
}
