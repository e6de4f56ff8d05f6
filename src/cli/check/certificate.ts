import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { CertificatePinMismatchError } from '../../vcenter/transport/errors.ts';
import { createConnector } from '../../vcenter/transport/tls.ts';
import type { VCenterOptions } from '../../vcenter/vcenter.ts';
import { hostOf, portOf } from './network.ts';
import {
  failed,
  ok,
  type PresentedCertificate,
  reasonOf,
  type StepResult,
  warning,
} from './report.ts';

/** A certificate that expires sooner is warned about. */
const soonMs = 30 * 24 * 60 * 60 * 1000;

/** Reads the certificate, then verifies it exactly as the server does before it sends a token. */
export async function checkTls(vcenter: VCenterOptions): Promise<StepResult> {
  if (vcenter.url.protocol !== 'https:')
    return warning(
      'none: the URL is http',
      'Use https, so that tokens are not sent in clear text.',
    );
  let leaf: X509Certificate;
  try {
    leaf = await readCertificate(vcenter);
  } catch (error) {
    return failed(
      reasonOf(error),
      `Check that port ${portOf(vcenter)} of the vCenter serves HTTPS.`,
    );
  }
  const certificate = describe(leaf);
  const { issuer, expires, fingerprint } = certificate;
  const problem = await verify(vcenter);
  if (problem !== undefined)
    return { ...failed(problem.message, actionFor(problem, vcenter, leaf)), certificate };
  const detail = `issuer ${issuer}; expires ${expires}; fingerprint ${fingerprint}`;
  if (leaf.validToDate.getTime() - Date.now() < soonMs)
    return {
      ...warning(detail, 'Renew the certificate of the vCenter: it expires soon.'),
      certificate,
    };
  return { ...ok(detail), certificate };
}

/** Connects without verification, and sends nothing. */
async function readCertificate(vcenter: VCenterOptions): Promise<X509Certificate> {
  const host = hostOf(vcenter);
  const socket = connect({
    host,
    port: portOf(vcenter),
    rejectUnauthorized: false,
    ...(isIP(host) ? {} : { servername: host }),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(vcenter.timeoutMs) });
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) throw new Error('the server presented no certificate');
    return certificate;
  } finally {
    socket.destroy();
  }
}

function verify(vcenter: VCenterOptions): Promise<Error | undefined> {
  const { url } = vcenter;
  const host = hostOf(vcenter);
  const { promise, resolve } = Promise.withResolvers<Error | undefined>();
  const target = { hostname: host, host: url.host, protocol: url.protocol };
  const servername = isIP(host) ? {} : { servername: host };
  createConnector(vcenter)(
    { ...target, ...servername, port: String(portOf(vcenter)) },
    (error, socket) => {
      socket?.destroy();
      resolve(error ?? undefined);
    },
  );
  return promise;
}

function describe(leaf: X509Certificate): PresentedCertificate {
  return {
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    expires: leaf.validToDate.toISOString(),
    fingerprint: leaf.fingerprint256,
  };
}

function oneLine(name: string | undefined): string {
  return name ? name.trim().replaceAll('\n', ', ') : 'unnamed';
}

function actionFor(problem: Error, vcenter: VCenterOptions, leaf: X509Certificate): string {
  const pin = leaf.fingerprint256;
  if (problem instanceof CertificatePinMismatchError)
    return `If the certificate was renewed, set fingerprint (VCENTER_FINGERPRINT) to ${pin}. Otherwise another server responds here.`;
  const code = 'code' in problem ? problem.code : undefined;
  if (code === 'CERT_HAS_EXPIRED')
    return `Renew the certificate of the vCenter. It expired on ${leaf.validToDate.toISOString()}.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `Use a name that the certificate is for in the vCenter's url: ${leaf.subjectAltName ?? 'it has none'}.`;
  const authority =
    (vcenter.ca ?? undefined) === undefined
      ? 'Set caFile (VCENTER_CA_FILE) to the PEM file'
      : 'caFile (VCENTER_CA_FILE) does not have the authority of this vCenter. Set it to the PEM file';
  return `${authority} of its authority (${oneLine(leaf.issuer)}). Or compare this fingerprint with the vCenter's own, and set fingerprint (VCENTER_FINGERPRINT) to it: ${pin}`;
}
