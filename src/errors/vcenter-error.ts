import { type Code, catalogue } from './catalogue.ts';
import type { Api, StdError, VCenterErrorExtensions, Vim25Fault } from './extensions.ts';

/** The details of a failure beside its code. */
export interface UpstreamErrorDetails {
  /** Default: the sentence of the code. */
  readonly message?: string | undefined;
  /** vAPI's error, verbatim. */
  readonly error?: StdError | undefined;
  /** vim25's fault, verbatim. */
  readonly fault?: Vim25Fault | undefined;
  /** Whether upstream called the failure transient. Default: false. */
  readonly transient?: boolean;
  /** The error below HTTP, for the log only. */
  readonly cause?: unknown;
}

/**
 * The failure of one API of one vCenter.
 *
 * Thrown by resolvers it becomes a GraphQL error as it is: graphql-js copies `message` and `extensions`.
 */
export class VCenterError extends Error {
  readonly extensions: VCenterErrorExtensions;

  /**
   * @param vcenter - the vCenter's id.
   * @param api - the API that failed, or that could not be called.
   * @param code - of the catalogue.
   */
  constructor(vcenter: string, api: Api, code: Code, details: UpstreamErrorDetails = {}) {
    super(
      details.message || catalogue[code].sentence,
      details.cause === undefined ? {} : { cause: details.cause },
    );
    this.name = 'VCenterError';
    this.extensions = {
      code,
      vcenter: {
        id: vcenter,
        api,
        retryable: details.transient === true || catalogue[code].retryable === true,
        ...(details.error && { error: details.error }),
        ...(details.fault && { fault: details.fault }),
      },
    };
  }
}

/** Whether an API returned "not authenticated", in any of its forms, or the request had no token for it. */
export function isNotAuthenticated(failure: Error): boolean {
  return failure instanceof VCenterError && failure.extensions.code === 'UNAUTHENTICATED';
}
