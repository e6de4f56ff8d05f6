import { expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/index.ts';
import { startProcess } from '../support/process.ts';
import { startVCenter } from '../support/subgraph.ts';

const vapiToken = 'secret-vapi-token-0123456789';
const vim25Token = 'secret-vim25-token-0123456789';
const password = 'secret-password-token-0123456789';
const sessionKey = 'secret-session-key-0123456789';

const echo = `No session ${vapiToken} or ${vim25Token}.`;

/** What goes wrong, one after the other: nothing, then each kind of failure, the secrets repeated where it can. */
const faults: readonly (Fault | undefined)[] = [
  undefined,
  { response: { status: 500, body: `<html>${echo}` } },
  { response: { status: 200, body: `{"leak":"${echo}"` } },
  { response: { status: 200, body: JSON.stringify({ user: [echo], key: [echo] }) } },
  { response: { status: 200, headers: { 'x-leak': echo }, body: echo } },
  {
    api: 'vapi',
    vapiError: { errorType: 'ERROR', messages: [{ default_message: `No session ${vapiToken}.` }] },
  },
  {
    api: 'vim25',
    vim25Fault: { typeName: 'SystemError', members: { faultstring: `No session ${vim25Token}.` } },
  },
  { redirect: { to: `http://127.0.0.1:1/?token=${vapiToken}` } },
  { truncated: true },
  { reset: true },
  { hang: true },
  { oversized: { bytes: 2_000_000 } },
  { vapiError: { errorType: 'UNAUTHENTICATED', members: { challenge: echo } } },
];

const queries = [
  '{ currentSession { user loginTime } }',
  '{ currentSession { __typename vcenter { id currentSession { userName } } } }',
  '{ vcenters { id currentSession { user callCount } } }',
  '{ vcenter(id: "default") { sessions { user userName } } }',
  '{ vcenter(id: "nowhere") { id } }',
  '{ session(id: "default:none") { user userName } }',
  '{ session(id: "none") { user } }',
  '{ _entities(representations: [{ __typename: "VCenter", id: "default" }]) { ... on VCenter { currentSession { user fullName } } } }',
  '{ nothing }',
  '{ currentSession {',
];

test('writes no token, and no session key that was not selected, to a response, a log line or a metric', async () => {
  const vcenter = await startVCenter();
  vcenter.addSession({ token: vapiToken, key: sessionKey, apis: ['vapi'] });
  vcenter.addSession({ token: vim25Token, key: sessionKey, apis: ['vim25'] });
  const subgraph = await startProcess({
    PORT: '0',
    LOG_LEVEL: 'trace',
    GRAPHIQL: 'true',
    VCENTER_URL: vcenter.url,
    VCENTER_TIMEOUT_MS: '1000',
  });
  const { url } = subgraph.ready;
  const responses: string[] = [];
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = {
      'content-type': 'application/json',
      'vmware-api-session-id': vapiToken,
      'vmware-vim25-session-id': vim25Token,
      authorization: `Bearer ${vapiToken}`,
      cookie: `vmware-api-session-id=${vapiToken}`,
    };
    const response = await fetch(url + path, { headers, ...init });
    responses.push(JSON.stringify([...response.headers]), await response.text());
  };

  for (const fault of faults) {
    vcenter.clearFaults();
    if (fault) vcenter.injectFault(fault);
    await Promise.all(
      queries.map((query) => send('/graphql', { method: 'POST', body: JSON.stringify({ query }) })),
    );
  }
  for (const path of ['/graphql', '/metrics', '/health/ready', '/health/live', '/nowhere'])
    await send(path);
  await send('/graphql', { method: 'POST', body: `{"query": "${vapiToken}` });
  const { origin } = new URL(url);
  await send('/graphiql/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-graphiql': '1', origin },
    body: JSON.stringify({ vcenter: 'default', userName: 'someone', password }),
  });
  await vcenter.close();
  await send('/graphql', { method: 'POST', body: JSON.stringify({ query: queries[0] }) });
  expect(await subgraph.stop('SIGTERM')).toBe(0);

  const secret = /secret-\w+-(?:token|key)-\d+/;
  expect(responses.join('\n')).toContain('Administrator@vsphere.local');
  expect(responses.join('\n')).toContain('No session [token].');
  expect(secret.exec(responses.join('\n'))?.[0]).toBeUndefined();
  for (const message of ['vCenter request failed', 'operation', 'log in failed'])
    expect(subgraph.lines.join('\n')).toContain(`"msg":"${message}"`);
  expect(secret.exec(subgraph.lines.join('\n'))?.[0]).toBeUndefined();
}, 60_000);
