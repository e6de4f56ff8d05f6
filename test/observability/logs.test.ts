import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLoggerOptions } from '../../src/observability/logger.ts';
import { createOperationLog } from '../../src/observability/operation-log.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { waitForMetric } from '../support/metrics.ts';
import { type Subgraph, startSubgraph, startWithSimulator, token } from '../support/subgraph.ts';
import { startTlsFront } from '../support/tls-front.ts';

const query = 'query Sessions { currentSession { user loginTime } }';
const generatedId = /^[\da-f]{16}-\d+$/;

function lines({ log }: Subgraph, msg: string): Record<string, unknown>[] {
  return log
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['msg'] === msg)
    .map(({ time: _, pid: __, hostname: ___, msg: ____, ...rest }) => rest);
}

const call = (api: string, result: string) => ({
  vcenter: 'default',
  api,
  result,
  durationMs: expect.any(Number),
});

test('logs a failed operation at info with its id, trace, name, codes and calls', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', vapiError: 'SERVICE_UNAVAILABLE' });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const { headers } = await subgraph.query(query, {
    ...token('demo'),
    'x-request-id': 'router-42.a_b',
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  });
  expect(headers.get('x-request-id')).toBe('router-42.a_b');
  expect(lines(subgraph, 'operation')).toEqual([
    {
      level: 30,
      requestId: 'router-42.a_b',
      traceId,
      operation: 'Sessions',
      durationMs: expect.any(Number),
      result: 'partial',
      codes: ['SERVICE_UNAVAILABLE'],
      calls: expect.arrayContaining([call('vapi', '503'), call('vim25', '200')]),
    },
  ]);
});

test('logs any other operation where the level is debug', async () => {
  const { subgraph } = await startWithSimulator({}, { LOG_LEVEL: 'debug' });
  await subgraph.query('{ currentSession { user } }', token('demo'));
  expect(lines(subgraph, 'operation')).toEqual([
    {
      // 30 on a machine so busy that the operation is slow.
      level: expect.toBeOneOf([20, 30]),
      requestId: expect.stringMatching(generatedId),
      operation: 'query',
      durationMs: expect.any(Number),
      result: 'ok',
      codes: [],
      calls: [call('vapi', '200')],
    },
  ]);
});

test.each([
  ['info', 'ok', 999, []],
  ['info', 'ok', 1000, ['info']],
  ['info', 'partial', 1, ['info']],
  ['debug', 'ok', 999, ['debug']],
  ['debug', 'ok', 1000, ['info']],
] as const)(
  'at the level %s an operation that is %s after %d ms is logged at %j',
  (level, result, durationMs, expected) => {
    const written: string[] = [];
    const log = createOperationLog({
      level,
      info: () => written.push('info'),
      debug: () => written.push('debug'),
    });
    log.onOperation({ result, durationMs, codes: new Map(), internalErrors: 0, calls: [] });
    expect(written).toEqual(expected);
  },
);

test('logs the id that was generated for a request', async () => {
  const { subgraph } = await startWithSimulator();
  const { headers } = await subgraph.query(query);
  expect(lines(subgraph, 'operation')).toMatchObject([
    { requestId: headers.get('x-request-id'), codes: ['UNAUTHENTICATED'], calls: [] },
  ]);
});

test('logs at most 100 characters of the name of an operation', async () => {
  const { subgraph } = await startWithSimulator();
  await subgraph.query(`query ${'n'.repeat(200)} { currentSession { user } }`);
  expect(lines(subgraph, 'operation')).toMatchObject([{ operation: 'n'.repeat(100) }]);
});

test('logs a failed call with the id of its operation', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', reset: true });
  await subgraph.query(query, { ...token('demo'), 'x-request-id': 'one' });
  expect(lines(subgraph, 'vCenter request failed')).toMatchObject([
    { requestId: 'one', api: 'vapi', code: 'SERVICE_UNAVAILABLE' },
  ]);
});

test('logs a failed call that waited for a connection with the id of its own operation', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, {}, { maxConnections: 1 });
  const hold = vcenter.barrier({ token: 'demo', count: 2, giveUpAfterMs: 20_000 });
  vcenter.injectFault({ token: 'another', reset: true });
  const user = '{ currentSession { user } }';
  const first = subgraph.query(user, { ...token('demo'), 'x-request-id': 'first' });
  await expect.poll(() => hold.arrived).toBe(1);
  const second = subgraph.query(user, { ...token('another'), 'x-request-id': 'second' });
  await waitForMetric(subgraph.url, 'vcenter_calls_queued{vcenter="default",api="vapi"}', 1);
  hold.cancel();
  await Promise.all([first, second]);
  expect(lines(subgraph, 'vCenter request failed')).toMatchObject([
    { requestId: 'second', api: 'vapi', code: 'SERVICE_UNAVAILABLE' },
  ]);
});

test('logs at the start where each vCenter is, its release and how it is verified', async () => {
  const pin = Array(32).fill('AB').join(':');
  const subgraph = await startSubgraph({
    VCENTER_URL: 'https://vc.example.com/sub',
    VCENTER_FINGERPRINT: pin,
    VCENTER_RELEASE: '8.0.3.0',
  });
  expect(lines(subgraph, 'vCenter configured')).toEqual([
    {
      level: 30,
      vcenter: 'default',
      host: 'vc.example.com',
      release: '8.0.3.0',
      trust: `the certificate of fingerprint ${pin}`,
      timeoutMs: 10_000,
    },
  ]);
});

async function adviceOf(environment: Record<string, string>): Promise<string> {
  const subgraph = await startSubgraph(environment);
  await subgraph.query('{ currentSession { user } }', token('demo'));
  const [line] = lines(subgraph, 'vCenter request failed');
  return String(line?.['advice']);
}

test('logs both settings that help where a certificate is not trusted', async () => {
  const authority = await makeAuthority('an authority');
  const certificate = await makeCertificate({ by: authority });
  const front = await startTlsFront('http://127.0.0.1:9', certificate);
  const advice = await adviceOf({ VCENTER_URL: front.url });
  expect(advice).toContain('VCENTER_CA_FILE');
  expect(advice).toContain('VCENTER_FINGERPRINT');
});

test('logs that a port serves HTTP where HTTPS is expected', async () => {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await adviceOf({ VCENTER_URL: `https://127.0.0.1:${port}` })).toContain(
    'The port speaks no TLS, probably HTTP: use http://',
  );
});

test('logs a login and a failed login by the user name, without a password', async () => {
  const { subgraph } = await startWithSimulator({}, { GRAPHIQL: 'true' });
  const logIn = (password: string) =>
    fetch(`${subgraph.url}/graphiql/session`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-graphiql': '1',
        origin: subgraph.url,
      },
      body: JSON.stringify({
        vcenter: 'default',
        userName: 'administrator@vsphere.local',
        password,
      }),
    });
  expect((await logIn('a-wrong-password')).status).toBe(401);
  expect((await logIn('demo')).status).toBe(201);
  const details = { vcenter: 'default', userName: 'administrator@vsphere.local' };
  expect(lines(subgraph, 'log in failed')).toMatchObject([
    { level: 40, ...details, code: 'UNAUTHENTICATED' },
  ]);
  expect(lines(subgraph, 'logged in')).toMatchObject([{ level: 30, ...details }]);
  expect(subgraph.log.join('')).not.toContain('a-wrong-password');
});

test('logs requests and errors without their secrets', () => {
  const { serializers, redact } = createLoggerOptions('trace');
  const headers = { 'vmware-api-session-id': 'secret' };
  expect(serializers.req({ method: 'POST', url: '/graphql?token=secret', headers })).toEqual({
    method: 'POST',
    path: '/graphql',
  });
  const error = Object.assign(new Error('why', { cause: new Error('because') }), { headers });
  expect(serializers.err(error)).toEqual({
    type: 'Error',
    message: 'why',
    stack: expect.any(String),
    cause: { type: 'Error', message: 'because', stack: expect.any(String) },
  });
  expect(redact.paths).toEqual(expect.arrayContaining(['headers', '*.headers', '*.password']));
});
