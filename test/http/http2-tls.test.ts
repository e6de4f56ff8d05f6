import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';
import { Agent, fetch } from 'undici';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { temporaryFile } from '../support/files.ts';
import { connectHttp2, get } from '../support/http2-client.ts';
import { callsTo, startSubgraph, startVCenter, token } from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const success = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('serves the protocol that a client of HTTPS chooses', async () => {
  const authority = await makeAuthority('ours');
  const { subgraph, vcenter } = await start(filesOf(await makeCertificate({ by: authority })));
  const ca = authority.certificate;
  const { hostname: host, port } = new URL(subgraph.url);
  for (const [offered, chosen] of [
    [['h2', 'http/1.1'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [undefined, false],
  ] as const) {
    const ALPNProtocols = offered && [...offered];
    const socket = connect({
      host,
      port: Number(port),
      ca,
      ...(ALPNProtocols && { ALPNProtocols }),
    });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(chosen);
  }
  expect(await connectHttp2(subgraph.url, { ca }).query(query, token('demo'))).toMatchObject({
    status: 200,
    body: success,
  });
  for (const allowH2 of [true, false]) {
    const dispatcher = new Agent({ allowH2, connect: { ca } });
    onTestFinished(() => dispatcher.close());
    const response = await fetch(`${subgraph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...token('demo') },
      body: JSON.stringify({ query }),
      dispatcher,
    });
    expect(await response.json()).toEqual(success);
  }
  expect(callsTo(vcenter)).toEqual(Array(3).fill('vapi getSession'));
});

test('serves a renewed certificate, and leaves a connection in use open', async () => {
  const authority = await makeAuthority('ours');
  const [first, second] = [
    await makeCertificate({ by: authority }),
    await makeCertificate({ by: authority }),
  ];
  const tls = filesOf(first);
  const { subgraph } = await start(tls);
  const ca = authority.certificate;
  const client = connectHttp2(subgraph.url, { ca });
  await client.query(query, token('demo'));
  writeFileSync(tls.certFile, second.certificate);
  writeFileSync(tls.keyFile, second.key);
  await vi.waitUntil(() => subgraph.log.join('').includes('read again'), { timeout: 10_000 });
  expect((await client.query(query, token('demo'))).body).toEqual(success);
  const other = connectHttp2(subgraph.url, { ca });
  expect((await other.query(query, token('demo'))).body).toEqual(success);
  expect([fingerprintOf(client), fingerprintOf(other)]).toEqual([
    first.fingerprint,
    second.fingerprint,
  ]);
});

test('requires a certificate of the authority from clients of /graphql', async () => {
  const [ours, foreign] = [await makeAuthority('ours'), await makeAuthority('foreign')];
  const { subgraph } = await start({
    ...filesOf(await makeCertificate({ by: ours })),
    clientCaFile: temporaryFile('ca.pem', ours.certificate),
  });
  const clientOf = (client?: Certificate) =>
    connectHttp2(subgraph.url, {
      ca: ours.certificate,
      ...(client && { cert: client.certificate, key: client.key }),
    });
  const trusted = clientOf(await makeCertificate({ by: ours, host: 'router' }));
  expect((await trusted.query(query, token('demo'))).body).toEqual(success);
  for (const client of [
    clientOf(await makeCertificate({ by: foreign, host: 'router' })),
    clientOf(),
  ]) {
    const { status, body } = await client.query(query, token('demo'));
    expect([status, body]).toEqual([
      401,
      {
        errors: [
          {
            message: 'Missing or invalid client certificate.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      },
    ]);
    expect((await get(client, '/health/ready')).status).toBe(200);
  }
});

test('completes requests in flight when it stops, and closes the connection', async () => {
  const authority = await makeAuthority('ours');
  const { subgraph, vcenter } = await start(filesOf(await makeCertificate({ by: authority })));
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url, { ca: authority.certificate });
  const inFlight = client.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const codes: number[] = [];
  client.session.on('goaway', (code: number) => codes.push(code));
  const closed = subgraph.close();
  await once(client.session, 'goaway');
  barrier.cancel();
  expect((await inFlight).body).toEqual(success);
  await closed;
  expect(new Set(codes)).toEqual(new Set([constants.NGHTTP2_NO_ERROR]));
});

function filesOf({ certificate, key }: Certificate) {
  return {
    certFile: temporaryFile('tls.crt', certificate),
    keyFile: temporaryFile('tls.key', key),
  };
}

async function start(tls: { certFile: string; keyFile: string; clientCaFile?: string }) {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { tls, bounds: { certificateCheckMs: 20 } },
  );
  return { subgraph, vcenter };
}

function fingerprintOf({ session }: ReturnType<typeof connectHttp2>): string {
  return (session.socket as TLSSocket).getPeerCertificate().fingerprint256;
}
