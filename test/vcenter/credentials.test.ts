import { expect, test } from 'vitest';
import { extractSecret } from '../../src/vcenter/credentials.ts';
import { startWithSimulator, token } from '../support/subgraph.ts';

const both = '{ currentSession { user key } }';

test.each([
  [
    'a token and a language',
    { ...token('demo'), 'accept-language': 'de' },
    { 'vmware-api-session-id': 'demo', 'accept-language': 'de' },
  ],
  [
    'Authorization that is forwarded',
    { authorization: 'Bearer a-token', 'accept-language': '' },
    { authorization: 'Bearer a-token' },
  ],
])('calls both APIs with the declared headers and no others: %s', async (_, received, sent) => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_FORWARD_AUTHORIZATION: 'true' },
  );
  await subgraph.query(both, received);
  const common = {
    accept: 'application/json',
    connection: 'keep-alive',
    host: new URL(vcenter.url).host,
    'user-agent': 'vcenter-session-subgraph',
  };
  expect(vcenter.calls.map(({ headers }) => headers)).toEqual(
    Array(2).fill({ ...common, ...sent }),
  );
});

test.each([
  ['a-token', 'a-token'],
  ['Bearer a-token', 'a-token'],
  ['SIGN  token="a b", x="c"', 'token="a b", x="c"'],
  ['Bearer ', 'Bearer '],
])('the secret of the credential %j is %j', (credential, secret) => {
  expect(extractSecret({ credential })).toBe(secret);
});
