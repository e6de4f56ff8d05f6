import type { Api } from '../../errors/extensions.ts';
import type { VCenterError } from '../../errors/vcenter-error.ts';

/** One call of a vCenter. */
export interface UpstreamCall {
  readonly api: Api;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, relative to the vCenter's URL, already encoded. */
  readonly path: string;
  /** Names in lower case. `accept` and `user-agent` are those of every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, if there is a body. */
  readonly body?: string;
  /** How large the body of a success may be, in bytes, decompressed. Default: 64 KiB. */
  readonly maxBodyBytes?: number;
  /** Identifies the request that the call belongs to. Calls of one request are queued with regard to each other. */
  readonly request?: object;
  /** When the call must have ended, by `performance.now()`. Default: the vCenter's timeout from now on. */
  readonly deadline?: number;
}

/** A whole response. A redirect is none: it is never followed. */
export interface UpstreamResponse {
  readonly status: number;
  /** Undefined where it is not text: not in UTF-8, or not compressed as declared. */
  readonly body: string | undefined;
}

/**
 * The result of a call. The error is that of a call without a whole response: too late, too large, from a peer that is
 * not verified, or not at all; `RESOURCE_BUSY` where too many calls wait, `CANCELED` where it was cancelled. It names no
 * host.
 */
export type CallResult = UpstreamResponse | VCenterError;

/** Receives the result of a call. */
export type OnResult = (result: CallResult) => void;

/** A call in progress. */
export interface PendingCall {
  /** Cancels the call: its result is the error `CANCELED`, unless it has another already. */
  cancel(): void;
}

/**
 * Makes calls. Whatever happens around a call (observing, sharing, bounding, breaking) is a decorator of it. Results are
 * passed to functions: a promise and a signal for each decorator would cost more than the decorators themselves.
 */
export interface Transport {
  /**
   * Makes one call and reads its whole response.
   *
   * @param onResult - called once with the result, possibly before this returns.
   */
  call(call: UpstreamCall, onResult: OnResult): PendingCall;
}

/** Makes calls, with a promise for each result. */
export interface PromisedTransport {
  /**
   * Makes one call and reads its whole response.
   *
   * @param signal - cancels the call.
   * @throws VCenterError where no whole response came, see {@link CallResult}.
   */
  call(call: UpstreamCall, signal?: AbortSignal): Promise<UpstreamResponse>;
}
