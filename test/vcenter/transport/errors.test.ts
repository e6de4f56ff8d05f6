import { expect, test } from 'vitest';
import { isClosedConnection, transportErrorCode } from '../../../src/vcenter/transport/errors.ts';

/** An error as Node.js, OpenSSL and undici create them. */
function failed(code: unknown): Error {
  return Object.assign(new Error('failed'), { code });
}

/** OpenSSL's reasons not to trust a certificate, and Node.js's own. */
const untrusted = [
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
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
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
];

const tooSlow = [
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
];

const closedConnection = ['ECONNABORTED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

const others = ['EHOSTUNREACH', 'ENOTFOUND', 'ERR_SSL_WRONG_VERSION_NUMBER', '', 7, undefined];

test.each([
  ['UNVERIFIED_PEER', untrusted],
  ['TIMED_OUT', tooSlow],
  ['SERVICE_UNAVAILABLE', [...closedConnection, ...others]],
])('a call that fails below HTTP is %s by the code of its cause', (code, causes) => {
  const codes = causes.map((cause) => [cause, transportErrorCode(failed(cause))]);
  expect(codes).toEqual(causes.map((cause) => [cause, code]));
});

test('recognizes a closed connection by the codes of its errors, and by no other code', () => {
  const codes = [...closedConnection, ...untrusted, ...tooSlow, ...others];
  expect(codes.filter((code) => isClosedConnection(failed(code)))).toEqual(closedConnection);
});
