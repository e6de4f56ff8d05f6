import { describe, expect, test } from 'vitest';
import {
  callsTo,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

const url = 'https://vcenter.example.com';

describe('applies', () => {
  const query = '{ currentSession { user loginTime } }';
  const loggedIn = { data: { currentSession: expect.any(Object) } };

  test('VCENTER_RELEASE and VCENTER_SESSION_MANAGER in the path of vim25', async () => {
    const { vcenter, subgraph } = await startWithSimulator(
      { sessionManager: 'ha-sessionmgr', releases: ['9.0.0.0'] },
      { VCENTER_RELEASE: '9.0.0.0', VCENTER_SESSION_MANAGER: 'ha-sessionmgr' },
    );
    expect(await subgraph.query(query, token('demo'))).toMatchObject({ body: loggedIn });
    expect(vcenter.calls.map(({ path }) => path).sort()).toEqual([
      '/api/session',
      '/sdk/vim25/9.0.0.0/SessionManager/ha-sessionmgr/currentSession',
    ]);
  });

  test.each(['/vc/one', '/vc/one/', '/vc/one//'])('the path %s of VCENTER_URL', async (path) => {
    const vcenter = await startVCenter();
    vcenter.injectFault({ response: { status: 404 } });
    const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url + path });
    await subgraph.query(query, token('demo'));
    expect(vcenter.calls.map((call) => call.path).sort()).toEqual([
      '/vc/one/api/session',
      '/vc/one/sdk/vim25/8.0.2.0/SessionManager/SessionManager/currentSession',
    ]);
  });

  test('VCENTER_ID in ids and in errors', async () => {
    const { subgraph } = await startWithSimulator({}, { VCENTER_ID: 'berlin-1' });
    const { body } = await subgraph.query('{ vcenters { id currentSession { id } } }', {
      'vmware-api-session-id-berlin-1': 'demo',
    });
    expect(body).toEqual({
      data: {
        vcenters: [
          { id: 'berlin-1', currentSession: { id: expect.stringMatching(/^berlin-1:52/) } },
        ],
      },
    });
    const { body: failed } = await subgraph.query(query);
    expect(failed).toMatchObject({ errors: [{ extensions: { vcenter: { id: 'berlin-1' } } }] });
  });

  test('VCENTER_TIMEOUT_MS for each upstream call', async () => {
    const { vcenter, subgraph } = await startWithSimulator({}, { VCENTER_TIMEOUT_MS: '1000' });
    vcenter.injectFault({ api: 'vapi', hang: true });
    const { body } = await subgraph.query(query, token('demo'));
    expect(body).toMatchObject({
      data: { currentSession: { user: null, loginTime: expect.any(String) } },
      errors: [{ path: ['currentSession', 'user'], extensions: { code: 'TIMED_OUT' } }],
    });
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
  });

  test('HOST and PORT', async () => {
    const { url: at } = await startSubgraph({ VCENTER_URL: url, HOST: '::1' });
    expect(at).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${at}/health/live`)).status).toBe(200);
  });

  test('LOG_LEVEL', async () => {
    const lines = await Promise.all(
      ['info', 'error', 'silent'].map(
        async (LOG_LEVEL) => (await startSubgraph({ VCENTER_URL: url, LOG_LEVEL })).log,
      ),
    );
    const [info, ...others] = lines;
    expect(info?.at(-1)).toContain('"msg":"ready"');
    expect(others).toEqual([[], []]);
  });

  test('GRAPHIQL: without it only _service returns the schema', async () => {
    const introspection = '{ __schema { queryType { name } } }';
    const on = await startSubgraph({ VCENTER_URL: url, GRAPHIQL: 'true' });
    const off = await startSubgraph({ VCENTER_URL: url, GRAPHIQL: 'false' });
    expect((await on.query(introspection)).body).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    });
    expect((await off.query(introspection)).body).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect((await off.query('{ _service { sdl } }')).body).toEqual({
      data: { _service: { sdl: expect.stringContaining('type Session') } },
    });
  });
});
