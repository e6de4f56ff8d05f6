import { graphql } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSubgraph } from '../../src/index.ts';
import type { Call, Simulator } from '../../src/simulator/index.ts';
import { badInput, failure, noToken } from '../support/errors.ts';
import { postRaw } from '../support/raw-http.ts';
import {
  startVCenter,
  startWithSimulator,
  startWithSimulators,
  token,
} from '../support/subgraph.ts';

const query = '{ currentSession { user key } }';
const expected = { currentSession: { user: expect.any(String), key: expect.any(String) } };

/** A session for each token, named after it. */
function addSessions(vcenter: Simulator, ...tokens: string[]): void {
  for (const name of tokens) vcenter.addSession({ token: name, key: name, user: name });
}

/** The token that each API was called with. */
function tokensOf({ calls }: Simulator): Record<string, string | undefined> {
  return Object.fromEntries(calls.map(({ api, token: sent }) => [api, sent]));
}

describe('sends the most specific token', () => {
  const api = 'vmware-api-session-id';
  const vim25 = 'vmware-vim25-session-id';
  test.each<[headers: string[], vapiToken: string, vim25Token: string]>([
    [[api], api, api],
    [[`${api}-a`], `${api}-a`, `${api}-a`],
    [[api, `${api}-a`], `${api}-a`, `${api}-a`],
    [[api, vim25], api, vim25],
    [[api, `${vim25}-a`], api, `${vim25}-a`],
    [[api, vim25, `${vim25}-a`], api, `${vim25}-a`],
    [[api, `${api}-a`, vim25, `${vim25}-a`], `${api}-a`, `${vim25}-a`],
    [[`${api}-a`, vim25], `${api}-a`, vim25],
  ])('of %j', async (headers, vapiToken, vim25Token) => {
    const vcenter = await startVCenter();
    const subgraph = await startWithSimulators({ a: vcenter });
    addSessions(vcenter, ...headers);
    const { body } = await subgraph.query(
      query,
      Object.fromEntries(headers.map((name) => [name, name])),
    );
    expect(body).toEqual({
      data: { currentSession: { user: `${vapiToken}@vsphere.local`, key: vim25Token } },
    });
    expect(tokensOf(vcenter)).toEqual({ vapi: vapiToken, vim25: vim25Token });
  });

  test('ignoring an empty header', async () => {
    const { vcenter, subgraph } = await startWithSimulator();
    const { body } = await subgraph.query(query, {
      ...token('demo'),
      'vmware-api-session-id-default': '',
      'vmware-vim25-session-id': '',
    });
    expect(body).toEqual({ data: expected });
    expect(tokensOf(vcenter)).toEqual({ vapi: 'demo', vim25: 'demo' });
  });
});

describe('merges two sessions where each API keeps its own', () => {
  test('with a token for each', async () => {
    const { vcenter, subgraph } = await startWithSimulator({ separateSessions: true });
    vcenter.addSession({ token: 'for-vapi', user: 'jdoe', apis: ['vapi'] });
    vcenter.addSession({ token: 'for-vim25', user: 'jdoe', key: '52-jdoe', apis: ['vim25'] });
    const headers = { ...token('for-vapi'), 'vmware-vim25-session-id': 'for-vim25' };
    const { body } = await subgraph.query(query, headers);
    expect(body).toEqual({
      data: { currentSession: { user: 'jdoe@vsphere.local', key: '52-jdoe' } },
    });
  });

  test('with one token, has only the fields of its API', async () => {
    const { vcenter, subgraph } = await startWithSimulator({ separateSessions: true });
    vcenter.addSession({ token: 'for-vapi', user: 'jdoe', apis: ['vapi'] });
    const { body } = await subgraph.query(query, token('for-vapi'));
    expect(body).toEqual({
      data: { currentSession: { user: 'jdoe@vsphere.local', key: null } },
      errors: [failure(['currentSession', 'key'], 'UNAUTHENTICATED', 'vim25')],
    });
  });

  test('with a token for vim25 alone, does not call vAPI', async () => {
    const { vcenter, subgraph } = await startWithSimulator({ separateSessions: true });
    vcenter.addSession({ token: 'for-vim25', key: '52-jdoe', apis: ['vim25'] });
    const { body } = await subgraph.query(query, { 'vmware-vim25-session-id': 'for-vim25' });
    expect(body).toEqual({
      data: { currentSession: { user: null, key: '52-jdoe' } },
      errors: [failure(['currentSession', 'user'], 'UNAUTHENTICATED', 'vapi', noToken())],
    });
    expect(tokensOf(vcenter)).toEqual({ vim25: 'for-vim25' });
  });
});

/** What a request's headers may be in the next test; each value is its name, so that it can be identified. */
const headerNames = [
  'vmware-api-session-id',
  'vmware-api-session-id-a',
  'vmware-api-session-id-b',
  'vmware-vim25-session-id',
  'vmware-vim25-session-id-a',
  'vmware-vim25-session-id-b',
  'authorization',
];

/** The headers that may serve an API of a vCenter, best first; `a` is the first configured one. */
const credentialsFor = {
  a: {
    vapi: ['vmware-api-session-id-a', 'vmware-api-session-id'],
    vim25: [
      'vmware-vim25-session-id-a',
      'vmware-vim25-session-id',
      'vmware-api-session-id-a',
      'vmware-api-session-id',
    ],
  },
  b: {
    vapi: ['vmware-api-session-id-b'],
    vim25: ['vmware-vim25-session-id-b', 'vmware-api-session-id-b'],
  },
} as const;

describe.each([
  { a: false, b: false },
  { a: true, b: false },
  { a: false, b: true },
  { a: true, b: true },
])('sends each vCenter only its own credentials, forwarding Authorization to %j', (forwards) => {
  test('with every combination of headers', { timeout: 60_000 }, async () => {
    const [a, b] = await Promise.all([startVCenter({ name: 'a' }), startVCenter({ name: 'b' })]);
    const subgraph = await startWithSimulators({ a, b }, (id) => ({
      forwardAuthorization: forwards[id as 'a' | 'b'],
    }));
    for (const vcenter of [a, b]) {
      for (const name of headerNames)
        vcenter.addSession({ token: name, privileges: ['Sessions.TerminateSession'] });
    }
    for (let set = 0; set < 2 ** headerNames.length; set += 1) {
      const names = headerNames.filter((_, bit) => set & (2 ** bit));
      a.clearCalls();
      b.clearCalls();
      await subgraph.query(
        '{ vcenters { currentSession { user key } sessions { key } } session(id: "b:52-other") { key } }',
        Object.fromEntries([...names, 'cookie'].map((name) => [name, name])),
      );
      expect({ a: credentialsIn(a.calls), b: credentialsIn(b.calls) }, names.join()).toEqual({
        a: expectedCredentials('a', names, forwards.a),
        b: expectedCredentials('b', names, forwards.b),
      });
    }
  });
});

/** All credentials that each operation was called with, in whichever header; nothing else may have one. */
function credentialsIn(calls: readonly Call[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { operation, headers } of calls) {
    const values = Object.entries(headers)
      .filter(([, value]) => [...headerNames, 'cookie'].includes(String(value)))
      .map(([name, value]) => `${name}: ${value}`);
    found[operation] = [...new Set([...(found[operation] ?? []), ...values])];
  }
  return found;
}

function expectedCredentials(
  id: 'a' | 'b',
  names: readonly string[],
  forwards: boolean,
): Record<string, string[]> {
  const of = (api: 'vapi' | 'vim25') => {
    const best = credentialsFor[id][api].find((name) => names.includes(name));
    if (best !== undefined) return [`vmware-api-session-id: ${best}`];
    return forwards && names.includes('authorization') ? ['authorization: authorization'] : [];
  };
  const [vapi, vim25] = [of('vapi'), of('vim25')];
  return {
    ...(vapi.length > 0 && { getSession: vapi }),
    ...(vim25.length > 0 && { currentSession: vim25, sessionList: vim25 }),
  };
}

test('sends a vCenter nothing of the request but its token and the languages', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  await subgraph.query(query, {
    ...token('demo'),
    'accept-language': 'de-CH, de;q=0.9',
    authorization: 'Basic amRvZTpkZW1v',
    cookie: 'vmware-api-session-id=other',
    'x-forwarded-for': '192.0.2.1',
    'x-router-secret': 'anything at all',
    'user-agent': 'a client',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  const { host } = new URL(vcenter.url);
  const sent = {
    host,
    connection: 'keep-alive',
    accept: 'application/json',
    'accept-language': 'de-CH, de;q=0.9',
    'user-agent': 'vcenter-session-subgraph',
    'vmware-api-session-id': 'demo',
  };
  expect(vcenter.calls.map(({ headers }) => headers)).toEqual([sent, sent]);
});

test('forwards Accept-Language, and returns the translated message', async () => {
  const { subgraph } = await startWithSimulator();
  const headers = { ...token('unknown'), 'accept-language': 'de' };
  const { body } = await subgraph.query('{ currentSession { user } }', headers);
  expect(body).toMatchObject({ errors: [{ message: 'Authentifizierung erforderlich.' }] });
});

test.each(['de'.repeat(200), 'de\u00fc'])(
  'does not forward a malformed Accept-Language',
  async (language) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const { body } = await subgraph.query(query, { ...token('demo'), 'accept-language': language });
    expect(body).toEqual({ data: expected });
    expect(vcenter.calls.map(({ headers }) => headers['accept-language'])).toEqual([
      undefined,
      undefined,
    ]);
  },
);

test('forwards Authorization where the vCenter is configured so and no token is given', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startWithSimulators({ a: vcenter }, () => ({
    forwardAuthorization: true,
  }));
  const authorization = `Basic ${btoa('jdoe:demo')}`;
  const { body } = await subgraph.query('{ currentSession { user } }', { authorization });
  expect(body).toEqual({ data: { currentSession: { user: 'jdoe@vsphere.local' } } });
  expect(vcenter.calls.map(({ headers }) => headers.authorization)).toEqual([authorization]);
});

test('forwards an Authorization of 8,192 characters', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_FORWARD_AUTHORIZATION: 'true' },
  );
  const authorization = `Bearer ${'~'.repeat(8185)}`;
  await subgraph.query('{ currentSession { user } }', { authorization });
  expect(vcenter.calls.map(({ headers }) => headers.authorization)).toEqual([authorization]);
});

test.each([
  ['more than 8,192 characters', `Bearer ${'~'.repeat(8186)}`],
  ['a byte at its start that is not ASCII', '\u00e9Bearer x'],
  ['a byte at its end that is not ASCII', 'Bearer x\u00e9'],
])('refuses an Authorization with %s without calling the vCenter', async (_what, authorization) => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_FORWARD_AUTHORIZATION: 'true' },
  );
  const body = JSON.stringify({ query: '{ currentSession { user } }' });
  const lines = [`authorization: ${authorization}`];
  expect(await postRaw(`${subgraph.url}/graphql`, body, lines)).toEqual({
    status: 200,
    body: {
      data: { currentSession: null },
      errors: [badInput(['currentSession'], 'Authorization must be printable ASCII.')],
    },
  });
  expect(vcenter.calls).toEqual([]);
});

test('names the header of a vCenter for which the request has no token', async () => {
  const [a, b] = await Promise.all([startVCenter(), startVCenter()]);
  const subgraph = await startWithSimulators({ a, b });
  const { body } = await subgraph.query('{ vcenters { currentSession { user } } }', token('demo'));
  expect(Object(body).errors).toEqual([
    failure(['vcenters', 1, 'currentSession'], 'UNAUTHENTICATED', 'vapi', noToken('b')),
  ]);
});

describe('refuses a malformed token without calling the vCenter', () => {
  const message = (id: string) =>
    `The token for the vCenter ${id} must have 1 to 4096 visible ASCII characters, and nothing else.`;

  test.each<[name: string, lines: string[]]>([
    ['two tokens in two headers', ['vmware-api-session-id: demo', 'vmware-api-session-id: demo']],
    ['two tokens in one header', ['vmware-api-session-id: demo, demo']],
    ['a blank in it', ['vmware-api-session-id: de mo']],
    ['a tab in it', ['vmware-api-session-id: de\tmo']],
    ['characters beyond ASCII', ['vmware-api-session-id: d\u00e9mo']],
    ['4,097 characters', [`vmware-api-session-id: ${'x'.repeat(4097)}`]],
  ])('%s', async (_name, lines) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const body = JSON.stringify({ query });
    expect(await postRaw(`${subgraph.url}/graphql`, body, lines)).toEqual({
      status: 200,
      body: {
        data: { currentSession: null },
        errors: [badInput(['currentSession'], message('default'))],
      },
    });
    expect(vcenter.calls).toEqual([]);
    expect(await subgraph.query(query, token('demo'))).toMatchObject({ body: { data: expected } });
  });

  const notHttp = 'The request is not HTTP.';
  test.each<[name: string, status: number, sentence: string, value: string]>([
    ['a NUL in it', 400, notHttp, 'de\0mo'],
    ['a bare line feed in it', 400, notHttp, 'de\nmo'],
    ['a bare carriage return in it', 400, notHttp, 'de\rmo'],
    ['an escape in it', 400, notHttp, 'de\x1bmo'],
    ['a delete in it', 400, notHttp, 'de\x7fmo'],
    ['100 KB', 431, 'The headers are larger than 16 KiB.', 'x'.repeat(100 * 1024)],
    ['10 MB', 431, 'The headers are larger than 16 KiB.', 'x'.repeat(10 * 1024 * 1024)],
  ])('%s, which is refused as HTTP', async (_name, status, sentence, value) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const lines = [`vmware-api-session-id: ${value}`];
    const refused = await postRaw(`${subgraph.url}/graphql`, JSON.stringify({ query }), lines);
    expect(refused).toEqual({
      status,
      body: { errors: [{ message: sentence, extensions: { code: 'BAD_REQUEST' } }] },
    });
    expect(vcenter.calls).toEqual([]);
    expect(await subgraph.query(query, token('demo'))).toMatchObject({ body: { data: expected } });
  });

  test('for one vCenter, while the others respond', async () => {
    const [a, b] = await Promise.all([startVCenter({ name: 'a' }), startVCenter({ name: 'b' })]);
    const subgraph = await startWithSimulators({ a, b });
    const { body } = await subgraph.query('{ vcenters { id currentSession { user } } }', {
      'vmware-api-session-id-a': 'de mo',
      'vmware-api-session-id-b': 'demo',
    });
    expect(body).toEqual({
      data: {
        vcenters: [
          { id: 'a', currentSession: null },
          { id: 'b', currentSession: { user: 'Administrator@b.local' } },
        ],
      },
      errors: [badInput(['vcenters', 0, 'currentSession'], message('a'))],
    });
    expect(a.calls).toEqual([]);
  });
});

test('rejects a token header that arrives as a list of two tokens', async () => {
  const subgraph = createSubgraph({ vcenters: [{ url: 'http://127.0.0.1:1' }] });
  onTestFinished(() => subgraph.close());
  const { data, errors } = await graphql({
    schema: subgraph.schema,
    source: '{ currentSession { user } }',
    contextValue: subgraph.createContext({ 'vmware-api-session-id': ['demo', 'demo'] }),
  });
  expect([data, errors?.map(({ extensions }) => extensions)]).toEqual([
    { currentSession: null },
    [{ code: 'BAD_USER_INPUT' }],
  ]);
});

test('accepts a token of 4,096 characters', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const long = '!~'.repeat(2048);
  vcenter.addSession({ token: long, user: 'jdoe' });
  const { body } = await subgraph.query('{ currentSession { user } }', token(long));
  expect(body).toEqual({ data: { currentSession: { user: 'jdoe@vsphere.local' } } });
});

describe('a token for a vCenter that is not configured', () => {
  const headers = {
    ...token('demo'),
    'vmware-api-session-id-tokio': 'a-secret-for-tokio',
    'vmware-vim25-session-id-default': 'demo',
  };
  const logged = ({ log }: { log: readonly string[] }) =>
    log.map((line) => JSON.parse(line)).filter(({ header }) => header !== undefined);

  test.each(['debug', 'trace'])(
    'is logged by the name of its header at the level %s',
    async (level) => {
      const { vcenter, subgraph } = await startWithSimulator({}, { LOG_LEVEL: level });
      const others = { 'x-vmware-api-session-id-tokio': 'no token' };
      const { body } = await subgraph.query(query, { ...headers, ...others });
      expect(body).toEqual({ data: expected });
      expect(logged(subgraph)).toMatchObject([
        {
          level: 20,
          header: 'vmware-api-session-id-tokio',
          msg: 'The header has a token for a vCenter that is not configured. It is not forwarded.',
        },
      ]);
      expect(subgraph.log.join('')).not.toContain('a-secret-for-tokio');
      expect(tokensOf(vcenter)).toEqual({ vapi: 'demo', vim25: 'demo' });
    },
  );

  test('is logged by at most 100 characters of the name of its header', async () => {
    const { subgraph } = await startWithSimulator({}, { LOG_LEVEL: 'debug' });
    const name = `vmware-vim25-session-id-${'x'.repeat(1000)}`;
    await subgraph.query(query, { ...token('demo'), [name]: 'a-secret' });
    expect(logged(subgraph)).toMatchObject([{ header: name.slice(0, 100) }]);
  });

  test('is not logged at the level info', async () => {
    const { subgraph } = await startWithSimulator({}, { LOG_LEVEL: 'info' });
    expect((await subgraph.query(query, headers)).body).toEqual({ data: expected });
    expect(logged(subgraph)).toEqual([]);
  });
});
