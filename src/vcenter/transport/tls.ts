import { createSecureContext, getCACertificates, type SecureContext, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { CertificatePinMismatchError } from './errors.ts';

/** How a vCenter proves over TLS that it is the one. */
export interface PeerVerification {
  /** PEM of the authorities that are trusted. Default: the system's, and those of `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string;
  /**
   * SHA-256 of the one leaf certificate that is trusted, whoever signed it, as upper-case hexadecimal
   * pairs with colons. Default: none, the authorities decide.
   */
  readonly fingerprint?: string;
}

/**
 * Makes what opens connections. It hands out only connections whose peer is verified, and undici sends
 * nothing before it has one: so no token leaves before.
 */
export function createConnector(
  options: PeerVerification & { readonly timeoutMs: number },
): buildConnector.connector {
  // A resumed TLS session skips the check of the name, so none is ever resumed.
  const common = { timeout: options.timeoutMs, maxCachedSessions: 0, allowH2: false };
  if (options.fingerprint === undefined) return authorityConnector(common, options.ca);
  return pinningConnector(common, options.fingerprint);
}

function authorityConnector(
  common: buildConnector.BuildOptions,
  ca: string | undefined,
): buildConnector.connector {
  const plain = buildConnector(common);
  let secure: buildConnector.connector | undefined;
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    // Reading authorities takes a while, so it waits for the first connection that needs them.
    // Said outright, since the default is whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    secure ??= buildConnector({
      ...common,
      secureContext: contextOf(ca),
      rejectUnauthorized: true,
    });
    return secure(options, callback);
  };
}

function contextOf(ca: string | undefined): SecureContext {
  return createSecureContext({ ca: ca ?? [...trustedBySystem(), ...getCACertificates('extra')] });
}

/** The system's authorities, or those that come with Node.js where the system, as a slim image, has none. */
function trustedBySystem(): string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('bundled');
}

function pinningConnector(
  common: buildConnector.BuildOptions,
  fingerprint: string,
): buildConnector.connector {
  // The pin below takes the place of the authorities: no connection is handed out without its check.
  const connect = buildConnector({ ...common, rejectUnauthorized: false });
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      if (
        socket instanceof TLSSocket &&
        socket.getPeerX509Certificate()?.fingerprint256 === fingerprint
      )
        return callback(null, socket);
      socket.destroy();
      callback(new CertificatePinMismatchError(), null);
    });
}
