import { describe, expect, test, vi } from 'vitest';
import { postRaw } from '../support/raw-http.ts';
import {
  callsTo,
  post,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const answered = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

function refusal(code: string, message: unknown = expect.any(String)): unknown {
  return { errors: [{ message, extensions: { code } }] };
}

test('answers 200 for every operation that was executed, whatever became of it', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', vapiError: 'UNAUTHORIZED', times: 1 });
  vcenter.injectFault({ api: 'vapi', vapiError: 'INTERNAL_SERVER_ERROR', times: 1 });
  vcenter.injectFault({ api: 'vapi', reset: true, times: 1 });
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

describe('lets nobody keep an answer of /graphql, and no other site read it', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[what: string, status: number, request: RequestInit]>([
    ['an answer', 200, { headers: { ...json, ...token('demo') }, body: JSON.stringify({ query }) }],
    ['an answer with errors', 200, { headers: json, body: JSON.stringify({ query }) }],
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
    const answer = await fetch(`${subgraph.url}/graphql`, { method: 'POST', ...request, headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const names = [...answer.headers.keys()];
    expect(
      names.filter((name) => /^access-control-|^set-cookie$|^x-powered-by$/.test(name)),
    ).toEqual([]);
  });
});

test('says that GraphQL is asked by POST', async () => {
  const { subgraph } = await startWithSimulator();
  const answer = await fetch(`${subgraph.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: token('demo'),
  });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await answer.json()).toEqual(refusal('BAD_REQUEST', 'GraphQL is asked by POST.'));
});

test('says where GraphQL is', async () => {
  const { subgraph } = await startWithSimulator();
  const answer = await fetch(`${subgraph.url}/graphq`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual(
    refusal('NOT_FOUND', 'There is nothing at this address: GraphQL is at /graphql.'),
  );
});

test('is live and ready, and asks no vCenter to know', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const answers = ['live', 'ready'].map(async (name) => {
    const answer = await fetch(`${subgraph.url}/health/${name}`);
    return [answer.status, await answer.json()];
  });
  expect(await Promise.all(answers)).toEqual([
    [200, { status: 'live' }],
    [200, { status: 'ready' }],
  ]);
  expect(vcenter.connections.accepted).toBe(0);
});

describe('with ROUTER_SECRET', () => {
  const ROUTER_SECRET = 'of-the-router';
  const refused = refusal(
    'UNAUTHENTICATED',
    'The header x-router-secret must have the secret of the router.',
  );

  test.each<[what: string, secret: string | undefined]>([
    ['no secret', undefined],
    ['an empty one', ''],
    ['another one', 'of-the-client'],
    ['one of the same length', 'of-the-rooter'],
    ['the start of it', 'of-the-route'],
    ['more than it', 'of-the-router!'],
    ['it in capitals', 'OF-THE-ROUTER'],
  ])('answers 401 to %s, and asks nothing', async (_what, secret) => {
    const { vcenter, subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const headers = {
      ...token('demo'),
      ...(secret !== undefined && { 'x-router-secret': secret }),
    };
    const { status, body, headers: sent } = await subgraph.query(query, headers);
    expect([status, body]).toEqual([401, refused]);
    expect(sent.get('cache-control')).toBe('no-store');
    expect(vcenter.calls).toEqual([]);
  });

  test('answers 401 to it twice', async () => {
    const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const lines = Array(2).fill(`x-router-secret: ${ROUTER_SECRET}`);
    const answer = await postRaw(`${subgraph.url}/graphql`, JSON.stringify({ query }), lines);
    expect(answer).toEqual({ status: 401, body: refused });
  });

  test('answers 401 before it looks at the body', async () => {
    const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const { status, body } = await post(`${subgraph.url}/graphql`, ' '.repeat(2 ** 21));
    expect([status, body]).toEqual([401, refused]);
  });

  test('answers the router, which alone knows it', async () => {
    const { vcenter, subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    const headers = { ...token('demo'), 'x-router-secret': ROUTER_SECRET };
    expect((await subgraph.query(query, headers)).body).toEqual(answered);
    expect(JSON.stringify([vcenter.calls, subgraph.log])).not.toContain(ROUTER_SECRET);
  });

  test('tells its health to anyone', async () => {
    const { subgraph } = await startWithSimulator({}, { ROUTER_SECRET });
    expect((await fetch(`${subgraph.url}/health/ready`)).status).toBe(200);
  });
});

test('drains: answers what it has, takes nothing else, says so, and then stops listening', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const inFlight = subgraph.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const closed = subgraph.close();
  const isDraining = async () => (await fetch(`${subgraph.url}/health/ready`)).status === 503;
  await vi.waitUntil(isDraining, { timeout: 10_000 });

  const ready = await fetch(`${subgraph.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
  expect((await fetch(`${subgraph.url}/health/live`)).status).toBe(200);
  const other = await subgraph.query(query, token('demo'));
  expect([other.status, other.body]).toEqual([
    503,
    refusal('SERVICE_UNAVAILABLE', 'The server is shutting down.'),
  ]);
  expect(other.headers.get('cache-control')).toBe('no-store');

  barrier.cancel();
  expect((await inFlight).body).toEqual(answered);
  await closed;
  await expect(fetch(`${subgraph.url}/health/live`)).rejects.toThrow('fetch failed');
  expect(callsTo(vcenter)).toEqual(['vapi getSession']);
});

test('drains without waiting for a client that is gone', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ hang: true });
  const client = new AbortController();
  const gone = fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...token('demo') },
    body: JSON.stringify({ query }),
    signal: client.signal,
  });
  await vi.waitUntil(() => vcenter.calls.length === 1, { timeout: 10_000 });
  client.abort();
  await expect(gone).rejects.toThrow('This operation was aborted');
  await subgraph.close();
  await vi.waitUntil(() => vcenter.calls[0]?.state === 'aborted', { timeout: 10_000 });
});
