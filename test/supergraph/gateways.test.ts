import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postQuery } from '../support/subgraph.ts';
import { type Company, callsTo, gateways, startCompany } from './company.ts';

/** Tokens for both vCenters, and a guess at the router's secret, which a gateway must not forward. */
const headers = {
  'vmware-api-session-id': 'demo',
  'vmware-api-session-id-lisbon': 'demo',
  'x-router-secret': 'a-guess-of-the-client',
};

describe.each(gateways)('behind the %s gateway', (gateway) => {
  let company: Company;

  beforeAll(async () => {
    company = await startCompany(gateway);
  }, 60_000);
  afterAll(() => company?.[Symbol.asyncDispose]());
  beforeEach(() => {
    for (const vcenter of [company.berlin, company.lisbon]) {
      vcenter.clearFaults();
      vcenter.clearCalls();
    }
  });

  it('passes each vCenter its own token and Accept-Language', async () => {
    const { url, berlin, lisbon } = company;
    const { status, body } = await postQuery(
      url,
      '{ vcenters { id currentSession { userName } } }',
      {
        ...headers,
        'vmware-api-session-id-lisbon': 'guest',
        'accept-language': 'de',
      },
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        vcenters: [
          { id: 'berlin', currentSession: { userName: 'BERLIN.LOCAL\\Administrator' } },
          { id: 'lisbon', currentSession: { userName: 'LISBON.LOCAL\\guest' } },
        ],
      },
    });
    const seen = [berlin, lisbon].map(({ calls }) =>
      calls.map((call) => ({ token: call.token, language: call.headers['accept-language'] })),
    );
    expect(seen).toEqual([
      [{ token: 'demo', language: 'de' }],
      [{ token: 'guest', language: 'de' }],
    ]);
  });

  it('resolves the sessions of logins with one sessionList call for each vCenter, and their persons', async () => {
    const { url, berlin, lisbon } = company;
    const { status, body } = await postQuery(
      url,
      '{ logins { at session { user loginTime ipAddress person { name department } } } }',
      headers,
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        logins: [
          {
            at: '2026-11-22T08:00:00.000001Z',
            session: {
              user: 'Administrator@berlin.local',
              loginTime: '2026-11-22T08:00:00.000001Z',
              ipAddress: '192.0.2.1',
              person: { name: 'Ada Berger', department: 'Platform' },
            },
          },
          {
            at: '2026-11-22T09:00:00.000001+01:00',
            session: {
              user: null,
              loginTime: '2026-11-22T09:00:00.000001+01:00',
              ipAddress: '192.0.2.2',
              person: null,
            },
          },
          {
            at: '2026-11-22T08:00:00.000001Z',
            session: {
              user: 'Administrator@lisbon.local',
              loginTime: '2026-11-22T08:00:00.000001Z',
              ipAddress: '198.51.100.1',
              person: { name: 'Rui Lopes', department: 'Operations' },
            },
          },
          {
            at: '2026-11-22T09:00:00.000001+01:00',
            session: {
              user: null,
              loginTime: '2026-11-22T09:00:00.000001+01:00',
              ipAddress: '198.51.100.2',
              person: null,
            },
          },
        ],
      },
    });
    const calls = { currentSession: 1, sessionList: 1, getSession: 1 };
    expect([callsTo(berlin), callsTo(lisbon)]).toEqual([calls, calls]);
  });

  it('returns null for the person of a session whose user vAPI does not return', async () => {
    const { url, berlin } = company;
    berlin.injectFault({ api: 'vapi', operation: 'getSession', vapiError: 'SERVICE_UNAVAILABLE' });
    const { status, body } = await postQuery(
      url,
      '{ logins { session { person { name } } } }',
      headers,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: {
        logins: [
          { session: { person: null } },
          { session: { person: null } },
          { session: { person: { name: 'Rui Lopes' } } },
          { session: { person: null } },
        ],
      },
    });
    // Hive Gateway drops the error of a field that only it selected; Apollo's gateway forwards it.
    expect(JSON.stringify(body)).not.toMatch(/INTERNAL_SERVER_ERROR|stacktrace/);
  });

  it('forwards a vAPI error with its code and vcenter, at the path in the whole response', async () => {
    const { url, berlin } = company;
    const messages = [
      { id: 'com.example.down', default_message: 'The service is down.', args: ['vapi', '1'] },
    ];
    berlin.injectFault({
      api: 'vapi',
      operation: 'getSession',
      vapiError: { errorType: 'SERVICE_UNAVAILABLE', messages, data: { is_transient: true } },
    });
    const { status, body } = await postQuery(
      url,
      '{ logins { session { user ipAddress } } }',
      headers,
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        logins: [
          { session: { user: null, ipAddress: '192.0.2.1' } },
          { session: { user: null, ipAddress: '192.0.2.2' } },
          { session: { user: 'Administrator@lisbon.local', ipAddress: '198.51.100.1' } },
          { session: { user: null, ipAddress: '198.51.100.2' } },
        ],
      },
      errors: [
        {
          message: 'The service is down.',
          path: ['logins', 0, 'session', 'user'],
          extensions: {
            code: 'SERVICE_UNAVAILABLE',
            vcenter: {
              id: 'berlin',
              api: 'vapi',
              retryable: true,
              error: { error_type: 'SERVICE_UNAVAILABLE', messages, data: { is_transient: true } },
            },
            // Both gateways add whose error it is.
            serviceName: 'vcenter-session',
          },
        },
      ],
    });
  });

  it('returns to each of two concurrent clients its own session for the same query', async () => {
    const { url, berlin } = company;
    const bothArrived = berlin.barrier({ api: 'vim25', operation: 'currentSession', count: 2 });
    const responses = await Promise.all(
      ['demo', 'guest'].map((token) =>
        postQuery(url, '{ currentSession { userName } }', { 'vmware-api-session-id': token }),
      ),
    );
    expect(responses.map(({ body }) => body)).toEqual([
      { data: { currentSession: { userName: 'BERLIN.LOCAL\\Administrator' } } },
      { data: { currentSession: { userName: 'BERLIN.LOCAL\\guest' } } },
    ]);
    expect(bothArrived.met).toBe(true);
  });
});
