import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { badInput, failure, noPermission, noToken } from '../support/errors.ts';
import { callsTo, startWithSimulator, token } from '../support/subgraph.ts';

const privileged = ['Sessions.TerminateSession'];

/** A vCenter with the sessions `52-own`, `52-1` and `52-2`; the first is that of the token. */
async function startThree(privileges: readonly string[] = privileged) {
  const started = await startWithSimulator({ demoSession: false });
  for (const [name, mine] of [
    ['own', privileges],
    ['1', []],
    ['2', []],
  ] as const)
    started.vcenter.addSession({ token: name, user: name, key: `52-${name}`, privileges: mine });
  const query = async (query: string) => (await started.subgraph.query(query, token('own'))).body;
  return { ...started, query };
}

function sessionsOf(body: unknown): unknown {
  return { data: { vcenter: { sessions: body } } };
}

describe('VCenter.sessions', () => {
  test('returns the sessions of all users, in vim25’s order, with one call', async () => {
    const { vcenter, query } = await startThree();
    const body = await query(
      '{ vcenter(id: "default") { sessions { id key userName callCount vcenter { id } } } }',
    );
    expect(body).toEqual(
      sessionsOf(
        ['own', '1', '2'].map((name) => ({
          id: `default:52-${name}`,
          key: `52-${name}`,
          userName: `VSPHERE.LOCAL\\${name}`,
          callCount: name === 'own' ? 1 : 0,
          vcenter: { id: 'default' },
        })),
      ),
    );
    expect(callsTo(vcenter)).toEqual(['vim25 sessionList']);
  });

  test('has vAPI’s fields of the token’s own session only, and null without an error in others', async () => {
    const { vcenter, query } = await startThree();
    const body = await query(
      '{ vcenter(id: "default") { sessions { key user createdTime lastAccessedTime } } }',
    );
    const nothing = { user: null, createdTime: null, lastAccessedTime: null };
    expect(body).toEqual(
      sessionsOf([
        {
          key: '52-own',
          user: 'own@vsphere.local',
          createdTime: expect.any(String),
          lastAccessedTime: expect.any(String),
        },
        { key: '52-1', ...nothing },
        { key: '52-2', ...nothing },
      ]),
    );
    expect(callsTo(vcenter)).toEqual([
      'vapi getSession',
      'vim25 currentSession',
      'vim25 sessionList',
    ]);
  });

  test('has an error at vAPI’s fields of the token’s own session where vAPI fails', async () => {
    const { vcenter, query } = await startThree();
    vcenter.injectFault({ api: 'vapi', reset: true });
    expect(await query('{ vcenter(id: "default") { sessions { key user } } }')).toEqual({
      ...(sessionsOf(
        ['own', '1', '2'].map((name) => ({ key: `52-${name}`, user: null })),
      ) as object),
      errors: [failure(['vcenter', 'sessions', 0, 'user'], 'SERVICE_UNAVAILABLE', 'vapi')],
    });
  });

  test('is null with FORBIDDEN without the privilege', async () => {
    const { vcenter, query } = await startThree([]);
    expect(
      await query('{ vcenter(id: "default") { id sessions { key } currentSession { key } } }'),
    ).toEqual({
      data: { vcenter: { id: 'default', sessions: null, currentSession: { key: '52-own' } } },
      errors: [failure(['vcenter', 'sessions'], 'FORBIDDEN', 'vim25', noPermission)],
    });
    expect(callsTo(vcenter)).toEqual(['vim25 currentSession', 'vim25 sessionList']);
  });

  test('is null with UNAUTHENTICATED without a token', async () => {
    const { vcenter, subgraph } = await startThree();
    const { body } = await subgraph.query('{ vcenter(id: "default") { sessions { key user } } }');
    expect(body).toEqual({
      ...(sessionsOf(null) as object),
      errors: [failure(['vcenter', 'sessions'], 'UNAUTHENTICATED', 'vim25', noToken())],
    });
    expect(vcenter.calls).toEqual([]);
  });

  test.each<
    [
      what: string,
      spoil: (vcenter: Simulator) => void,
      code: 'UNAUTHENTICATED' | 'BAD_UPSTREAM_RESPONSE',
    ]
  >([
    [
      'is null',
      (vcenter) => vcenter.injectFault({ operation: 'sessionList', response: { body: 'null' } }),
      'UNAUTHENTICATED',
    ],
    [
      'is no list',
      (vcenter) => vcenter.injectFault({ operation: 'sessionList', response: { body: '{}' } }),
      'BAD_UPSTREAM_RESPONSE',
    ],
    [
      'has a session without a key',
      (vcenter) =>
        vcenter.injectFault({ operation: 'sessionList', properties: { key: undefined } }),
      'BAD_UPSTREAM_RESPONSE',
    ],
  ])('fails where the list %s', async (_what, spoil, code) => {
    const { vcenter, query } = await startThree();
    spoil(vcenter);
    expect(await query('{ vcenter(id: "default") { sessions { key } } }')).toEqual({
      ...(sessionsOf(null) as object),
      errors: [failure(['vcenter', 'sessions'], code, 'vim25')],
    });
  });

  test('returns 3,000 sessions, in a larger response than one session may have', async () => {
    const { vcenter, subgraph } = await startWithSimulator({ sessions: 3000 });
    const { body } = await subgraph.query('{ vcenters { sessions { id } } }', token('demo'));
    const { sessions } = (body as { data: { vcenters: [{ sessions: { id: string }[] }] } }).data
      .vcenters[0];
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(3001);
    expect(callsTo(vcenter)).toEqual(['vim25 sessionList']);
  });

  test('calls sessionList once for a request that selects it three times', async () => {
    const { vcenter, query } = await startThree();
    await query(
      '{ vcenters { a: sessions { key } b: sessions { id } } vcenter(id: "default") { sessions { key } } }',
    );
    expect(callsTo(vcenter)).toEqual(['vim25 sessionList']);
  });
});

describe('Query.session', () => {
  test('returns the token’s own session without the privilege and without sessionList', async () => {
    const { vcenter, query } = await startThree([]);
    expect(await query('{ session(id: "default:52-own") { id user key } }')).toEqual({
      data: { session: { id: 'default:52-own', user: 'own@vsphere.local', key: '52-own' } },
    });
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
  });

  test('returns the session of another user, with null without an error in vAPI’s fields', async () => {
    const { vcenter, query } = await startThree();
    expect(await query('{ session(id: "default:52-2") { id userName user createdTime } }')).toEqual(
      {
        data: {
          session: {
            id: 'default:52-2',
            userName: 'VSPHERE.LOCAL\\2',
            user: null,
            createdTime: null,
          },
        },
      },
    );
    expect(callsTo(vcenter)).toEqual([
      'vapi getSession',
      'vim25 currentSession',
      'vim25 sessionList',
    ]);
  });

  test('returns several sessions of one vCenter with two calls', async () => {
    const { vcenter, query } = await startThree();
    const aliases = ['own', '1', '2', 'none', '1'].map(
      (name, index) => `s${index}: session(id: "default:52-${name}") { key }`,
    );
    expect(await query(`{ ${aliases.join(' ')} }`)).toEqual({
      data: {
        s0: { key: '52-own' },
        s1: { key: '52-1' },
        s2: { key: '52-2' },
        s3: null,
        s4: { key: '52-1' },
      },
    });
    expect(callsTo(vcenter)).toEqual(['vim25 currentSession', 'vim25 sessionList']);
  });

  test('is null for an id that no session has', async () => {
    const { query } = await startThree();
    expect(await query('{ session(id: "default:52-none") { key user } }')).toEqual({
      data: { session: null },
    });
  });

  test('is null with FORBIDDEN for the session of another user without the privilege', async () => {
    const { query } = await startThree([]);
    expect(await query('{ session(id: "default:52-1") { key } }')).toEqual({
      data: { session: null },
      errors: [failure(['session'], 'FORBIDDEN', 'vim25', noPermission)],
    });
  });

  test('is null with UNAUTHENTICATED without a token', async () => {
    const { vcenter, subgraph } = await startThree();
    const { body } = await subgraph.query('{ session(id: "default:52-own") { key } }');
    expect(body).toEqual({
      data: { session: null },
      errors: [failure(['session'], 'UNAUTHENTICATED', 'vim25', noToken())],
    });
    expect(vcenter.calls).toEqual([]);
  });

  test.each([
    '',
    'default',
    'default:',
    ':52-own',
    '52-own',
    'Default:52-own',
    'de_fault:x',
    `default:${'x'.repeat(257)}`,
    'default:a\\nb',
  ])('is BAD_USER_INPUT for the id "%s"', async (id) => {
    const { vcenter, query } = await startThree();
    expect(await query(`{ session(id: "${id}") { key } }`)).toEqual({
      data: { session: null },
      errors: [badInput(['session'], "A session's id must be <vCenter id>:<session key>.")],
    });
    expect(vcenter.calls).toEqual([]);
  });

  test('is BAD_USER_INPUT for a vCenter that is not configured', async () => {
    const { vcenter, query } = await startThree();
    expect(await query('{ session(id: "other:52-own") { key } }')).toEqual({
      data: { session: null },
      errors: [
        badInput(['session'], `A vCenter's id must be one that is configured, received "other".`),
      ],
    });
    expect(vcenter.calls).toEqual([]);
  });

  test('accepts a key with a colon, blanks and any script', async () => {
    const { vcenter, query } = await startThree();
    vcenter.addSession({ key: '52:a b/日本?#%' });
    expect(await query('{ session(id: "default:52:a b/日本?#%") { id } }')).toEqual({
      data: { session: { id: 'default:52:a b/日本?#%' } },
    });
  });
});
