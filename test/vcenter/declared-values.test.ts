import { expect, test } from 'vitest';
import { userSession } from '../errors/responses.ts';
import { failure } from '../support/errors.ts';
import { startSubgraph, startWithSimulator, token } from '../support/subgraph.ts';
import { http, send, startDouble } from '../support/vcenter-double.ts';

const missing = 'Invalid input: expected string, received undefined';
const list = '{ vcenter(id: "default") { sessions { key } } }';

test.each<[selection: string, value: unknown, problem: string]>([
  ['{ currentSession { user } }', [], 'Invalid input: expected object, received array'],
  [
    '{ currentSession { user } }',
    {},
    `user: ${missing}; created_time: ${missing}; last_accessed_time: ${missing}`,
  ],
  ['{ currentSession { key } }', {}, `key: ${missing}; userName: ${missing}; fullName: ${missing}`],
  [
    '{ currentSession { key } }',
    { ...userSession, callCount: 1.5 },
    'callCount: expected a whole number of 64 bits',
  ],
  [
    '{ currentSession { key } }',
    { ...userSession, _typeName: 'Task' },
    '_typeName: Invalid input: expected "UserSession"',
  ],
  ['{ currentSession { key } }', { ...userSession, loginTime: 'now' }, 'loginTime: Invalid input'],
  [list, [userSession, { ...userSession, key: undefined }, {}], `1.key: ${missing}`],
])('logs what is not as declared, without the value: %s %j', async (selection, value, problem) => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ response: { body: JSON.stringify(value) } });
  await subgraph.query(selection, token('demo'));
  const lines = subgraph.log.filter((line) => line.includes('vCenter request failed'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      code: 'BAD_UPSTREAM_RESPONSE',
      cause: { message: `a value of another shape: ${problem}` },
    },
  ]);
});

test('a sessionList that is not text is BAD_UPSTREAM_RESPONSE', async () => {
  const double = await startDouble();
  double.respondWith('vim25', 'demo', send(http(200, Buffer.from([0x22, 0xff, 0x22]))));
  const { query } = await startSubgraph({ VCENTER_URL: double.url });
  expect((await query(list, token('demo'))).body).toEqual({
    data: { vcenter: { sessions: null } },
    errors: [failure(['vcenter', 'sessions'], 'BAD_UPSTREAM_RESPONSE', 'vim25')],
  });
});
