import { type Code, catalogue } from './catalogue.ts';
import type { Api, StdError, VCenterErrorExtensions, Vim25Fault } from './extensions.ts';

/** What upstream said about a failure, beside its code. */
export interface UpstreamErrorDetails {
  /** The message for people. Default: the code's own sentence. */
  readonly message?: string | undefined;
  /** vAPI's error, verbatim. */
  readonly error?: StdError | undefined;
  /** vim25's fault, verbatim. */
  readonly fault?: Vim25Fault | undefined;
  /** Whether upstream itself called the failure transient. Default: the code tells. */
  readonly transient?: boolean;
  /** What was thrown below HTTP, for the log alone. */
  readonly cause?: unknown;
}

/**
 * The failure of one API of one vCenter.
 *
 * Thrown by resolvers it becomes a GraphQL error as it is: graphql-js takes over `message` and `extensions`.
 */
export class VCenterError extends Error {
  readonly extensions: VCenterErrorExtensions;

  /**
   * @param vcenter - the vCenter's id.
   * @param api - the API that failed, or that could not be asked.
   * @param code - of the catalogue.
   */
  constructor(vcenter: string, api: Api, code: Code, words: UpstreamErrorDetails = {}) {
    super(
      words.message || catalogue[code].sentence,
      words.cause === undefined ? {} : { cause: words.cause },
    );
    this.name = 'VCenterError';
    this.extensions = {
      code,
      vcenter: {
        id: vcenter,
        api,
        retryable: words.transient === true || catalogue[code].retryable === true,
        ...(words.error && { error: words.error }),
        ...(words.fault && { fault: words.fault }),
      },
    };
  }
}

/** Whether an API said "not logged on", in whichever of its forms, or no token was there to ask with. */
export function isNotAuthenticated(failure: Error): boolean {
  return failure instanceof VCenterError && failure.extensions.code === 'UNAUTHENTICATED';
}
