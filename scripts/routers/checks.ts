import assert from 'node:assert/strict';
import type { Check } from './check.ts';
import { ROUTER_SECRET } from './company.ts';
import { postQuery } from './query.ts';
import { recordSubgraph } from './recorded-subgraphs.ts';
import { lostInRestarts } from './restarts.ts';
import type { RunningRouter } from './routers.ts';
import type { Target } from './target.ts';
import { users } from './users.ts';

const tokens = { 'vmware-api-session-id': 'demo', 'vmware-api-session-id-lisbon': 'demo' };
const LOGINS = '{ logins { at session { user loginTime ipAddress person { name department } } } }';

/** Checks behind which all subgraphs have the names of `schema/`. */
export const checks: readonly Check[] = [
  {
    name: 'a query across three subgraphs',
    async run({ company, url }) {
      assert.deepEqual((await postQuery(url, LOGINS, tokens)).body, { data: { logins } });
      const [berlin, lisbon] = [company.berlin, company.lisbon].map(({ calls }) =>
        calls.map(({ operation }) => operation).sort(),
      );
      // Four entities: the user's own session on each vCenter, and one of a guest.
      assert.deepEqual(berlin, ['currentSession', 'getSession', 'sessionList']);
      assert.deepEqual(lisbon, berlin);
      return undefined;
    },
  },
  {
    name: 'a token, and no token',
    async run({ url }) {
      const query = '{ currentSession { userName } }';
      assert.deepEqual((await postQuery(url, query, tokens)).body, {
        data: { currentSession: { userName: 'BERLIN.LOCAL\\Administrator' } },
      });
      const { status, body } = await postQuery(url, query);
      assert.equal(status, 200);
      assert.deepEqual(Object(body).data, { currentSession: null });
      assert.deepEqual(codes(body), ['UNAUTHENTICATED']);
      return undefined;
    },
  },
  {
    name: 'each vCenter its own token, and the language',
    async run({ company: { berlin, lisbon }, url }) {
      await postQuery(url, '{ vcenters { id currentSession { userName } } }', {
        ...tokens,
        'vmware-api-session-id-lisbon': 'guest',
        'accept-language': 'de',
      });
      const seen = [berlin, lisbon].map(({ calls }) =>
        calls.map((call) => [call.token, call.headers['accept-language']]),
      );
      assert.deepEqual(seen, [[['demo', 'de']], [['guest', 'de']]]);
      return undefined;
    },
  },
  {
    name: 'no token and no secret to other subgraphs',
    async run({ company: { others }, url }) {
      await postQuery(url, LOGINS, tokens);
      for (const [name, { requests }] of others) {
        assert.ok(requests.length > 0, `${name} received no request`);
        const leaked = requests.flatMap((headers) =>
          Object.keys(headers).filter((header) => /vmware|x-router-secret/.test(header)),
        );
        assert.deepEqual(leaked, []);
      }
      return undefined;
    },
  },
  {
    name: '200 clients at once, none mixed up',
    async run({ company: { berlin }, url }) {
      // Slow enough that they overlap in the router, which may share requests.
      berlin.injectFault({ api: 'vim25', operation: 'currentSession', latencyMs: 200 });
      const responses = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const user = users[index % users.length] ?? '';
          const { body } = await postQuery(url, '{ currentSession { userName } }', {
            'vmware-api-session-id': user,
          });
          return [user, body] as const;
        }),
      );
      for (const [user, body] of responses)
        assert.deepEqual(body, {
          data: { currentSession: { userName: `BERLIN.LOCAL\\${user}` } },
        });
      return `${berlin.callCount()} calls of the vCenter for 200 clients of ${users.length} users`;
    },
  },
  {
    name: 'the secret is the router’s, whatever a client sends',
    async run({ company: { balancer }, url }) {
      const query = '{ vcenters { id } }';
      const guess = { 'x-router-secret': 'a-guess-of-the-client' };
      const { body } = await postQuery(url, query, guess);
      assert.deepEqual(body, { data: { vcenters: [{ id: 'berlin' }, { id: 'lisbon' }] } });
      for (const headers of [{}, guess])
        assert.equal((await postQuery(`${balancer.url}/graphql`, query, headers)).status, 401);
      return undefined;
    },
  },
  {
    name: 'entities, and whose session another subgraph refers to',
    async run({ url }) {
      const { body } = await postQuery(
        url,
        '{ logins { session { __typename id userName } } session(id: "berlin:guest") { userName } }',
        tokens,
      );
      const session = (id: string, userName: string) => ({
        session: { __typename: 'Session', id, userName },
      });
      assert.deepEqual(body, {
        data: {
          logins: [
            session('berlin:administrator', 'BERLIN.LOCAL\\Administrator'),
            session('berlin:guest', 'BERLIN.LOCAL\\guest'),
            session('lisbon:administrator', 'LISBON.LOCAL\\Administrator'),
            session('lisbon:guest', 'LISBON.LOCAL\\guest'),
          ],
          session: { userName: 'BERLIN.LOCAL\\guest' },
        },
      });
      return undefined;
    },
  },
  {
    name: 'an error keeps its message, `code` and `vcenter`, in the language of the request',
    async run({ company: { berlin }, url }) {
      berlin.injectFault({ api: 'vapi', vapiError: 'SERVICE_UNAVAILABLE' });
      const { body } = await postQuery(url, '{ currentSession { user ipAddress } }', {
        ...tokens,
        'accept-language': 'de',
      });
      assert.deepEqual(Object(body).data, {
        currentSession: { user: null, ipAddress: '192.0.2.1' },
      });
      const [error] = errorsIn(body);
      assert.match(String(error?.message), /^\[de\] /);
      assert.deepEqual(error?.path, ['currentSession', 'user']);
      const { code, vcenter } = error?.extensions ?? {};
      assert.equal(code, 'SERVICE_UNAVAILABLE');
      const { id, api, retryable, error: upstream } = Object(vcenter);
      assert.deepEqual([id, api, retryable], ['berlin', 'vapi', true]);
      assert.equal(Object(upstream).error_type, 'SERVICE_UNAVAILABLE');
      return undefined;
    },
  },
  {
    name: 'an error of an entity is at its path in the whole response',
    async run({ company: { berlin }, router, url }) {
      berlin.injectFault({ api: 'vapi', vapiError: 'SERVICE_UNAVAILABLE' });
      const { body } = await postQuery(url, '{ logins { session { user } } }', tokens);
      assert.deepEqual(
        errorsIn(body).map(({ path }) => path),
        [router.entityErrorPath ?? ['logins', 0, 'session', 'user']],
      );
      return undefined;
    },
  },
  {
    name: 'TIMED_OUT after 10 s, at the fields that it concerns',
    async run({ company: { berlin }, url }) {
      berlin.injectFault({ api: 'vapi', hang: true });
      const { body } = await postQuery(url, '{ currentSession { user ipAddress } }', tokens);
      assert.deepEqual(Object(body).data, {
        currentSession: { user: null, ipAddress: '192.0.2.1' },
      });
      assert.deepEqual(codes(body), ['TIMED_OUT']);
      return undefined;
    },
  },
  {
    name: 'restarts at 100 queries/s, none lost',
    run: loseNoneInRestarts,
  },
];

/** Checks behind which another subgraph has a `Session`, a `User` and a `currentSession`. */
export const renamedChecks: readonly Check[] = [
  {
    name: 'a supergraph with its own `Session`, `User` and `currentSession` (`SCHEMA_RENAME`)',
    async run({ url }) {
      const query = `{
        currentSession { __typename user { name } vcenterSession { __typename user loginTime } }
        currentVCenterSession { __typename id user }
      }`;
      const ours = { __typename: 'VCenterSession', user: 'Administrator@berlin.local' };
      assert.deepEqual((await postQuery(url, query, tokens)).body, {
        data: {
          currentSession: {
            __typename: 'Session',
            user: { name: 'Ada Berger' },
            vcenterSession: { ...ours, loginTime: '2026-11-22T08:00:00.000001Z' },
          },
          currentVCenterSession: { ...ours, id: 'berlin:administrator' },
        },
      });
      return undefined;
    },
  },
];

/** A check of a router that compresses its requests, where it can. */
export const compressionCheck: Check = {
  name: 'compressed requests',
  async run({ company, router, start }) {
    await using recorded = await recordSubgraph(company);
    await using compressing = await start({
      subgraphs: recorded.subgraphs,
      secret: ROUTER_SECRET,
      setting: router.compression,
    });
    assert.deepEqual((await postQuery(compressing.url, LOGINS, tokens)).body, { data: { logins } });
    const encodings = recorded.requests.map((headers) => headers['content-encoding']);
    assert.deepEqual([...new Set(encodings)], ['gzip']);
    return undefined;
  },
};

/** Checks of a router that sends HTTP/2 in clear, and nothing else, where it can. */
export const http2Checks: readonly Check[] = [
  {
    name: 'a query across three subgraphs over HTTP/2 in clear',
    async run(target) {
      const { protocols } = target.company.balancer;
      protocols.clear();
      await using running = await startWithHttp2(target);
      assert.deepEqual((await postQuery(running.url, LOGINS, tokens)).body, { data: { logins } });
      assert.deepEqual([...protocols], ['HTTP/2']);
      return undefined;
    },
  },
  {
    name: 'restarts over HTTP/2 at 100 queries/s, none lost',
    async run(target) {
      await using running = await startWithHttp2(target);
      return await loseNoneInRestarts({ ...target, url: running.url });
    },
  },
];

function startWithHttp2({ company: { subgraphs }, router, start }: Target): Promise<RunningRouter> {
  return start({ subgraphs, secret: ROUTER_SECRET, setting: router.http2 });
}

async function loseNoneInRestarts(target: Target): Promise<string> {
  const { sent, lost, restarts } = await lostInRestarts(target);
  assert.equal(lost.length, 0, `${lost.length} of ${sent} lost: ${JSON.stringify(lost[0])}`);
  return `${sent} queries, ${restarts} restarts, ${lost.length} lost`;
}

const logins = [
  ['berlin', '192.0.2', { name: 'Ada Berger', department: 'Platform' }] as const,
  ['lisbon', '198.51.100', { name: 'Rui Lopes', department: 'Operations' }] as const,
].flatMap(([vcenter, address, person]) => [
  {
    at: '2026-11-22T09:00:00Z',
    session: {
      user: `Administrator@${vcenter}.local`,
      loginTime: '2026-11-22T08:00:00.000001Z',
      ipAddress: `${address}.1`,
      person,
    },
  },
  {
    at: '2026-11-22T09:00:00Z',
    session: {
      user: null,
      loginTime: '2026-11-22T09:00:00.000001+01:00',
      ipAddress: `${address}.2`,
      person: null,
    },
  },
]);

interface ResponseError {
  readonly message?: unknown;
  readonly path?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

function errorsIn(body: unknown): ResponseError[] {
  const { errors } = Object(body) as { errors?: ResponseError[] };
  return errors ?? [];
}

function codes(body: unknown): unknown[] {
  return errorsIn(body).map(({ extensions }) => extensions?.['code']);
}
