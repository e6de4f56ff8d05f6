import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import {
  badInput,
  type ExpectedFailure,
  failure,
  noPermission,
  noToken,
} from '../support/errors.ts';
import fc from '../support/property.ts';
import {
  callsTo,
  type Subgraph,
  startVCenter,
  startWithSimulator,
  startWithSimulators,
  token,
} from '../support/subgraph.ts';

/** Queries entities as a router does. Returns the data's list, or the whole body where there are errors. */
async function resolve(
  subgraph: Subgraph,
  representations: readonly unknown[],
  selection: string,
  headers: Record<string, string>,
): Promise<unknown> {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`;
  const { body } = await subgraph.query(query, headers, { of: representations });
  const { data, errors } = body as { data?: { _entities: unknown }; errors?: unknown };
  return errors === undefined ? data?._entities : body;
}

function session(key: string, vcenter = 'default'): unknown {
  return { __typename: 'Session', id: `${vcenter}:${key}` };
}

/** A vCenter with the sessions `own` and as many others, `1` and so on; `own` is also the token of the requests. */
async function startWith(others: number, privileges = ['Sessions.TerminateSession']) {
  const pair = await startWithSimulator({ demoSession: false });
  addSessions(pair.vcenter, others, privileges);
  return pair;
}

function addSessions(vcenter: Simulator, others: number, privileges: readonly string[]): void {
  vcenter.addSession({ token: 'own', user: 'own', key: 'own', privileges });
  for (let index = 1; index <= others; index += 1)
    vcenter.addSession({ user: `user${index}`, key: String(index) });
}

const own = token('own');
const bothReads = ['vim25 currentSession', 'vim25 sessionList'];

describe('resolves sessions', () => {
  test('the token’s own session without sessionList, from both APIs', async () => {
    const { vcenter, subgraph } = await startWith(2);
    const found = await resolve(
      subgraph,
      [session('own')],
      '__typename ... on Session { id user key }',
      own,
    );
    expect(found).toEqual([
      { __typename: 'Session', id: 'default:own', user: 'own@vsphere.local', key: 'own' },
    ]);
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
  });

  test('the token’s own session, referenced 50 times, without sessionList', async () => {
    const { vcenter, subgraph } = await startWith(0);
    const found = await resolve(
      subgraph,
      Array(50).fill(session('own')),
      '... on Session { key }',
      own,
    );
    expect(found).toEqual(Array(50).fill({ key: 'own' }));
    expect(callsTo(vcenter)).toEqual(['vim25 currentSession']);
  });

  test('in their order, with duplicates and unknown ids, with two calls', async () => {
    const { vcenter, subgraph } = await startWith(3);
    const keys = ['3', 'none', '1', 'own', '3', '2', 'own', 'none', '1'];
    const found = await resolve(
      subgraph,
      keys.map((key) => session(key)),
      '... on Session { id userName }',
      own,
    );
    expect(found).toEqual(
      keys.map((key) =>
        key === 'none'
          ? null
          : {
              id: `default:${key}`,
              userName: `VSPHERE.LOCAL\\${key === 'own' ? 'own' : `user${key}`}`,
            },
      ),
    );
    expect(callsTo(vcenter)).toEqual(bothReads);
  });

  test('with both calls in parallel where more than one session is referenced', async () => {
    const { vcenter, subgraph } = await startWith(2);
    const barrier = vcenter.barrier({ api: 'vim25', count: 2 });
    const keys = ['1', '2'];
    const representations = keys.map((key) => session(key));
    const found = await resolve(subgraph, representations, '... on Session { key }', own);
    expect(found).toEqual(keys.map((key) => ({ key })));
    expect(barrier.met).toBe(true);
    expect(callsTo(vcenter)).toEqual(bothReads);
  });

  test('with vAPI’s fields of the token’s own session only, and null without an error in others', async () => {
    const { vcenter, subgraph } = await startWith(1);
    const found = await resolve(
      subgraph,
      [session('1'), session('own')],
      '... on Session { key user createdTime }',
      own,
    );
    expect(found).toEqual([
      { key: '1', user: null, createdTime: null },
      { key: 'own', user: 'own@vsphere.local', createdTime: expect.any(String) },
    ]);
    expect(callsTo(vcenter)).toEqual(['vapi getSession', ...bothReads]);
  });

  test('of others as FORBIDDEN without the privilege, and the token’s own session', async () => {
    const { vcenter, subgraph } = await startWith(1, []);
    const found = await resolve(
      subgraph,
      [session('1'), session('own'), session('none')],
      '... on Session { key }',
      own,
    );
    expect(found).toEqual({
      data: { _entities: [null, { key: 'own' }, null] },
      errors: [0, 2].map((index) =>
        failure(['_entities', index], 'FORBIDDEN', 'vim25', noPermission),
      ),
    });
    expect(callsTo(vcenter)).toEqual(bothReads);
  });

  test('as UNAUTHENTICATED without a token, and without a call', async () => {
    const { vcenter, subgraph } = await startWith(1);
    const found = await resolve(
      subgraph,
      [session('own'), session('1')],
      '... on Session { key }',
      {},
    );
    expect(found).toEqual({
      data: { _entities: [null, null] },
      errors: [0, 1].map((index) =>
        failure(['_entities', index], 'UNAUTHENTICATED', 'vim25', noToken()),
      ),
    });
    expect(vcenter.calls).toEqual([]);
  });

  test('as UNAUTHENTICATED where the token is unknown, without sessionList', async () => {
    const { subgraph } = await startWith(1);
    const found = await resolve(
      subgraph,
      [session('1')],
      '... on Session { key }',
      token('unknown'),
    );
    expect(found).toEqual({
      data: { _entities: [null] },
      errors: [failure(['_entities', 0], 'UNAUTHENTICATED', 'vim25')],
    });
  });

  test.each<[what: string, selection: string, calls: string[]]>([
    ['only names the type', '__typename', ['vim25 currentSession']],
    ['names the vCenter alone', '... on Session { vcenter { id } }', ['vim25 currentSession']],
    ['is of vim25', '... on Session { key }', ['vim25 currentSession']],
    ['is of both', '... on Session { user }', ['vapi getSession', 'vim25 currentSession']],
    ['leaves vAPI’s out', '... on Session { key user @skip(if: true) }', ['vim25 currentSession']],
    [
      'has vAPI’s in a fragment',
      '... on Session { ... { ... on Session { user } } }',
      ['vapi getSession', 'vim25 currentSession'],
    ],
    [
      'is of another type, too',
      '... on VCenter { id } ... on Session { key }',
      ['vim25 currentSession'],
    ],
  ])(
    'with only the calls that it needs where the selection %s',
    async (_what, selection, calls) => {
      const { vcenter, subgraph } = await startWith(0);
      await resolve(subgraph, [session('own')], selection, own);
      expect(callsTo(vcenter)).toEqual(calls);
    },
  );
});

const malformed = "A session's id must be <vCenter id>:<session key>.";
const unconfigured = (id: string) =>
  `A vCenter's id must be one that is configured, received "${id}".`;

test.each<[what: string, representation: unknown, message: string]>([
  ['is malformed', { __typename: 'Session', id: 'own' }, malformed],
  ['is empty', { __typename: 'Session', id: '' }, malformed],
  ['has no key', session(''), malformed],
  ['has a control character', session('a\nb'), malformed],
  ['has a key of 257 characters', session('k'.repeat(257)), malformed],
  ['is missing', { __typename: 'Session' }, malformed],
  ['is null', { __typename: 'Session', id: null }, malformed],
  ['is a number', { __typename: 'Session', id: 17 }, malformed],
  ['is an object', { __typename: 'Session', id: { key: 'own' } }, malformed],
  ['names no configured vCenter', session('own', 'other'), unconfigured('other')],
  ['is of no configured vCenter', { __typename: 'VCenter', id: 'other' }, unconfigured('other')],
  [
    'is no text of a vCenter',
    { __typename: 'VCenter', id: 17 },
    "A vCenter's id must be a string.",
  ],
])(
  'has bad input for a reference whose id %s, and resolves the others',
  async (_what, representation, message) => {
    const { vcenter, subgraph } = await startWith(1);
    const found = await resolve(
      subgraph,
      [session('1'), representation, session('own')],
      '... on Session { key } ... on VCenter { id }',
      own,
    );
    expect(found).toEqual({
      data: { _entities: [{ key: '1' }, null, { key: 'own' }] },
      errors: [badInput(['_entities', 1], message)],
    });
    expect(callsTo(vcenter)).toEqual(bothReads);
  },
);

test.each<[what: string, representation: unknown]>([
  ['an unknown type', { __typename: 'Nothing', id: 'x' }],
  ['a type that is no entity', { __typename: 'Query' }],
  ['a scalar', { __typename: 'DateTime' }],
  ['no type', { id: 'default:own' }],
  ['a type that is no text', { __typename: 17 }],
  ['no object', 'default:own'],
  ['a list', [{ __typename: 'Session', id: 'default:own' }]],
])(
  'rejects all representations with BAD_USER_INPUT where one has %s',
  async (_what, representation) => {
    const { vcenter, subgraph } = await startWith(0);
    const found = await resolve(
      subgraph,
      [session('own'), representation],
      '... on Session { key }',
      own,
    );
    expect(found).toEqual({
      data: null,
      errors: [
        badInput(
          ['_entities'],
          'A representation must be an object whose __typename is an entity of this subgraph.',
        ),
      ],
    });
    expect(vcenter.calls).toEqual([]);
  },
);

test('returns no error but BAD_USER_INPUT and BAD_REQUEST for random representations', {
  timeout: 60_000,
}, async () => {
  const { subgraph } = await startWith(1);
  const name = fc.oneof(
    fc.constantFrom('Session', 'VCenter', 'Query', '__proto__', 'constructor', '_Entity'),
    fc.string(),
  );
  const id = fc.oneof(
    fc.constantFrom('default:own', 'default:1', 'default', 'other:own', 'constructor', '__proto__'),
    fc.string(),
    fc.jsonValue(),
  );
  const references = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ __typename: fc.constantFrom('Session', 'VCenter'), id }),
      },
      { weight: 1, arbitrary: fc.record({ __typename: name, id }) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(references, async (representations) => {
      const query = `query ($of: [_Any!]!) {
        _entities(representations: $of) { ... on Session { key } ... on VCenter { id } }
      }`;
      const { body } = await subgraph.query(query, own, { of: representations });
      const { errors = [] } = body as { errors?: { extensions: { code: string } }[] };
      const codes = new Set(errors.map(({ extensions }) => extensions.code));
      // A member called __proto__ is rejected with the whole body.
      expect(['BAD_USER_INPUT', 'BAD_REQUEST']).toEqual(expect.arrayContaining([...codes]));
    }),
    { numRuns: 300 },
  );
  expect(await resolve(subgraph, [session('1')], '... on Session { key }', own)).toEqual([
    { key: '1' },
  ]);
});

test('resolves vCenters, and their sessions with the token of the request', async () => {
  const { vcenter, subgraph } = await startWith(1);
  const reference = { __typename: 'VCenter', id: 'default' };
  const found = await resolve(
    subgraph,
    [reference, session('1'), reference],
    '__typename ... on VCenter { id currentSession { user } sessions { key } } ... on Session { key }',
    own,
  );
  const whole = {
    __typename: 'VCenter',
    id: 'default',
    currentSession: { user: 'own@vsphere.local' },
    sessions: [{ key: 'own' }, { key: '1' }],
  };
  expect(found).toEqual([whole, { __typename: 'Session', key: '1' }, whole]);
  expect(callsTo(vcenter)).toEqual(['vapi getSession', ...bothReads]);
});

test('resolves a vCenter without a call', async () => {
  const { vcenter, subgraph } = await startWith(0);
  const found = await resolve(
    subgraph,
    [{ __typename: 'VCenter', id: 'default' }],
    '... on VCenter { id }',
    {},
  );
  expect(found).toEqual([{ id: 'default' }]);
  expect(vcenter.calls).toEqual([]);
});

describe('entities of many vCenters', () => {
  /** Ten vCenters with 100 sessions each, and the headers with a token for each. */
  async function startTen() {
    const ids = Array.from({ length: 10 }, (_, index) => `vc-${index}`);
    const vcenters: Record<string, Simulator> = {};
    for (const id of ids) {
      const vcenter = await startVCenter({ name: id, demoSession: false });
      addSessions(vcenter, 99, ['Sessions.TerminateSession']);
      vcenters[id] = vcenter;
    }
    const headers = Object.fromEntries(ids.map((id) => [`vmware-api-session-id-${id}`, 'own']));
    return { ids, vcenters, headers, subgraph: await startWithSimulators(vcenters) };
  }

  /** 1,000 references, those of one vCenter far from each other. */
  function thousandOf(ids: readonly string[]): { key: string; id: string }[] {
    return Array.from({ length: 1000 }, (_, index) => ({
      key: index < 10 ? 'own' : String(Math.floor(index / 10)),
      id: ids[index % 10] ?? '',
    }));
  }

  test('are resolved in order: 1,000 sessions of ten vCenters with two calls each', async () => {
    const { ids, vcenters, headers, subgraph } = await startTen();
    const references = thousandOf(ids);
    const found = await resolve(
      subgraph,
      references.map(({ key, id }) => session(key, id)),
      '... on Session { id key userName }',
      headers,
    );
    expect(found).toEqual(
      references.map(({ key, id }) => ({
        id: `${id}:${key}`,
        key,
        userName: `${id.toUpperCase()}.LOCAL\\${key === 'own' ? 'own' : `user${key}`}`,
      })),
    );
    for (const vcenter of Object.values(vcenters)) expect(callsTo(vcenter)).toEqual(bothReads);
  });

  test('are null only for the vCenter that is down and the one without a token', async () => {
    const { ids, vcenters, headers, subgraph } = await startTen();
    await vcenters['vc-3']?.close();
    const { 'vmware-api-session-id-vc-7': _, ...others } = headers;
    const keys = ['own', '1'];
    const found = await resolve(
      subgraph,
      keys.flatMap((key) => ids.map((id) => session(key, id))),
      '... on Session { id }',
      others,
    );
    const lost: Record<
      string,
      ExpectedFailure & { code: 'SERVICE_UNAVAILABLE' | 'UNAUTHENTICATED' }
    > = {
      'vc-3': { id: 'vc-3', code: 'SERVICE_UNAVAILABLE' },
      'vc-7': { ...noToken('vc-7'), code: 'UNAUTHENTICATED' },
    };
    expect(found).toEqual({
      data: {
        _entities: keys.flatMap((key) =>
          ids.map((id) => (id in lost ? null : { id: `${id}:${key}` })),
        ),
      },
      errors: keys.flatMap((_key, index) =>
        Object.entries(lost).map(([id, { code, ...details }]) =>
          failure(['_entities', index * 10 + ids.indexOf(id)], code, 'vim25', details),
        ),
      ),
    });
  });
});

describe('the limit of 5,000 representations', () => {
  test('resolves 5,000 with two calls', { timeout: 60_000 }, async () => {
    const { vcenter, subgraph } = await startWith(5);
    const references = Array.from({ length: 5000 }, (_, index) => session(String((index % 5) + 1)));
    const found = await resolve(subgraph, references, '... on Session { key }', own);
    expect(found).toEqual(references.map((_, index) => ({ key: String((index % 5) + 1) })));
    expect(callsTo(vcenter)).toEqual(bothReads);
  });

  test('resolves 5,000 that are literals in the query', { timeout: 60_000 }, async () => {
    const { subgraph } = await startWith(0);
    const list = '{ __typename: "Session", id: "default:own" } '.repeat(5000);
    const { body } = await subgraph.query(
      `{ _entities(representations: [${list}]) { ... on Session { key } } }`,
      own,
    );
    expect(body).toEqual({ data: { _entities: Array(5000).fill({ key: 'own' }) } });
  });

  test('rejects 5,001', async () => {
    const { vcenter, subgraph } = await startWith(0);
    const found = await resolve(
      subgraph,
      Array(5001).fill(session('own')),
      '... on Session { key }',
      own,
    );
    expect(found).toEqual({
      data: null,
      errors: [
        badInput(
          ['_entities'],
          'At most 5000 representations can be resolved at once, received 5001.',
        ),
      ],
    });
    expect(vcenter.calls).toEqual([]);
  });

  test('resolves an empty list without a call', async () => {
    const { vcenter, subgraph } = await startWith(0);
    expect(await resolve(subgraph, [], '... on Session { key }', own)).toEqual([]);
    expect(vcenter.calls).toEqual([]);
  });
});
