import { createErrorFactory, type ErrorFactory, type ErrorLog } from './error-factory.ts';
import type { CallRecorder, TransportObserver } from './transport/observer.ts';
import { recorded } from './transport/recorded.ts';
import { createTransport, type Transport, type TransportOptions } from './transport/transport.ts';
import { createReleaseResolver } from './vim25/release.ts';

/** What one vCenter is configured with. `url`, `ca`, `fingerprint` and `timeoutMs` are its transport's. */
export interface VCenterOptions extends TransportOptions {
  /** The release of the VI/JSON schema, or `auto`. */
  readonly release: string;
  /** The moId of its SessionManager. */
  readonly sessionManager: string;
  /** Whether a request's `Authorization` goes to it where no token is given. */
  readonly forwardAuthorization: boolean;
}

/** A configured vCenter. It lives as long as the process, and knows nobody's token. */
export interface VCenter {
  /** Its id in the settings: 1 to 32 of `a-z`, `0-9` and `-`. */
  readonly id: string;
  /** The moId of its SessionManager. */
  readonly sessionManager: string;
  readonly forwardAuthorization: boolean;
  /** The release of the VI/JSON schema to ask with. */
  release(): Promise<string>;
  readonly transport: Transport;
  /** Makes the error of a call whose answer its API does not declare. */
  readonly fail: ErrorFactory;
}

/** What receives what happens to calls of vCenters. */
export interface VCenterObservers {
  /** Where the reasons of failed calls are logged. Default: nowhere. */
  readonly log?: ErrorLog;
  /** What counts calls. Default: nothing. */
  readonly metrics?: TransportObserver;
  /** What records calls for the operation that waits for them. Default: nothing. */
  readonly calls?: CallRecorder;
}

/** Makes a vCenter. Nothing is asked of it yet. */
export function createVCenter(options: VCenterOptions, observers: VCenterObservers = {}): VCenter {
  const { id, sessionManager, forwardAuthorization } = options;
  const fail = createErrorFactory(id, observers.log);
  const transport = recorded(
    createTransport(options, fail, observers.metrics),
    id,
    observers.calls,
  );
  return {
    id,
    sessionManager,
    forwardAuthorization,
    transport,
    fail,
    release: createReleaseResolver({ id, transport, fail }, options.release),
  };
}
