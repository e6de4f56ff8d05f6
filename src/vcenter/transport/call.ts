import type { Api } from '../../errors/extensions.ts';

/** One call of a vCenter. */
export interface UpstreamCall {
  readonly api: Api;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, relative to the vCenter's URL, already encoded. */
  readonly path: string;
  /** Header names in lower case. */
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

/** Makes calls. Whatever happens around a call (observing, sharing, bounding, breaking) is a decorator of it. */
export interface Transport {
  /**
   * Makes one call and reads its whole response.
   *
   * @param signal - cancels the call.
   * @throws VCenterError where no whole response came: too late, too large, from a peer that is not
   * verified, or not at all; `RESOURCE_BUSY` where too many calls wait, `CANCELED` where it was cancelled. It
   * names no host.
   */
  call(call: UpstreamCall, signal?: AbortSignal): Promise<UpstreamResponse>;
}
