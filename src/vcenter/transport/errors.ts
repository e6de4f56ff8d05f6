import { errors } from 'undici';
import type { Code } from '../../errors/catalogue.ts';

/** The whole call took longer than its deadline. */
export class DeadlineExceededError extends Error {
  constructor() {
    super('no whole response before the deadline');
  }
}

/** The body is larger than its bound. */
export class ResponseTooLargeError extends Error {
  constructor() {
    super('a body larger than its bound');
  }
}

/** A response that no API of a vCenter declares. */
export class InvalidResponseError extends Error {}

/** The peer's certificate is not the pinned one. */
export class CertificatePinMismatchError extends Error {
  constructor() {
    super('a certificate other than the pinned one');
  }
}

/** The call was cancelled: its client has gone. */
export class CanceledCallError extends Error {
  constructor() {
    super('the client has gone');
  }
}

/** The call was never sent, since the vCenter has more calls than it can serve. */
export class UnsentCallError extends Error {}

/** The call was never sent, since the circuit breaker is open. */
export class CircuitOpenError extends Error {
  constructor() {
    super('the circuit breaker is open');
  }
}

/** OpenSSL's reasons not to trust a certificate, as Node.js names them ("X509 certificate error codes"). */
const untrusted = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CRL_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNSPECIFIED',
]);

const tooSlow = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** undici's messages for a `100 Continue` or `101 Switching Protocols` that was not requested. */
const undeclaredInterim = new Set(['bad response', 'bad upgrade']);

/** Whether bytes came that are no HTTP/1.1 response to the request. */
function isNotHttp(error: Error): boolean {
  // The parser reports so a connection too that ends before the response does: that is a reset.
  if (error instanceof errors.HTTPParserError)
    return !error.message.endsWith('(Invalid EOF state)');
  if (error instanceof errors.SocketError) return undeclaredInterim.has(error.message);
  return error instanceof errors.HeadersOverflowError;
}

/** What is thrown where the peer closes or resets a connection. */
const closedConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Whether a request failed since its connection was closed. */
export function isClosedConnection(error: Error): boolean {
  return closedConnection.has(String(systemCode(error)));
}

/** The code that Node.js, OpenSSL or undici gave an error. */
export function systemCode(error: Error): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** The code of what undici, Node.js or this client threw instead of a response. */
export function transportErrorCode(error: Error): Code {
  if (error instanceof DeadlineExceededError) return 'TIMED_OUT';
  if (error instanceof CertificatePinMismatchError) return 'UNVERIFIED_PEER';
  if (error instanceof ResponseTooLargeError || error instanceof InvalidResponseError)
    return 'BAD_UPSTREAM_RESPONSE';
  const code = String(systemCode(error));
  if (untrusted.has(code)) return 'UNVERIFIED_PEER';
  if (tooSlow.has(code)) return 'TIMED_OUT';
  if (isNotHttp(error)) return 'BAD_UPSTREAM_RESPONSE';
  return 'SERVICE_UNAVAILABLE';
}
