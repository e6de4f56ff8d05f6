/** The body of an answer to a request that was not executed: shaped as a GraphQL answer, so clients show it. */
export interface RequestErrorBody {
  readonly errors: readonly [
    { readonly message: string; readonly extensions: { readonly code: string } },
  ];
}

/**
 * Makes the body of such an answer.
 *
 * @param message - a sentence for whoever wrote the request.
 * @param code - `extensions.code`.
 */
export function requestError(message: string, code: string): RequestErrorBody {
  return { errors: [{ message, extensions: { code } }] };
}
