import { Pool } from 'undici';
import { asError } from '../../errors/as-error.ts';
import type { Api } from '../../errors/extensions.ts';
import { createErrorFactory, type ErrorFactory } from '../error-factory.ts';
import { BufferedRequest, type UpstreamCall, type UpstreamResponse } from './buffered-request.ts';
import { transportErrorCode } from './errors.ts';
import type { TransportObserver } from './observer.ts';
import { createConnector, type PeerVerification } from './tls.ts';

/** What carries calls to one vCenter. */
export interface Transport {
  /**
   * Makes one call and reads its whole answer.
   *
   * @throws VCenterError where no whole answer came: too late, too large, from a peer that is not
   * verified, or not at all. It never says which host it was.
   */
  call(call: UpstreamCall): Promise<UpstreamResponse>;
  /** Ends all calls and connections. */
  close(): Promise<void>;
}

/** Where a vCenter is and how its calls are bounded. */
export interface TransportOptions extends PeerVerification {
  /** The vCenter's id, for errors. */
  readonly id: string;
  /** An `http:` or `https:` URL; its path is put before each call's. */
  readonly url: URL;
  /** For one call, from its start to the end of its body, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Connections to one API of one vCenter at most. Each API has its own, so that one that hangs leaves the
 * other's free.
 */
const maxConnections = 128;

/**
 * Makes a transport that keeps its connections alive between calls.
 *
 * @param fail - makes the error of a call without a whole answer. Default: one that logs nothing.
 * @param observer - receives what happens to each call. Default: none.
 */
export function createTransport(
  options: TransportOptions,
  fail: ErrorFactory = createErrorFactory(options.id),
  observer?: TransportObserver,
): Transport {
  const { id, url, timeoutMs } = options;
  const poolOptions: Pool.Options = {
    connections: maxConnections,
    connect: createConnector(options),
    allowH2: false,
    // The whole call has a deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const pools: Record<Api, Pool> = {
    vapi: new Pool(url.origin, poolOptions),
    vim25: new Pool(url.origin, poolOptions),
  };
  const basePath = url.pathname.replace(/\/+$/, '');

  return {
    async call(call) {
      const { api } = call;
      const start = performance.now();
      observer?.onStart?.({ vcenter: id, api });
      const ended = (result: string) =>
        observer?.onComplete({ vcenter: id, api, result, durationMs: performance.now() - start });
      try {
        const response = await new BufferedRequest(call, basePath + call.path, timeoutMs).run(
          pools[api],
        );
        ended(String(response.status));
        return response;
      } catch (thrown) {
        const cause = asError(thrown);
        const code = transportErrorCode(cause);
        ended(code);
        throw fail(api, code, cause);
      }
    },
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.destroy()));
    },
  };
}
