import { expect, test } from 'vitest';
import { type Code, catalogue } from '../../src/errors/catalogue.ts';
import { createErrorFactory } from '../../src/vcenter/error-factory.ts';
import {
  CertificatePinMismatchError,
  DeadlineExceededError,
  InvalidResponseError,
} from '../../src/vcenter/transport/errors.ts';

/** The log lines of a failed call, as they are written, and its error. */
function logFailure(code: Code, cause: Error) {
  const lines: unknown[] = [];
  const write = (level: string) => (details: object, message: string) =>
    void lines.push({ level, message, ...(JSON.parse(JSON.stringify(details)) as object) });
  const fail = createErrorFactory('berlin', { info: write('info'), warn: write('warn') });
  return { lines, error: fail('vim25', code, cause) };
}

const withCode = (code: string) => Object.assign(new Error('why'), { code });

const noTls =
  'The port speaks no TLS, probably HTTP: use http:// in VCENTER_URL, or the port of HTTPS.';
const noRoute = 'No route leads there: check the network and its firewalls.';
const closedEarly =
  'The connection was closed before a whole response: check the vCenter, and proxies in front of it.';
const notTrusted =
  "The vCenter's certificate is not trusted: set VCENTER_CA_FILE to the PEM of the authority that signed it, or VCENTER_FINGERPRINT to its SHA-256 fingerprint.";

test.each<[code: Code, cause: string, advice: string | undefined]>([
  ['UNVERIFIED_PEER', 'CERT_HAS_EXPIRED', "The vCenter's certificate has expired: renew it."],
  [
    'UNVERIFIED_PEER',
    'CERT_NOT_YET_VALID',
    "The vCenter's certificate is not valid yet: compare the clocks of this host and the vCenter.",
  ],
  [
    'UNVERIFIED_PEER',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "The vCenter's certificate is for another name: use a name of the certificate in VCENTER_URL, or pin the certificate with VCENTER_FINGERPRINT.",
  ],
  ['UNVERIFIED_PEER', 'DEPTH_ZERO_SELF_SIGNED_CERT', notTrusted],
  ['SERVICE_UNAVAILABLE', 'ERR_SSL_WRONG_VERSION_NUMBER', noTls],
  ['SERVICE_UNAVAILABLE', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', noTls],
  [
    'SERVICE_UNAVAILABLE',
    'ECONNREFUSED',
    'No server listens there: check host and port of VCENTER_URL, and whether the vCenter runs.',
  ],
  [
    'SERVICE_UNAVAILABLE',
    'ENOTFOUND',
    "The host name does not resolve: check VCENTER_URL and this host's DNS.",
  ],
  [
    'SERVICE_UNAVAILABLE',
    'EAI_AGAIN',
    "The host name does not resolve now: check this host's DNS.",
  ],
  ['SERVICE_UNAVAILABLE', 'EHOSTUNREACH', noRoute],
  ['SERVICE_UNAVAILABLE', 'ENETUNREACH', noRoute],
  ['SERVICE_UNAVAILABLE', 'ECONNRESET', closedEarly],
  ['SERVICE_UNAVAILABLE', 'UND_ERR_SOCKET', closedEarly],
  ['SERVICE_UNAVAILABLE', 'EPIPE', undefined],
])('logs what to do about a call that is %s since %s', (code, cause, advice) => {
  const { lines, error } = logFailure(code, withCode(cause));
  const line = { vcenter: 'berlin', api: 'vim25', code, cause: { code: cause, message: 'why' } };
  expect(lines).toEqual([
    { level: 'warn', message: 'vCenter request failed', ...line, ...(advice && { advice }) },
  ]);
  expect([error.message, error.extensions]).toEqual([
    catalogue[code].sentence,
    { code, vcenter: { id: 'berlin', api: 'vim25', retryable: code === 'SERVICE_UNAVAILABLE' } },
  ]);
});

test.each<[code: Code, cause: Error, message: string, advice: string]>([
  [
    'UNVERIFIED_PEER',
    new CertificatePinMismatchError(),
    'a certificate other than the pinned one',
    'The vCenter has another certificate than the one of VCENTER_FINGERPRINT: if it was renewed, set the new fingerprint.',
  ],
  [
    'TIMED_OUT',
    new DeadlineExceededError(),
    'no whole response before the deadline',
    'No whole response came in time: check the load of the vCenter and the network, or raise VCENTER_TIMEOUT_MS.',
  ],
  [
    'BAD_UPSTREAM_RESPONSE',
    new InvalidResponseError('a redirect'),
    'a redirect',
    'The API does not declare this response: check whether VCENTER_URL is a vCenter, and whether a proxy or a login page is in front of it.',
  ],
])('logs what to do about a call that is %s by %o', (code, cause, message, advice) => {
  expect(logFailure(code, cause).lines).toMatchObject([{ cause: { message }, advice }]);
});

test('logs the reasons of all addresses of a host name, or their common message', () => {
  const reasons = [withCode('ECONNREFUSED'), 'no error', new Error('no route')];
  const messages = ['', 'all failed'].map((message) =>
    logFailure('SERVICE_UNAVAILABLE', new AggregateError(reasons, message)),
  );
  expect(messages.map(({ lines }) => lines)).toMatchObject([
    [{ cause: { message: 'why; something other than an Error was thrown; no route' } }],
    [{ cause: { message: 'all failed' } }],
  ]);
});

test('keeps the cause in the error for servers that embed the subgraph', () => {
  const cause = new InvalidResponseError('a redirect');
  expect(logFailure('BAD_UPSTREAM_RESPONSE', cause).error.cause).toBe(cause);
});
