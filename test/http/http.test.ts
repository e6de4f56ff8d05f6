import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { requestError } from '../support/errors.ts';
import { postRaw } from '../support/raw-http.ts';
import { post, startSubgraph, startWithSimulator, token } from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const response = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('responds with 200 to every operation that was executed, whatever its result', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', vapiError: 'UNAUTHORIZED', times: 1 });
  vcenter.injectFault({ api: 'vapi', vapiError: 'INTERNAL_SERVER_ERROR', times: 1 });
  // Twice, since a read on a connection that was in use before is retried.
  vcenter.injectFault({ api: 'vapi', reset: true, times: 2 });
  const codes = [];
  for (const headers of [
    token('demo'),
    token('demo'),
    token('demo'),
    {},
    token('x'),
    token('a b'),
  ]) {
    const { status, body } = await subgraph.query(query, headers);
    codes.push([
      status,
      (body as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code,
    ]);
  }
  expect(codes).toEqual([
    [200, 'FORBIDDEN'],
    [200, 'INTERNAL_SERVER_ERROR'],
    [200, 'SERVICE_UNAVAILABLE'],
    [200, 'UNAUTHENTICATED'],
    [200, 'UNAUTHENTICATED'],
    [200, 'BAD_USER_INPUT'],
  ]);
});

describe('responses of /graphql cannot be cached, or read by other sites', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[what: string, status: number, request: RequestInit]>([
    [
      'a response',
      200,
      { headers: { ...json, ...token('demo') }, body: JSON.stringify({ query }) },
    ],
    ['a response with errors', 200, { headers: json, body: JSON.stringify({ query }) }],
    ['an invalid query', 400, { headers: json, body: '{"query":"{ nothing }"}' }],
    ['malformed JSON', 400, { headers: json, body: '{' }],
    ['a body that is too large', 413, { headers: json, body: ' '.repeat(2 ** 20 + 1) }],
    ['another content type', 415, { headers: { 'content-type': 'text/csv' }, body: 'a,b' }],
    ['GET', 405, { method: 'GET' }],
    ['HEAD', 405, { method: 'HEAD' }],
    ['PUT', 405, { method: 'PUT', headers: json, body: '{}' }],
    ['DELETE', 405, { method: 'DELETE' }],
    [
      'a preflight',
      405,
      { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } },
    ],
  ])('%s', async (_what, status, request) => {
    const { subgraph } = await startWithSimulator();
    const headers = { origin: 'https://other.example.com', ...request.headers };
    const received = await fetch(`${subgraph.url}/graphql`, {
      method: 'POST',
      ...request,
      headers,
    });
    expect(received.status).toBe(status);
    expect(received.headers.get('cache-control')).toBe('no-store');
    const names = [...received.headers.keys()];
    expect(
      names.filter((name) => /^access-control-|^set-cookie$|^x-powered-by$/.test(name)),
    ).toEqual([]);
  });
});

test('responds to GET with 405 and names POST', async () => {
  const { subgraph } = await startWithSimulator();
  const received = await fetch(`${subgraph.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: token('demo'),
  });
  expect([received.status, received.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await received.json()).toEqual(
    requestError('BAD_REQUEST', 'Use POST for GraphQL requests.'),
  );
});

test('responds to another path with 404 and the path of GraphQL', async () => {
  const { subgraph } = await startWithSimulator();
  const received = await fetch(`${subgraph.url}/graphq`);
  expect(received.status).toBe(404);
  expect(await received.json()).toEqual(
    requestError('NOT_FOUND', 'Not found. GraphQL is at /graphql.'),
  );
});

test('responds to a path that cannot be decoded with 400', async () => {
  const { subgraph } = await startWithSimulator();
  const received = await fetch(`${subgraph.url}/%zz`);
  expect([received.status, await received.json()]).toEqual([
    400,
    requestError('BAD_REQUEST', "'/%zz' is not a valid url component"),
  ]);
});

test('closes a connection whose body it does not read to its end', async () => {
  const { subgraph } = await startWithSimulator();
  const { status, headers, body } = await post(`${subgraph.url}/graphql`, ' '.repeat(2 ** 20 + 1));
  expect([status, headers.get('connection'), body]).toEqual([
    413,
    'close',
    requestError('BAD_REQUEST', 'The body is larger than 1048576 bytes.'),
  ]);
});

test('returns the x-request-id of a request, or another id for each request without a usable one', async () => {
  const { subgraph } = await startWithSimulator();
  const idFor = async (headers: Record<string, string>) =>
    (await subgraph.query('{ __typename }', headers)).headers.get('x-request-id');
  for (const id of ['a', '_A-z.0', 'a'.repeat(128)])
    expect(await idFor({ 'x-request-id': id })).toBe(id);
  const generated = [await idFor({}), await idFor({ 'request-id': 'other' })];
  for (const id of ['a'.repeat(129), 'a b', ' ', 'a/', '/a', ''])
    generated.push(await idFor({ 'x-request-id': id }));
  const [prefix, first] = /^([\da-f]{16}-)(\d+)$/.exec(String(generated[0]))?.slice(1) ?? [];
  expect(generated).toEqual(generated.map((_, index) => `${prefix}${Number(first) + index}`));
});

test('reports live and ready without calling a vCenter', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const responses = ['live', 'ready'].map(async (name) => {
    const received = await fetch(`${subgraph.url}/health/${name}`);
    return [received.status, await received.json()];
  });
  expect(await Promise.all(responses)).toEqual([
    [200, { status: 'live' }],
    [200, { status: 'ready' }],
  ]);
  expect(vcenter.connections.accepted).toBe(0);
});

test('logs where it listens, and no requests that succeed', async () => {
  const options = { admin: { host: '127.0.0.1', port: 0 }, simulator: 'http://127.0.0.1:8989' };
  const linesOf = async (environment: Record<string, string>, more = {}) => {
    const { url, adminUrl, log } = await startSubgraph(environment, more);
    expect((await fetch(`${url}/health/live`)).status).toBe(adminUrl === undefined ? 200 : 404);
    const lines = log.map((line) => JSON.parse(line));
    const ready = lines.filter(({ msg }) => msg === 'ready');
    return {
      url,
      adminUrl,
      ready: ready.map(({ time, pid, hostname, ...rest }) => rest),
      sentences: lines.map(({ msg }) => msg),
    };
  };
  const VCENTER_URL = 'https://vcenter.example.com';
  const all = await linesOf({ VCENTER_URL, GRAPHIQL: 'true' }, options);
  const { url, adminUrl: admin } = all;
  const { simulator } = options;
  expect(all.ready).toEqual([
    { level: 30, msg: 'ready', url, admin, graphiql: `${url}/graphql`, simulator },
  ]);
  const withoutPage = await linesOf({ VCENTER_URL }, options);
  expect(withoutPage.sentences).toEqual([
    `Server listening at ${withoutPage.adminUrl}`,
    `Server listening at ${withoutPage.url}`,
    'vCenter configured',
    'no vCenter is configured (VCENTER_URL): the embedded simulator is used; its token is demo',
    'ready',
  ]);
  const least = await linesOf({ VCENTER_URL });
  expect(least.ready).toEqual([{ level: 30, msg: 'ready', url: least.url }]);
});

test('listens on neither port where one is in use', async () => {
  const { url } = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  const admin = { host: '127.0.0.1', port };
  const environment = { VCENTER_URL: 'http://127.0.0.1:1', PORT: new URL(url).port };
  await expect(startSubgraph(environment, { admin })).rejects.toThrow('EADDRINUSE');
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
});

test.each([
  [{}, 1],
  [{ ROUTER_SECRET: 'of-the-router' }, 0],
])('warns in production that any client may send queries, beside %j: %d', async (secret, count) => {
  const environment = { VCENTER_URL: 'https://vcenter.example.com', ...secret };
  const { log } = await startSubgraph(environment, { production: true });
  const msg =
    'any client may send queries: neither ROUTER_SECRET nor TLS_CLIENT_CA_FILE is set, and NODE_ENV is production';
  const warnings = log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
  expect(warnings).toEqual(Array(count).fill(expect.objectContaining({ msg })));
});

test('leaves signals to the process that starts the server', async () => {
  const listeners = () => ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
  const before = listeners();
  await startWithSimulator();
  expect(listeners()).toEqual(before);
});

describe('with ROUTER_SECRET', () => {
  const ROUTER_SECRET = 'of-the-router';
  const unauthorized = requestError(
    'UNAUTHENTICATED',
    'Missing or invalid x-router-secret header.',
  );

  test.each<[what: string, secret: string | undefined]>([
    ['no secret', undefined],
    ['an empty one', ''],
    ['another one', 'of-the-client'],
    ['one of the same length', 'of-the-rooter'],
    ['the start of it', 'of-the-route'],
    ['more than it', 'of-the-router!'],
    ['it in capitals', 'OF-THE-ROUTER'],
  ])('responds with 401 to %s, and calls no vCenter', async (_what, secret) => {
    const { vcenter, subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const headers = {
      ...token('demo'),
      ...(secret !== undefined && { 'x-router-secret': secret }),
    };
    const { status, body, headers: sent } = await subgraph.query(query, headers);
    expect([status, body]).toEqual([401, unauthorized]);
    expect([sent.get('cache-control'), sent.get('connection')]).toEqual(['no-store', 'close']);
    expect(vcenter.calls).toEqual([]);
  });

  test('responds with 401 to two such headers', async () => {
    const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const lines = Array(2).fill(`x-router-secret: ${ROUTER_SECRET}`);
    const received = await postRaw(`${subgraph.url}/graphql`, JSON.stringify({ query }), lines);
    expect(received).toEqual({ status: 401, body: unauthorized });
  });

  test('responds with 401 before it reads the body', async () => {
    const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const { status, body } = await post(`${subgraph.url}/graphql`, ' '.repeat(2 ** 21));
    expect([status, body]).toEqual([401, unauthorized]);
  });

  test('executes queries of the router, which has the secret', async () => {
    const { vcenter, subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const headers = { ...token('demo'), 'x-router-secret': ROUTER_SECRET };
    expect((await subgraph.query(query, headers)).body).toEqual(response);
    expect(JSON.stringify([vcenter.calls, subgraph.log])).not.toContain(ROUTER_SECRET);
  });

  test('serves health to clients without the secret', async () => {
    const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    expect((await fetch(`${subgraph.url}/health/ready`)).status).toBe(200);
  });
});
