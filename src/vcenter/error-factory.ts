import { asError } from '../errors/as-error.ts';
import type { Code } from '../errors/catalogue.ts';
import type { Api } from '../errors/extensions.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import { adviseOnFailure } from './failure-advice.ts';
import { InvalidResponseError, systemCode } from './transport/errors.ts';

/** Where operators read why calls fail: what clients get names no host and no detail of a connection. */
export interface ErrorLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** Where nothing is logged. */
export const noLog: ErrorLog = { info: () => undefined, warn: () => undefined };

/** The log line of a failed call. It has no token, and no part of a response's body. */
interface FailureDetails {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
  /** The code that clients get. */
  readonly code: Code;
  /** What was thrown, by Node.js's or undici's name for it where there is one. */
  readonly cause: { readonly code: string | undefined; readonly message: string };
  /** What an operator can do about it. */
  readonly advice: string | undefined;
}

/**
 * Creates the error of a call whose reason is for operators alone, and logs that reason: called once for
 * each such call, however many fields get the error.
 */
export type ErrorFactory = (api: Api, code: Code, cause: Error) => VCenterError;

/**
 * Creates a vCenter's {@link ErrorFactory}.
 *
 * @param vcenter - the vCenter's id.
 * @param log - Default: none, nothing is logged.
 */
export function createErrorFactory(vcenter: string, log: ErrorLog = noLog): ErrorFactory {
  return (api, code, cause) => {
    const details: FailureDetails = {
      vcenter,
      api,
      code,
      cause: { code: systemCode(cause), message: messageOf(cause) },
      advice: adviseOnFailure(code, cause),
    };
    log.warn(details, 'vCenter request failed');
    return new VCenterError(vcenter, api, code, { cause });
  };
}

/** The part of a vCenter that makes its errors. */
export interface ErrorSource {
  readonly id: string;
  readonly fail: ErrorFactory;
}

/**
 * The error of a response whose body names no error of its API: the status alone decides. `UNAUTHENTICATED` can
 * arrive in this way too, and is not logged.
 */
export function errorFromStatus(
  { id, fail }: ErrorSource,
  api: Api,
  code: Code,
  status: number,
): VCenterError {
  if (code === 'UNAUTHENTICATED') return new VCenterError(id, api, code);
  return fail(api, code, new InvalidResponseError(`status ${status} without an error of the API`));
}

/** A name with several addresses fails with an error for each, and has no message itself. */
function messageOf(cause: Error): string {
  if (!(cause instanceof AggregateError) || cause.message !== '') return cause.message;
  return cause.errors.map((error) => asError(error).message).join('; ');
}
