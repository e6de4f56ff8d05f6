import type { Code } from '../errors/catalogue.ts';
import { CertificatePinMismatchError, systemCode } from './transport/errors.ts';

/** What an operator can do about a failed call, by Node.js's code of its cause. */
const adviceByCause: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "The vCenter's certificate has expired: renew it.",
  CERT_NOT_YET_VALID:
    "The vCenter's certificate is not valid yet: compare the clocks of this host and the vCenter.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The vCenter's certificate is for another name: use a name of the certificate in VCENTER_URL, or pin the certificate with VCENTER_FINGERPRINT.",
  ERR_SSL_WRONG_VERSION_NUMBER:
    'The port speaks no TLS, probably HTTP: use http:// in VCENTER_URL, or the port of HTTPS.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    'The port speaks no TLS, probably HTTP: use http:// in VCENTER_URL, or the port of HTTPS.',
  ECONNREFUSED:
    'No server listens there: check host and port of VCENTER_URL, and whether the vCenter runs.',
  ENOTFOUND: "The host name does not resolve: check VCENTER_URL and this host's DNS.",
  EAI_AGAIN: "The host name does not resolve now: check this host's DNS.",
  EHOSTUNREACH: 'No route leads there: check the network and its firewalls.',
  ENETUNREACH: 'No route leads there: check the network and its firewalls.',
  ECONNRESET:
    'The connection was closed before a whole response: check the vCenter, and proxies in front of it.',
  UND_ERR_SOCKET:
    'The connection was closed before a whole response: check the vCenter, and proxies in front of it.',
};

const adviceByCode: Partial<Record<Code, string>> = {
  UNVERIFIED_PEER:
    "The vCenter's certificate is not trusted: set VCENTER_CA_FILE to the PEM of the authority that signed it, or VCENTER_FINGERPRINT to its SHA-256 fingerprint.",
  TIMED_OUT:
    'No whole response came in time: check the load of the vCenter and the network, or raise VCENTER_TIMEOUT_MS.',
  BAD_UPSTREAM_RESPONSE:
    'The API does not declare this response: check whether VCENTER_URL is a vCenter, and whether a proxy or a login page is in front of it.',
};

/** What an operator can do about a failed call, as a sentence; undefined where nothing is known. */
export function adviseOnFailure(code: Code, cause: Error): string | undefined {
  if (cause instanceof CertificatePinMismatchError)
    return 'The vCenter has another certificate than the one of VCENTER_FINGERPRINT: if it was renewed, set the new fingerprint.';
  return adviceByCause[String(systemCode(cause))] ?? adviceByCode[code];
}
