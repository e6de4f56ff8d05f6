import type { SecureVersion } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type Certificate,
  type CertificateRequest,
  makeAuthority,
  makeCertificate,
} from '../support/certificates.ts';
import { failure } from '../support/errors.ts';
import { temporaryFile } from '../support/files.ts';
import { callsTo, startSubgraph, startVCenter, token } from '../support/subgraph.ts';
import { startTlsFront } from '../support/tls-front.ts';

const query = '{ currentSession { user loginTime } }';
const expected = {
  data: { currentSession: { user: 'Administrator@vsphere.local', loginTime: expect.any(String) } },
};
const refused = {
  data: { currentSession: null },
  errors: [failure(['currentSession'], 'UNVERIFIED_PEER', 'vapi')],
};

const authority = await makeAuthority('an authority');
const otherAuthority = await makeAuthority('another authority');

/** Starts a vCenter with a certificate, and the subgraph that trusts it by the settings. */
async function startWith(
  certificate: Certificate,
  settings: Record<string, string>,
  version?: SecureVersion,
) {
  const vcenter = await startVCenter();
  const front = await startTlsFront(vcenter.url, certificate, version);
  const subgraph = await startSubgraph({ VCENTER_URL: front.url, ...settings });
  return { vcenter, front, subgraph };
}

function caFile(...authorities: Certificate[]): Record<string, string> {
  const pem = authorities.map(({ certificate }) => certificate).join('\n');
  return { VCENTER_CA_FILE: temporaryFile('ca.pem', pem) };
}

function pin({ fingerprint }: Certificate): Record<string, string> {
  return { VCENTER_FINGERPRINT: fingerprint };
}

type Trust = (certificate: Certificate) => Record<string, string>;

describe('calls a vCenter', () => {
  test.each<[which: string, request: CertificateRequest, trust: Trust]>([
    ['of an authority in the CA file', { by: authority }, () => caFile(authority)],
    ['of one of them', { by: authority }, () => caFile(otherAuthority, authority)],
    ['that is its own authority in the CA file', {}, (own) => caFile(own)],
    ['whose certificate is pinned', { by: authority }, pin],
    ['that signed its pinned certificate itself', {}, pin],
    ['whose pinned certificate is for another name', { host: 'other.example.com' }, pin],
    ['whose pinned certificate has expired', { expired: true, by: authority }, pin],
    [
      'whose pinned certificate is of an authority that is not in the CA file',
      { by: authority },
      (own) => ({ ...caFile(otherAuthority), ...pin(own) }),
    ],
    [
      'whose certificate is pinned in lower case',
      {},
      ({ fingerprint }) => ({ VCENTER_FINGERPRINT: fingerprint.toLowerCase() }),
    ],
  ])('%s', async (_which, request, trust) => {
    const certificate = await makeCertificate(request);
    const { vcenter, subgraph } = await startWith(certificate, trust(certificate));
    expect((await subgraph.query(query, token('demo'))).body).toEqual(expected);
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
  });
});

describe('sends not a byte of a request to a vCenter', () => {
  test.each<[which: string, request: CertificateRequest, trust: Trust]>([
    ['of an untrusted authority', { by: authority }, () => ({})],
    ['that is its own authority', {}, () => ({})],
    ['of an authority other than the CA file’s', { by: authority }, () => caFile(otherAuthority)],
    [
      'of a trusted authority, for another name',
      { by: authority, host: 'other.example.com' },
      () => caFile(authority),
    ],
    ['of a trusted authority, expired', { by: authority, expired: true }, () => caFile(authority)],
    ['whose certificate is not the pinned one', {}, () => pin(otherAuthority)],
    [
      'of a trusted authority, whose certificate is not the pinned one',
      { by: authority },
      () => ({ ...caFile(authority), ...pin(otherAuthority) }),
    ],
    [
      'whose authority is pinned, in the place of its certificate',
      { by: authority },
      () => pin(authority),
    ],
  ])('%s', async (_which, request, trust) => {
    const certificate = await makeCertificate(request);
    const { vcenter, front, subgraph } = await startWith(certificate, trust(certificate));
    expect((await subgraph.query(query, token('demo'))).body).toEqual(refused);
    expect(front.connections).toBeGreaterThan(0);
    expect(front.received).toBe('');
    expect(vcenter.calls).toEqual([]);
  });

  test('that is not trusted, even with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { front, subgraph } = await startWith(await makeCertificate({ by: authority }), {});
    const { body } = await subgraph.query(query, token('demo'));
    expect(body).toEqual(refused);
    expect(front.received).toBe('');
  });

  test('that negotiates its release, either', async () => {
    const certificate = await makeCertificate();
    const { front, subgraph } = await startWith(certificate, { VCENTER_RELEASE: 'auto' });
    const { body } = await subgraph.query('{ currentSession { key } }', token('demo'));
    expect(body).toEqual({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'UNVERIFIED_PEER', 'vim25')],
    });
    expect(front.received).toBe('');
  });

  // A TLS session that is resumed has the certificate of its start: it must not replace the new one.
  test.each<[how: string, version: SecureVersion, trust: Trust, next: CertificateRequest]>([
    ['authority by the CA file', 'TLSv1.2', () => caFile(authority), { by: otherAuthority }],
    ['authority by the CA file', 'TLSv1.3', () => caFile(authority), { by: otherAuthority }],
    ['name', 'TLSv1.2', () => caFile(authority), { by: authority, host: 'other.example.com' }],
    ['name', 'TLSv1.3', () => caFile(authority), { by: authority, host: 'other.example.com' }],
    ['fingerprint by the pin', 'TLSv1.2', pin, { by: authority }],
    ['fingerprint by the pin', 'TLSv1.3', pin, { by: authority }],
  ])('whose certificate had the right %s before, over %s', async (_how, version, trust, next) => {
    const certificate = await makeCertificate({ by: authority });
    const { front, subgraph } = await startWith(certificate, trust(certificate), version);
    expect((await subgraph.query(query, token('demo'))).body).toEqual(expected);
    const { length } = front.received;
    await front.change(await makeCertificate(next));
    expect((await subgraph.query(query, token('demo'))).body).toEqual(refused);
    expect(front.received).toHaveLength(length);
  });
});
