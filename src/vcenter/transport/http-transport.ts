import { asError } from '../../errors/as-error.ts';
import type { Api } from '../../errors/extensions.ts';
import type { VCenterError } from '../../errors/vcenter-error.ts';
import type { ErrorFactory } from '../error-factory.ts';
import { BufferedRequest, type RequestTarget } from './buffered-request.ts';
import type { Transport } from './call.ts';
import { canceledError } from './canceled.ts';
import { type Connection, type ConnectionOptions, Connections } from './connections.ts';
import { CanceledCallError, isClosedConnection, transportErrorCode } from './errors.ts';
import type { LongBodies } from './long-bodies.ts';

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
  /** The long bodies of the vCenter, the same for both of its APIs. */
  readonly longBodies: LongBodies;
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
  const { vcenter, api, url, timeoutMs, longBodies, createError } = options;
  const connections = new Connections(url.origin, options.client);
  const basePath = url.pathname.replace(/\/+$/, '');

  function toVCenterError(cause: Error): VCenterError {
    if (cause instanceof CanceledCallError) return canceledError(vcenter, api);
    return createError(api, transportErrorCode(cause), cause);
  }

  return {
    call(call, onResult) {
      const deadline = call.deadline ?? performance.now() + timeoutMs;
      const target: RequestTarget = { path: basePath + call.path, deadline, longBodies };
      let request: BufferedRequest;
      const start = (connection: Connection) => {
        request = new BufferedRequest(call, target);
        request.run(connection.client).then(
          (response) => {
            connections.release(connection, true);
            onResult(response);
          },
          (thrown: unknown) => {
            connections.release(connection, false);
            const error = asError(thrown);
            const isLost = connection.isSilentSinceReuse && isClosedConnection(error);
            // A new connection was not used before, so a failure on it is final.
            if (call.method === 'GET' && isLost) start(connections.leaseNew());
            else onResult(toVCenterError(error));
          },
        );
      };
      start(connections.lease());
      return { cancel: () => request.cancel() };
    },
    close: () => connections.close(),
  };
}
