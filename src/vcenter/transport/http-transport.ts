import { asError } from '../../errors/as-error.ts';
import type { Api } from '../../errors/extensions.ts';
import type { VCenterError } from '../../errors/vcenter-error.ts';
import type { ErrorFactory } from '../error-factory.ts';
import { BufferedRequest, type RequestTarget } from './buffered-request.ts';
import type { Transport, UpstreamResponse } from './call.ts';
import { canceledError } from './canceled.ts';
import { type Connection, type ConnectionOptions, Connections } from './connections.ts';
import { CanceledCallError, isClosedConnection, transportErrorCode } from './errors.ts';

/** Where the calls of one API go. */
export interface HttpTransportOptions {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
  /** Its path is put before each call's. */
  readonly url: URL;
  /** For one call whose deadline is not set, in milliseconds. */
  readonly timeoutMs: number;
  readonly client: ConnectionOptions;
  readonly createError: ErrorFactory;
}

/** Sends calls over HTTP/1.1. */
export interface HttpTransport extends Transport {
  /** Ends all calls and connections. */
  close(): Promise<void>;
}

/**
 * Creates the transport that sends calls, on connections that it keeps open between them. A read whose reused
 * connection was closed before the first byte of its response is sent once more, on a new connection and within the
 * same deadline.
 */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { vcenter, api, url, timeoutMs, createError } = options;
  const connections = new Connections(url.origin, options.client);
  const basePath = url.pathname.replace(/\/+$/, '');

  async function run(request: BufferedRequest, connection: Connection): Promise<UpstreamResponse> {
    let usable = false;
    try {
      const response = await request.run(connection.client);
      usable = true;
      return response;
    } finally {
      connections.release(connection, usable);
    }
  }

  function toVCenterError(cause: Error): VCenterError {
    if (cause instanceof CanceledCallError) return canceledError(vcenter, api);
    return createError(api, transportErrorCode(cause), cause);
  }

  return {
    async call(call, signal) {
      const deadline = call.deadline ?? performance.now() + timeoutMs;
      const target: RequestTarget = { path: basePath + call.path, deadline, signal };
      const connection = connections.lease();
      try {
        return await run(new BufferedRequest(call, target), connection);
      } catch (thrown) {
        const cause = asError(thrown);
        const isLost = connection.isSilentSinceReuse && isClosedConnection(cause);
        if (call.method !== 'GET' || !isLost) throw toVCenterError(cause);
      }
      try {
        return await run(new BufferedRequest(call, target), connections.leaseNew());
      } catch (thrown) {
        throw toVCenterError(asError(thrown));
      }
    },
    close: () => connections.close(),
  };
}
