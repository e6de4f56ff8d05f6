import { releaseOf } from './release.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

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
}

/** Makes a vCenter. Nothing is asked of it yet. */
export function createVCenter(options: VCenterOptions): VCenter {
  const { id, sessionManager, forwardAuthorization } = options;
  const transport = createTransport(options);
  return {
    id,
    sessionManager,
    forwardAuthorization,
    transport,
    release: releaseOf(id, options.release, transport),
  };
}
