import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
// By the default import, so that an older Node.js links this module and is named by the entry's own check.
import tls, { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { resultOrUndefined } from '../../errors/result-or-undefined.ts';
import { CertificatePinMismatchError } from './errors.ts';

/** How the certificate of a vCenter is verified. */
export interface PeerVerification {
  /** PEM of the authorities that are trusted. Default: the system's, and those of `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string;
  /** The path of a file with that PEM, in place of `ca`. New connections use it as it is then. */
  readonly caFile?: string;
  /**
   * SHA-256 of the one leaf certificate that is trusted, whoever signed it, as upper-case hexadecimal
   * pairs with colons. Default: none, the authorities decide.
   */
  readonly fingerprint?: string | undefined;
}

/**
 * Creates what opens connections. It provides only connections whose peer is verified, and undici sends
 * nothing before it has one: so no token leaves before.
 *
 * @param onCertificate - called with the expiry of the certificate of each new connection.
 */
export function createConnector(
  options: PeerVerification & { readonly timeoutMs: number },
  onCertificate: (expires: Date) => void = () => undefined,
): buildConnector.connector {
  // A resumed TLS session skips the check of the name, so none is ever resumed.
  const common = { timeout: options.timeoutMs, maxCachedSessions: 0, allowH2: false };
  return options.fingerprint === undefined
    ? authorityConnector(common, options, onCertificate)
    : pinningConnector(common, options.fingerprint, onCertificate);
}

function authorityConnector(
  common: buildConnector.BuildOptions,
  { ca, caFile }: PeerVerification,
  onCertificate: (expires: Date) => void,
): buildConnector.connector {
  const plain = buildConnector(common);
  const currentContext = caFile === undefined ? fixedContext(ca) : reloadedContext(caFile);
  let context: SecureContext | undefined;
  let secure: buildConnector.connector | undefined;
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    // Reading authorities takes a while, so it waits for the first connection that needs them.
    const current = currentContext();
    if (!secure || current !== context) {
      context = current;
      // Set explicitly, since the default depends on NODE_TLS_REJECT_UNAUTHORIZED.
      secure = buildConnector({ ...common, secureContext: current, rejectUnauthorized: true });
    }
    return secure(options, (...result) => {
      const certificate = peerCertificate(result[1]);
      if (certificate) onCertificate(certificate.validToDate);
      callback(...result);
    });
  };
}

function fixedContext(ca: string | undefined): () => SecureContext {
  let context: SecureContext | undefined;
  return () => {
    context ??= createSecureContext({
      ca: ca ?? [...trustedBySystem(), ...tls.getCACertificates('extra')],
    });
    return context;
  };
}

/**
 * The context of a file, read again when it has changed. While it cannot be read or used, for example in the
 * middle of a change, the previous one stays.
 */
function reloadedContext(path: string): () => SecureContext {
  let version: string | undefined;
  let context: SecureContext | undefined;
  return () => {
    const stat = resultOrUndefined(() => statSync(path, { bigint: true }));
    const found = stat && `${stat.dev} ${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    if (context && found === version) return context;
    const load = () => createSecureContext({ ca: readCertificates(path) });
    context = context ? (resultOrUndefined(load) ?? context) : load();
    version = found;
    return context;
  };
}

/** @throws where the file has no certificate, or one that is not valid PEM: Node.js would ignore it. */
function readCertificates(path: string): string {
  const pem = readFileSync(path, 'utf8');
  const certificates =
    pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  for (const certificate of certificates) new X509Certificate(certificate);
  if (certificates.length === 0) throw new Error('a file of authorities without a certificate');
  return pem;
}

/** The system's authorities, or those that come with Node.js where the system, as a slim image, has none. */
function trustedBySystem(): string[] {
  const system = tls.getCACertificates('system');
  return system.length > 0 ? system : tls.getCACertificates('bundled');
}

function pinningConnector(
  common: buildConnector.BuildOptions,
  fingerprint: string,
  onCertificate: (expires: Date) => void,
): buildConnector.connector {
  // The pin below replaces the authorities: no connection is provided without its check.
  const connect = buildConnector({ ...common, rejectUnauthorized: false });
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      const certificate = peerCertificate(socket);
      if (certificate?.fingerprint256 === fingerprint) {
        onCertificate(certificate.validToDate);
        return callback(null, socket);
      }
      socket.destroy();
      callback(new CertificatePinMismatchError(), null);
    });
}

/** The certificate of a peer over TLS. Node.js returns it once. */
function peerCertificate(socket: Socket | null): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}
