import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { VCenterError } from '../errors/vcenter-error.ts';
import { truncate } from './truncate.ts';

/** Where the cause of a masked error is written. */
export interface ErrorLog {
  error(details: { err: unknown; errorId: string }, message: string): void;
}

/** The message of every error that was not thrown on purpose. */
const internalErrorMessage = 'Internal server error';

/** Characters of a message, which may repeat what a client sent; upstream's messages are bounded with its errors. */
const maxMessageLength = 256;

/**
 * Creates the function that returns expected errors as they are and masks all others: those get a fixed
 * message and, in `extensions.errorId`, the id under which the log has the cause.
 */
export function maskErrors(
  log: ErrorLog,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const thrown = unwrapResolverError(error);
    if (thrown instanceof VCenterError) return formatted;
    if (isExpectedError(thrown, formatted)) return shorten(formatted);
    if (isWrongArgument(thrown))
      return shorten({ ...formatted, extensions: { code: 'BAD_USER_INPUT' } });
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

function shorten(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, message: truncate(error.message, maxMessageLength) };
}

/**
 * A variable with a default is valid where null is not allowed, though it may be null. graphql-js finds that only
 * while it executes, and throws an error without a code at the argument's value.
 */
function isWrongArgument(thrown: unknown): boolean {
  if (!(thrown instanceof GraphQLError)) return false;
  const place = thrown.nodes?.[0]?.kind;
  return place !== undefined && place !== Kind.FIELD;
}

/** A GraphQLError that is thrown on purpose has a code; Apollo Server gives this one to those without. */
function isExpectedError(thrown: unknown, { extensions }: GraphQLFormattedError): boolean {
  return thrown instanceof GraphQLError && extensions?.['code'] !== 'INTERNAL_SERVER_ERROR';
}
