import { X509Certificate } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { temporaryFile } from '../support/files.ts';
import { readMetric } from '../support/metrics.ts';
import { startSubgraph, startVCenter, token } from '../support/subgraph.ts';
import { startTlsFront } from '../support/tls-front.ts';

const query = '{ currentSession { key } }';
const session = { data: { currentSession: { key: expect.any(String) } } };
const unverified = { errors: [{ extensions: { code: 'UNVERIFIED_PEER' } }] };

const authority = await makeAuthority('an authority');
const otherAuthority = await makeAuthority('another authority');

test('reads the file of authorities again when it changes, and keeps connections in use', async () => {
  const vcenter = await startVCenter();
  const front = await startTlsFront(vcenter.url, await makeCertificate({ by: authority }));
  const file = temporaryFile('ca.pem', otherAuthority.certificate);
  const subgraph = await startSubgraph({ VCENTER_URL: front.url, VCENTER_CA_FILE: file });
  const runQuery = async () => (await subgraph.query(query, token('demo'))).body;
  expect(await runQuery()).toMatchObject(unverified);

  writeFileSync(`${file}.new`, `${otherAuthority.certificate}\n${authority.certificate}`);
  renameSync(`${file}.new`, file);
  expect(await runQuery()).toEqual(session);
  const { connections } = front;

  // A file that cannot be used changes nothing; nor does one that trusts no more, for an open connection.
  writeFileSync(file, otherAuthority.certificate);
  expect(await runQuery()).toEqual(session);
  expect(front.connections).toBe(connections);
  await front.change(await makeCertificate({ by: authority }));
  expect(await runQuery()).toMatchObject(unverified);
});

test('reads the file of authorities again where a changed one has the same size', async () => {
  const vcenter = await startVCenter();
  const front = await startTlsFront(vcenter.url, await makeCertificate({ by: authority }));
  const size = Math.max(authority.certificate.length, otherAuthority.certificate.length);
  const file = temporaryFile('ca.pem', otherAuthority.certificate.padEnd(size, '\n'));
  const subgraph = await startSubgraph({ VCENTER_URL: front.url, VCENTER_CA_FILE: file });
  expect((await subgraph.query(query, token('demo'))).body).toMatchObject(unverified);
  writeFileSync(file, authority.certificate.padEnd(size, '\n'));
  expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
});

test('keeps the previous authorities while their file cannot be used', async () => {
  const vcenter = await startVCenter();
  const certificate = await makeCertificate({ by: authority });
  const front = await startTlsFront(vcenter.url, certificate);
  const file = temporaryFile('ca.pem', authority.certificate);
  const subgraph = await startSubgraph({ VCENTER_URL: front.url, VCENTER_CA_FILE: file });
  const runQuery = async () => (await subgraph.query(query, token('demo'))).body;
  expect(await runQuery()).toEqual(session);
  const invalid = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  for (const content of [
    invalid,
    `${otherAuthority.certificate}${invalid}`,
    'none',
    '',
    undefined,
  ]) {
    if (content === undefined) rmSync(file);
    else writeFileSync(file, content);
    await front.change(certificate);
    expect(await runQuery(), content).toEqual(session);
  }
  writeFileSync(file, otherAuthority.certificate);
  await front.change(certificate);
  expect(await runQuery()).toMatchObject(unverified);
});

test('closes a connection whose certificate is not the pinned one', async () => {
  const vcenter = await startVCenter();
  const front = await startTlsFront(vcenter.url, await makeCertificate());
  const subgraph = await startSubgraph({
    VCENTER_URL: front.url,
    VCENTER_FINGERPRINT: authority.fingerprint,
  });
  for (let i = 0; i < 5; i++)
    expect((await subgraph.query(query, token('demo'))).body).toMatchObject(unverified);
  await expect.poll(() => vcenter.connections.open).toBe(0);
});

test.each<[trust: string, settings: (own: Certificate) => Record<string, string>]>([
  ['its pin', ({ fingerprint }) => ({ VCENTER_FINGERPRINT: fingerprint })],
  ['its authority', () => ({ VCENTER_CA_FILE: temporaryFile('ca.pem', authority.certificate) })],
])(
  'reports when the certificate of a vCenter expires, which is trusted by %s',
  async (_, settings) => {
    const vcenter = await startVCenter();
    const own = await makeCertificate({ by: authority });
    const front = await startTlsFront(vcenter.url, own);
    const subgraph = await startSubgraph({ VCENTER_URL: front.url, ...settings(own) });
    await subgraph.query(query, token('demo'));

    const expires = await readMetric(subgraph.url, 'vcenter_certificate_expiry_timestamp_seconds');
    const { validTo } = new X509Certificate(own.certificate);
    expect(expires).toBe(Date.parse(validTo) / 1000);
  },
);
