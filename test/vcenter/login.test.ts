import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createVCenterRegistry } from '../../src/vcenter/registry.ts';
import { logIn, logOut } from '../../src/vcenter/vapi/login.ts';
import { startVCenter } from '../support/subgraph.ts';

/** Starts a vCenter, and its part of a registry. */
async function start() {
  const simulator = await startVCenter();
  const registry = createVCenterRegistry(readConfig({ VCENTER_URL: simulator.url }).vcenters);
  onTestFinished(() => registry.close());
  return { simulator, vcenter: registry.first };
}

const user = { userName: 'administrator@vsphere.local', password: 'demo' };

test.each([
  ['de', { 'accept-language': 'de' }],
  [undefined, {}],
])(
  'logs in and out with the declared headers and no others, language %s',
  async (language, more) => {
    const { simulator, vcenter } = await start();
    const token = await logIn(vcenter, user, language);
    await logOut(vcenter, token);
    const common = {
      accept: 'application/json',
      connection: 'keep-alive',
      host: new URL(simulator.url).host,
      'user-agent': 'vcenter-session-subgraph',
    };
    const authorization = `Basic ${btoa(`${user.userName}:${user.password}`)}`;
    expect(simulator.calls.map(({ method, headers }) => [method, headers])).toEqual([
      ['POST', { ...common, 'content-length': '0', authorization, ...more }],
      ['DELETE', { ...common, 'vmware-api-session-id': token }],
    ]);
  },
);

test.each([200, 204, 401])('a session whose end has status %i is ended', async (status) => {
  const { simulator, vcenter } = await start();
  simulator.injectFault({ response: { status } });
  await expect(logOut(vcenter, 'a-token')).resolves.toBeUndefined();
});

test.each([
  [201, 'BAD_UPSTREAM_RESPONSE'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [503, 'SERVICE_UNAVAILABLE'],
])('a session whose end has status %i is not ended: %s', async (status, code) => {
  const { simulator, vcenter } = await start();
  simulator.injectFault({ response: { status } });
  await expect(logOut(vcenter, 'a-token')).rejects.toMatchObject({ extensions: { code } });
});
