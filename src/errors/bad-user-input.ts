import { GraphQLError } from 'graphql';

/**
 * An error of code `BAD_USER_INPUT`.
 *
 * @param message - what the input must be, then what was received.
 */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
