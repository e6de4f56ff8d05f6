import { createErrorFactory, type ErrorFactory } from './error-factory.ts';
import {
  createTransport,
  type TransportObservers,
  type TransportOptions,
  type VCenterTransport,
} from './transport/transport.ts';
import { createReleaseResolver, type ReleaseResolver } from './vim25/release.ts';

/** What one vCenter is configured with. The rest is its transport's. */
export interface VCenterOptions extends TransportOptions {
  /** The release of the VI/JSON schema, or `auto`. */
  readonly release: string;
  /** The moId of its SessionManager. */
  readonly sessionManager: string;
  /** Whether a request's `Authorization` is forwarded to it where no token is given. */
  readonly forwardAuthorization: boolean;
}

/** A configured vCenter. It lives as long as the process, and holds no token. */
export interface VCenter extends ReleaseResolver {
  /** Its id in the settings: 1 to 32 of `a-z`, `0-9` and `-`. */
  readonly id: string;
  /** The moId of its SessionManager. */
  readonly sessionManager: string;
  readonly forwardAuthorization: boolean;
  readonly transport: VCenterTransport;
  /** Creates the error of a call without a declared response, and logs its cause. */
  readonly fail: ErrorFactory;
}

/** Creates a vCenter. It is not called yet. */
export function createVCenter(
  options: VCenterOptions,
  observers: TransportObservers = {},
): VCenter {
  const { id, sessionManager, forwardAuthorization } = options;
  const fail = createErrorFactory(id, observers.log);
  const transport = createTransport(options, fail, observers);
  return {
    id,
    sessionManager,
    forwardAuthorization,
    transport,
    fail,
    ...createReleaseResolver({ id, transport, fail }, options.release),
  };
}
