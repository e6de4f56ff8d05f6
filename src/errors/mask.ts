import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { VCenterError } from './vcenter-error.ts';

/** Where the cause of a masked error is written. */
export interface ErrorLog {
  error(details: { err: unknown; errorId: string }, message: string): void;
}

/** The message of every error that was not thrown on purpose. */
const internalErrorMessage = 'Internal server error';

/**
 * Makes the function that lets errors thrown on purpose through and masks all others: those get a fixed
 * message and, in `extensions.errorId`, the id under which the log has the cause.
 */
export function maskErrors(
  log: ErrorLog,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const thrown = unwrapResolverError(error);
    if (thrown instanceof VCenterError || isOnPurpose(thrown, formatted)) return formatted;
    const errorId = randomUUID();
    log.error({ err: thrown, errorId }, 'masked an internal error');
    const { message: _, extensions: __, ...place } = formatted;
    return {
      message: internalErrorMessage,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
    };
  };
}

/** Whoever throws a GraphQLError on purpose gives it a code; Apollo gives this one to those without. */
function isOnPurpose(thrown: unknown, { extensions }: GraphQLFormattedError): boolean {
  return thrown instanceof GraphQLError && extensions?.['code'] !== 'INTERNAL_SERVER_ERROR';
}
