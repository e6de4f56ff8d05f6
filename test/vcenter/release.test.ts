import { expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/index.ts';
import { failure } from '../support/errors.ts';
import { callsTo, startVCenter, startWithSimulator, token } from '../support/subgraph.ts';

const query = '{ currentSession { key } }';
const auto = { VCENTER_RELEASE: 'auto' };
const session = { data: { currentSession: { key: expect.stringMatching(/^52/) } } };

/** The paths of vim25's calls, without repetition. */
function pathsOf({ calls }: Awaited<ReturnType<typeof startWithSimulator>>['vcenter']): string[] {
  const vim25 = calls.filter(({ api }) => api === 'vim25');
  return [...new Set(vim25.map(({ path }) => path))];
}

function currentSession(release: string): string {
  return `/sdk/vim25/${release}/SessionManager/SessionManager/currentSession`;
}

test('negotiates the release once, for all queries, and calls vim25 with it', async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    { releases: ['8.0.1.0', '8.0.2.0', '9.0.0.0'] },
    auto,
  );
  const first = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      vcenter.addSession({ token: `token-${index}`, key: `52-${index}` });
      return subgraph.query(query, token(`token-${index}`));
    }),
  );
  const later = await subgraph.query(query, token('demo'));
  expect([...first, later].map(({ body }) => body)).toEqual(Array(21).fill(session));
  expect(callsTo(vcenter)).toEqual(['vapi hello', ...Array(21).fill('vim25 currentSession')]);
  expect(pathsOf(vcenter)).toEqual([currentSession('9.0.0.0')]);
});

test('negotiates without a token', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, auto);
  await subgraph.query(query, token('demo'));
  expect(vcenter.calls[0]).toMatchObject({
    method: 'POST',
    path: '/api/vcenter/system?action=hello',
    token: undefined,
  });
  expect(vcenter.calls[0]?.headers).not.toHaveProperty('authorization');
  expect(vcenter.calls[0]?.headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
  });
});

test('negotiates only when vim25 is called', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, auto);
  await subgraph.query('{ currentSession { user } }', token('demo'));
  await subgraph.query(query);
  expect(callsTo(vcenter)).toEqual(['vapi getSession']);
});

test('uses the first release with the two APIs where hello is missing', async () => {
  const { vcenter, subgraph } = await startWithSimulator({ releases: ['8.0.1.0'] }, auto);
  const responses = [
    await subgraph.query(query, token('demo')),
    await subgraph.query(query, token('demo')),
  ];
  expect(responses.map(({ body }) => body)).toEqual([session, session]);
  expect(callsTo(vcenter)).toEqual(['vapi hello', 'vim25 currentSession', 'vim25 currentSession']);
  expect(pathsOf(vcenter)).toEqual([currentSession('8.0.1.0')]);
});

const failures: [what: string, fault: Fault, code: Parameters<typeof failure>[1]][] = [
  ['no release is shared', { response: { body: '{"api_release":""}' } }, 'UNSUPPORTED'],
  ['the connection is reset', { reset: true }, 'SERVICE_UNAVAILABLE'],
  ['vCenter is starting', { response: { status: 503 } }, 'SERVICE_UNAVAILABLE'],
  ['the response is a page', { response: { body: '<html></html>' } }, 'BAD_UPSTREAM_RESPONSE'],
  ['the response has no release', { response: { body: '{}' } }, 'BAD_UPSTREAM_RESPONSE'],
  [
    'the release was not offered',
    { response: { body: '{"api_release":"../.."}' } },
    'BAD_UPSTREAM_RESPONSE',
  ],
  ['hello needs a session', { response: { status: 401 } }, 'UNAUTHENTICATED'],
];

test.each(failures)(
  'fails where %s, and tries again with the next query',
  async (_what, fault, code) => {
    const { vcenter, subgraph } = await startWithSimulator({}, auto);
    vcenter.injectFault({ operation: 'hello', times: 1, ...fault });
    const { body } = await subgraph.query(
      '{ currentSession { user key } again: currentSession { key user } }',
      token('demo'),
    );
    const user = 'Administrator@vsphere.local';
    expect(body).toEqual({
      data: { currentSession: { user, key: null }, again: { user, key: null } },
      errors: [
        failure(['currentSession', 'key'], code, 'vim25'),
        failure(['again', 'key'], code, 'vim25'),
      ],
    });
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vapi hello']);
    expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
  },
);

test('negotiates once more where an upgraded vCenter does not know the release, at most once a minute', async () => {
  const { vcenter: first, subgraph } = await startWithSimulator({ releases: ['8.0.2.0'] }, auto);
  expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
  const port = Number(new URL(first.url).port);
  await first.close();

  const upgraded = await startVCenter({ port, releases: ['9.0.0.0'] });
  const responses = await Promise.all(
    ['a', 'b', 'c'].map((name) => {
      upgraded.addSession({ token: name, key: `52-${name}` });
      return subgraph.query(query, token(name));
    }),
  );
  expect(responses.map(({ body }) => body)).toEqual(Array(3).fill(session));
  expect(upgraded.callCount({ operation: 'hello' })).toBe(1);
  expect((await subgraph.query(query, token('demo'))).body).toEqual(session);
  expect(upgraded.calls.at(-1)?.path).toBe(currentSession('9.0.0.0'));
  await upgraded.close();

  const again = await startVCenter({ port, releases: ['8.0.3.0'] });
  expect((await subgraph.query(query, token('demo'))).body).toMatchObject({
    errors: [{ extensions: { code: 'NOT_FOUND' } }],
  });
  expect(again.callCount({ operation: 'hello' })).toBe(0);
});

test.each<[what: string, fault: Fault]>([
  ['is not available', { response: { status: 503 } }],
  ['returns a fault of NotFound', { vim25Fault: 'NotFound' }],
  ['returns another fault', { vim25Fault: 'NoPermission' }],
])('does not negotiate again where a vCenter %s', async (_what, fault) => {
  const { vcenter, subgraph } = await startWithSimulator({}, auto);
  await subgraph.query(query, token('demo'));
  vcenter.injectFault({ operation: 'currentSession', ...fault });
  expect((await subgraph.query(query, token('demo'))).body).toMatchObject({
    data: { currentSession: null },
  });
  const calls = ['vapi hello', 'vim25 currentSession', 'vim25 currentSession'];
  expect(callsTo(vcenter)).toEqual(calls);
});

test.each([
  ['a configured release', {}, []],
  ['a negotiated release that is still shared', auto, ['vapi hello', 'vapi hello']],
])(
  'makes no further call of vim25 where a vCenter does not know %s',
  async (_, environment, negotiations) => {
    const { vcenter, subgraph } = await startWithSimulator({}, environment);
    vcenter.injectFault({ operation: 'currentSession', response: { status: 404 } });
    expect((await subgraph.query(query, token('demo'))).body).toEqual({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'NOT_FOUND', 'vim25')],
    });
    expect(callsTo(vcenter)).toEqual([...negotiations, 'vim25 currentSession']);
  },
);

test('logs that the release of a vCenter was not offered', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, auto);
  vcenter.injectFault({ operation: 'hello', response: { body: '{"api_release":"7.0.3.0"}' } });
  await subgraph.query(query, token('demo'));
  const lines = subgraph.log.filter((line) => line.includes('vCenter request failed'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { api: 'vim25', cause: { message: 'a release that was not offered' } },
  ]);
});
