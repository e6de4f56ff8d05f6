import { expect, test } from 'vitest';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { temporaryFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { postQuery, startVCenter, token } from '../support/subgraph.ts';
import { startTlsFront } from '../support/tls-front.ts';

test('trusts the authorities of NODE_EXTRA_CA_CERTS', async () => {
  const authority = await makeAuthority('an authority');
  const vcenter = await startVCenter();
  const front = await startTlsFront(vcenter.url, await makeCertificate({ by: authority }));
  const { ready } = await startProcess({
    PORT: '0',
    VCENTER_URL: front.url,
    NODE_EXTRA_CA_CERTS: temporaryFile('extra.pem', authority.certificate),
  });
  const { body } = await postQuery(
    `${ready.url}/graphql`,
    '{ currentSession { key } }',
    token('demo'),
  );
  expect(body).toEqual({ data: { currentSession: { key: expect.any(String) } } });
});
