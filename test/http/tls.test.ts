import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { requestError } from '../support/errors.ts';
import { temporaryFile } from '../support/files.ts';
import { nextServer } from '../support/server.ts';
import { startSubgraph, startVCenter } from '../support/subgraph.ts';

const body = JSON.stringify({ query: '{ currentSession { user } }' });
const success = {
  status: 200,
  body: { data: { currentSession: { user: 'Administrator@vsphere.local' } } },
};
const unauthorized = {
  status: 401,
  headers: { 'cache-control': 'no-store', connection: 'close' },
  body: {
    errors: [
      {
        message: 'Missing or invalid client certificate.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ],
  },
};

/** Replaces a file at once, so that no half of it is read. */
function replaceFile(path: string, content: string | Buffer): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

test('serves HTTPS, and a renewed certificate without losing a request', async () => {
  const authority = await makeAuthority('ours');
  const [first, second] = [
    await makeCertificate({ by: authority }),
    await makeCertificate({ by: authority }),
  ];
  const tls = filesOf(first);
  const { subgraph, barrier } = await start(tls);
  expect(subgraph.url).toMatch(/^https:/);
  const agent = agentOf(authority);
  const inFlight = post(subgraph.url, agent);
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });

  replaceFile(tls.certFile, second.certificate);
  const failures = () => subgraph.log.filter((line) => line.includes('cannot be used')).length;
  await vi.waitUntil(() => failures() > 0, { timeout: 10_000 });
  expect(failures()).toBe(1);
  replaceFile(tls.keyFile, second.key);
  await vi.waitUntil(() => subgraph.log.join('').includes('read again'), { timeout: 10_000 });
  barrier.cancel();
  expect(await inFlight).toMatchObject({ ...success, fingerprint: first.fingerprint });
  expect(await post(subgraph.url, agentOf(authority))).toMatchObject({
    ...success,
    fingerprint: second.fingerprint,
  });
  replaceFile(tls.certFile, first.certificate);
  await vi.waitUntil(() => failures() === 2, { timeout: 10_000 });
});

test('requires a certificate of the authority from clients of /graphql', async () => {
  const [ours, other] = [await makeAuthority('ours'), await makeAuthority('other')];
  const server = filesOf(await makeCertificate({ by: ours }));
  const clientCaFile = temporaryFile('ca.pem', ours.certificate);
  const { subgraph, barrier } = await start({ ...server, clientCaFile }, { production: true });
  barrier.cancel();
  expect(subgraph.log.join('')).not.toContain('any client may send queries');
  const good = await makeCertificate({ by: ours, host: 'router' });
  const bad = await makeCertificate({ by: other, host: 'router' });

  expect(await post(subgraph.url, agentOf(ours, good))).toMatchObject(success);
  expect(await post(subgraph.url, agentOf(ours))).toMatchObject(unauthorized);
  expect(await post(subgraph.url, agentOf(ours, bad))).toMatchObject(unauthorized);
  for (const path of ['/graphiql/session', '/graphql?/health/ready'])
    expect(await post(subgraph.url, agentOf(ours), path)).toMatchObject(unauthorized);
  expect(await get(`${subgraph.url}/health/ready`, agentOf(ours))).toBe(200);
});

test('applies a changed authority of clients', async () => {
  const [ours, other] = [await makeAuthority('ours'), await makeAuthority('other')];
  const clientCaFile = temporaryFile('ca.pem', other.certificate);
  const server = filesOf(await makeCertificate({ by: ours }));
  const { subgraph, barrier } = await start({ ...server, clientCaFile });
  barrier.cancel();
  const client = await makeCertificate({ by: ours, host: 'router' });
  expect(await post(subgraph.url, agentOf(ours, client))).toMatchObject(unauthorized);

  writeFileSync(clientCaFile, ours.certificate);
  await vi.waitUntil(() => subgraph.log.join('').includes('read again'), { timeout: 10_000 });
  expect(await post(subgraph.url, agentOf(ours, client))).toMatchObject(success);
});

test('logs changed certificates that cannot be used once for each reason, until the server closes', async () => {
  // Their own interval is so long that only the test lets the server read its files again.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const certificateCheckMs = 1e6;
  const [first, second] = [await makeCertificate(), await makeCertificate()];
  const tls = filesOf(first);
  const timers = vi.getTimerCount();
  const { subgraph } = await start(tls, { bounds: { certificateCheckMs } });
  const problems = () =>
    subgraph.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 50);
  const readAgain = async (count: number) => {
    vi.advanceTimersByTime(certificateCheckMs);
    await vi.waitUntil(() => problems().length === count, { timeout: 10_000 });
  };
  writeFileSync(tls.certFile, second.certificate);
  await readAgain(1);
  await readAgain(1);
  writeFileSync(tls.certFile, 'no certificate');
  await readAgain(2);
  const problem = (code: string) =>
    expect.objectContaining({
      msg: 'changed certificates cannot be used',
      err: expect.objectContaining({ code }),
    });
  expect(problems()).toEqual([
    problem('ERR_OSSL_X509_KEY_VALUES_MISMATCH'),
    problem('ERR_OSSL_PEM_NO_START_LINE'),
  ]);
  await subgraph.close();
  expect(vi.getTimerCount()).toBe(timers);
});

test('requests no certificate of clients where no authority is configured', async () => {
  const ours = await makeAuthority('ours');
  const server = nextServer();
  const { subgraph, barrier } = await start(filesOf(await makeCertificate({ by: ours })));
  barrier.cancel();
  const connection = once(await server, 'secureConnection') as Promise<[TLSSocket]>;
  const client = await makeCertificate({ by: ours, host: 'router' });
  expect(await post(subgraph.url, agentOf(ours, client))).toMatchObject(success);
  const [socket] = await connection;
  expect(socket.getPeerCertificate()).toEqual({});
});

test('serves health and metrics on a port of their own, in clear HTTP', async () => {
  const authority = await makeAuthority('ours');
  const { subgraph } = await start(filesOf(await makeCertificate({ by: authority })), {
    admin: { host: '127.0.0.1', port: 0 },
  });
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    expect((await fetch(`${subgraph.adminUrl}${path}`)).status).toBe(200);
    expect(await get(subgraph.url + path, agentOf(authority))).toBe(404);
  }
  const other = await fetch(`${subgraph.adminUrl}/graphql`, { method: 'POST' });
  expect([other.status, await other.json()]).toEqual([
    404,
    requestError('NOT_FOUND', 'Not found. GraphQL is at /graphql.'),
  ]);
  const closed = subgraph.close(1000);
  expect((await fetch(`${subgraph.adminUrl}/health/ready`)).status).toBe(503);
  await closed;
});

test('names the settings whose files are not a certificate and its key', async () => {
  const [one, other] = [await makeCertificate(), await makeCertificate()];
  const starting = start(filesOf({ ...one, key: other.key }));
  await expect(starting).rejects.toMatchObject({
    cause: { code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' },
  });
  await expect(starting).rejects.toThrow(
    /^TLS_CERT_FILE and TLS_KEY_FILE expect a certificate and its key, TLS_CLIENT_CA_FILE an authority, in PEM: error:.*key values mismatch$/,
  );
});

function filesOf({ certificate, key }: Certificate) {
  return {
    certFile: temporaryFile('tls.crt', certificate),
    keyFile: temporaryFile('tls.key', key),
  };
}

async function start(
  tls: { certFile: string; keyFile: string; clientCaFile?: string },
  options = {},
) {
  const vcenter = await startVCenter();
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url, GRAPHIQL: 'true' },
    { tls, bounds: { certificateCheckMs: 20 }, ...options },
  );
  return { subgraph, barrier };
}

function agentOf({ certificate: ca }: Certificate, client?: Certificate): Agent {
  const agent = new Agent({
    ca,
    keepAlive: true,
    ...(client && { cert: client.certificate, key: client.key }),
  });
  onTestFinished(() => agent.destroy());
  return agent;
}

interface Received {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly fingerprint: string;
}

function post(url: string, agent: Agent, path = '/graphql'): Promise<Received> {
  const headers = { 'content-type': 'application/json', 'vmware-api-session-id': 'demo' };
  return new Promise((resolve, reject) => {
    request(url + path, { method: 'POST', agent, headers }, async (response) => {
      const peer: PeerCertificate = (response.socket as TLSSocket).getPeerCertificate();
      const received = JSON.parse(await text(response)) as unknown;
      resolve({
        status: response.statusCode,
        headers: response.headers,
        body: received,
        fingerprint: peer.fingerprint256,
      });
    })
      .on('error', reject)
      .end(body);
  });
}

function get(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}
