/**
 * Every pair of outcomes of the two APIs times every class of selection, against a model of the three rules
 * of "null, or an error, or both" that is independent of the subgraph's code.
 */
import { expect, test } from 'vitest';
import { type Code, catalogue } from '../../src/errors/catalogue.ts';
import type { Api } from '../../src/errors/extensions.ts';
import { noToken } from '../support/errors.ts';
import { startSubgraph, startWithSimulator } from '../support/subgraph.ts';
import {
  hang,
  http,
  json,
  type RespondWith,
  reset,
  send,
  sendAndClose,
  startDouble,
} from '../support/vcenter-double.ts';
import { sessionInfo, userSession } from './responses.ts';

/** An error as a client gets it, but for its place. */
interface Failure {
  readonly message: string;
  readonly extensions: unknown;
}

/** How an API responds, and what that is: a session, "not authenticated", or another failure. */
interface Outcome {
  readonly name: string;
  /** Undefined where the request has no token for it. */
  readonly respond: RespondWith | undefined;
  readonly kind: 'session' | 'not authenticated' | 'failed';
  readonly failure?: Failure;
}

const retryable: readonly Code[] = ['SERVICE_UNAVAILABLE', 'TIMED_OUT'];

function failure(api: Api, code: Code, upstream?: { message: string; details?: object }): Failure {
  const vcenter = { id: 'default', api, retryable: retryable.includes(code), ...upstream?.details };
  return { message: upstream?.message ?? catalogue[code].sentence, extensions: { code, vcenter } };
}

const html = '<html>leak.example.com</html>';

/** Failures that both APIs can have: below HTTP, and responses that no API declares. */
function commonFailures(api: Api): Outcome[] {
  const rows: [name: string, respond: RespondWith, code: Code][] = [
    ['a reset', reset, 'SERVICE_UNAVAILABLE'],
    [
      'a truncated body',
      sendAndClose('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"us'),
      'SERVICE_UNAVAILABLE',
    ],
    ['no response in time', hang, 'TIMED_OUT'],
    ['HTML under 200', send(http(200, html)), 'BAD_UPSTREAM_RESPONSE'],
    ['HTML under 502', send(http(502, html)), 'SERVICE_UNAVAILABLE'],
    ['a redirect', send(http(302, '', ['location: /login'])), 'BAD_UPSTREAM_RESPONSE'],
    ['a wrong shape', send(json(200, { user: 7, key: 7 })), 'BAD_UPSTREAM_RESPONSE'],
    ['a large body', send(http(200, ' '.repeat(1024 * 1024 + 1))), 'BAD_UPSTREAM_RESPONSE'],
  ];
  return rows.map(([name, respond, code]) => ({
    name,
    respond,
    kind: 'failed',
    failure: failure(api, code),
  }));
}

const unauthenticated = {
  messages: [{ id: 'a.b', default_message: 'Authentication required.', args: [] }],
  error_type: 'UNAUTHENTICATED',
};
const unavailable = {
  messages: [{ id: 'a.c', default_message: 'The backend is down.', args: [] }],
  data: { is_transient: true },
  error_type: 'SERVICE_UNAVAILABLE',
};
const notAuthenticated = {
  _typeName: 'NotAuthenticated',
  faultstring: 'The session is not authenticated.',
  privilegeId: '',
};
const hostCommunication = { _typeName: 'HostCommunication', faultstring: 'No way to the host.' };

const vapiOutcomes: readonly Outcome[] = [
  { name: 'a session', respond: send(json(200, sessionInfo)), kind: 'session' },
  {
    name: '401 with an error',
    respond: send(json(401, { ...unauthenticated, challenge: 'leak' })),
    kind: 'not authenticated',
    failure: failure('vapi', 'UNAUTHENTICATED', {
      message: 'Authentication required.',
      details: { error: unauthenticated },
    }),
  },
  ...(
    [
      ['no token', undefined],
      ['401 without a body', send(http(401))],
      ['401 with HTML', send(http(401, html, ['content-type: text/html']))],
    ] as const
  ).map(
    ([name, respond]): Outcome => ({
      name,
      respond,
      kind: 'not authenticated',
      failure: failure(
        'vapi',
        'UNAUTHENTICATED',
        respond === undefined ? { message: noToken().message } : undefined,
      ),
    }),
  ),
  {
    name: '503 with an error',
    respond: send(json(503, unavailable)),
    kind: 'failed',
    failure: failure('vapi', 'SERVICE_UNAVAILABLE', {
      message: 'The backend is down.',
      details: { error: unavailable },
    }),
  },
  ...commonFailures('vapi'),
];

const vim25Outcomes: readonly Outcome[] = [
  { name: 'a session', respond: send(json(200, userSession)), kind: 'session' },
  ...(
    [
      ['null', send(http(200, 'null'))],
      ['204', send('HTTP/1.1 204 No Content\r\n\r\n')],
      ['an empty body', send(http(200))],
      ['401 without a body', send(http(401))],
      ['401 with HTML', send(http(401, html))],
    ] as const
  ).map(
    ([name, respond]): Outcome => ({
      name,
      respond,
      kind: 'not authenticated',
      failure: failure('vim25', 'UNAUTHENTICATED'),
    }),
  ),
  ...[500, 401].map(
    (status): Outcome => ({
      name: `${status} with NotAuthenticated`,
      respond: send(json(status, { ...notAuthenticated, object: { value: 'leak' } })),
      kind: 'not authenticated',
      failure: failure('vim25', 'UNAUTHENTICATED', {
        message: notAuthenticated.faultstring,
        details: { fault: notAuthenticated },
      }),
    }),
  ),
  {
    name: 'a fault',
    respond: send(json(500, hostCommunication)),
    kind: 'failed',
    failure: failure('vim25', 'RESOURCE_INACCESSIBLE', {
      message: hostCommunication.faultstring,
      details: { fault: hostCommunication },
    }),
  },
  ...commonFailures('vim25'),
];

/** One outcome of each kind. */
function firstOfEachKind(outcomes: readonly Outcome[]): readonly Outcome[] {
  return [...new Map(outcomes.toReversed().map((outcome) => [outcome.kind, outcome])).values()];
}

/** What each field of a session is, from which API; the rest come from neither. */
const values: Readonly<Record<string, { readonly api: Api; readonly value: unknown }>> = {
  user: { api: 'vapi', value: sessionInfo.user },
  createdTime: { api: 'vapi', value: sessionInfo.created_time },
  lastAccessedTime: { api: 'vapi', value: sessionInfo.last_accessed_time },
  id: { api: 'vim25', value: `default:${userSession.key}` },
  key: { api: 'vim25', value: userSession.key },
  userName: { api: 'vim25', value: userSession.userName },
  fullName: { api: 'vim25', value: userSession.fullName },
  loginTime: { api: 'vim25', value: userSession.loginTime },
  lastActiveTime: { api: 'vim25', value: userSession.lastActiveTime },
  locale: { api: 'vim25', value: userSession.locale },
  messageLocale: { api: 'vim25', value: userSession.messageLocale },
  extensionSession: { api: 'vim25', value: userSession.extensionSession },
  ipAddress: { api: 'vim25', value: userSession.ipAddress },
  userAgent: { api: 'vim25', value: userSession.userAgent },
  callCount: { api: 'vim25', value: userSession.callCount },
};

const fieldsOf = (api: Api) => Object.keys(values).filter((name) => values[name]?.api === api);

const selections: readonly (readonly string[])[] = [
  ['user'],
  [...fieldsOf('vapi'), 'user'],
  ['loginTime'],
  fieldsOf('vim25').filter((name) => name !== 'id'),
  ['id'],
  ['key', 'id'],
  ['user', 'loginTime'],
  ['loginTime', 'user', '__typename', 'vcenter'],
  ['user', 'id'],
  ['id', 'user', 'loginTime'],
  ['loginTime', 'user', 'id', 'createdTime'],
  ['__typename'],
  ['vcenter', '__typename'],
];

/** The fields under aliases, so that each has a place of its own: `f0: user f1: user`. */
function queryFor(selection: readonly string[]): string {
  const fields = selection.map(
    (name, index) => `f${index}: ${name}${name === 'vcenter' ? ' { id }' : ''}`,
  );
  return `{ currentSession { ${fields.join(' ')} } }`;
}

/** The response that the three rules demand. Where both APIs failed, it has vAPI's failure. */
function expectedResponse(
  selection: readonly string[],
  outcomes: Readonly<Record<Api, Outcome>>,
): unknown {
  const query = queryFor(selection);
  const errorAt = ({ message, extensions }: Failure, ...alias: string[]) => ({
    message,
    path: ['currentSession', ...alias],
    locations: [
      { line: 1, column: query.indexOf(alias[0] ? `${alias[0]}:` : 'currentSession') + 1 },
    ],
    extensions,
  });

  const required = new Set(selection.flatMap((name) => values[name]?.api ?? []));
  const called = (['vapi', 'vim25'] as const).filter(
    (api) => required.has(api) || (api === 'vim25' && required.size === 0),
  );
  const results = called.map((api) => outcomes[api]);
  if (!results.some(({ kind }) => kind === 'session')) {
    const reported = results.find(({ kind }) => kind === 'failed') ?? results[0];
    return {
      data: { currentSession: null },
      errors: reported?.failure && [errorAt(reported.failure)],
    };
  }

  const errors: unknown[] = [];
  const session: Record<string, unknown> = {};
  for (const [index, name] of selection.entries()) {
    const alias = `f${index}`;
    const known = values[name];
    const outcome = known && outcomes[known.api];
    if (name === '__typename') session[alias] = 'Session';
    else if (name === 'vcenter') session[alias] = { id: 'default' };
    else if (outcome?.failure) {
      errors.push(errorAt(outcome.failure, alias));
      // It is not null: the whole session is null in its stead, and no later field is looked at.
      if (name === 'id') return { data: { currentSession: null }, errors };
      session[alias] = null;
    } else session[alias] = known?.value;
  }
  return { data: { currentSession: session }, ...(errors.length > 0 && { errors }) };
}

test('follows the three rules of null and errors, however each API responds and whatever is selected', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph(
    { VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '3000' },
    {},
    { breakerFailures: 0, maxConnections: 200 },
  );

  let count = 0;
  const check = async (selection: readonly string[], vapi: Outcome, vim25: Outcome) => {
    const token = `token-${count++}`;
    if (vapi.respond) double.respondWith('vapi', token, vapi.respond);
    if (vim25.respond) double.respondWith('vim25', token, vim25.respond);
    const header = vapi.respond ? 'vmware-api-session-id' : 'vmware-vim25-session-id';
    const { status, body } = await subgraph.query(queryFor(selection), { [header]: token });
    const name = `${selection.join(' ')} with ${vapi.name} of vAPI and ${vim25.name} of vim25`;
    expect({ status, body }, name).toEqual({
      status: 200,
      body: expectedResponse(selection, { vapi, vim25 }),
    });
  };

  const isSlow = ({ respond }: Outcome) => respond === hang;
  const pairs = vapiOutcomes.flatMap((vapi) => vim25Outcomes.map((vim25) => ({ vapi, vim25 })));
  const fast = pairs.filter(({ vapi, vim25 }) => !isSlow(vapi) && !isSlow(vim25));
  // One outcome of each kind beside an API that hangs, since those pairs wait for the deadline.
  const slow = pairs.filter(
    ({ vapi, vim25 }) =>
      (isSlow(vapi) && firstOfEachKind(vim25Outcomes).includes(vim25)) ||
      (isSlow(vim25) && firstOfEachKind(vapiOutcomes).includes(vapi)),
  );
  const casesOf = (some: typeof pairs) =>
    some.flatMap((pair) => selections.map((selection) => ({ ...pair, selection })));
  const checkAll = (some: ReturnType<typeof casesOf>) =>
    Promise.all(some.map(({ selection, vapi, vim25 }) => check(selection, vapi, vim25)));
  const fastCases = casesOf(fast);
  for (let from = 0; from < fastCases.length; from += 20)
    await checkAll(fastCases.slice(from, from + 20));
  // They wait together, fewer than there are connections.
  await checkAll(casesOf(slow));
  expect(count).toBe((fast.length + slow.length) * selections.length);
  expect(slow).toHaveLength(6);
}, 120_000);

test.each([
  ['vAPI', 'user', { user: null, loginTime: userSession.loginTime }, 'vapi'],
  ['vim25', 'loginTime', { user: sessionInfo.user, loginTime: null }, 'vim25'],
] as const)(
  'returns the fields of the other API at once where %s is dead',
  async (_, field, session, api) => {
    const double = await startDouble();
    double.respondWith(
      api === 'vapi' ? 'vim25' : 'vapi',
      'a-token',
      send(json(200, api === 'vapi' ? userSession : sessionInfo)),
    );
    const subgraph = await startSubgraph({ VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '600000' });
    const query = '{ currentSession { user loginTime } }';
    const { body } = await subgraph.query(query, { 'vmware-api-session-id': 'a-token' });
    expect(body).toEqual({
      data: { currentSession: session },
      errors: [
        {
          ...failure(api, 'SERVICE_UNAVAILABLE'),
          path: ['currentSession', field],
          locations: [{ line: 1, column: query.indexOf(field) + 1 }],
        },
      ],
    });
  },
);

test('calls neither API without a token', async () => {
  const double = await startDouble();
  const { query } = await startSubgraph({ VCENTER_URL: double.url });
  for (const [selection, api] of [
    ['user loginTime', 'vapi'],
    ['loginTime', 'vim25'],
    ['__typename', 'vim25'],
  ] as const)
    expect((await query(`{ currentSession { ${selection} } }`)).body).toEqual({
      data: { currentSession: null },
      errors: [
        {
          ...failure(api, 'UNAUTHENTICATED', { message: noToken().message }),
          path: ['currentSession'],
          locations: [{ line: 1, column: 3 }],
        },
      ],
    });
  expect(double.requests).toEqual([]);
});

test('returns the list of sessions where the read of the current session fails', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ operation: 'currentSession', reset: true });
  const query = '{ vcenter(id: "default") { sessions { user locale } } }';
  const { body } = await subgraph.query(query, { 'vmware-api-session-id': 'demo' });
  expect(body).toEqual({
    data: { vcenter: { sessions: [{ user: null, locale: 'en' }] } },
    errors: [
      {
        ...failure('vim25', 'SERVICE_UNAVAILABLE'),
        path: ['vcenter', 'sessions', 0, 'user'],
        locations: [{ line: 1, column: query.indexOf('user') + 1 }],
      },
    ],
  });
});
