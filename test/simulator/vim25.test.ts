import { describe, expect, it } from 'vitest';
import {
  CONTENT,
  CURRENT_SESSION,
  LOGIN,
  LOGOUT,
  logIn,
  SESSION,
  SESSION_LIST,
  send,
  standingClock,
  start,
  vim25,
} from './client.ts';

const KEY = /^52[0-9a-f]{6}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function login(userName: string, password: string, locale?: string) {
  return { method: 'POST', body: JSON.stringify({ userName, password, locale }) };
}

describe('currentSession', () => {
  it('has the type name and the eleven properties of a UserSession', async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now });
    const reply = await send(simulator, CURRENT_SESSION, { token: 'demo' });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      _typeName: 'UserSession',
      key: expect.stringMatching(KEY),
      userName: 'VSPHERE.LOCAL\\Administrator',
      fullName: 'Administrator vsphere.local',
      loginTime: '2026-01-01T00:00:00.000000Z',
      lastActiveTime: '2026-01-01T00:00:00.000000Z',
      locale: 'en',
      messageLocale: 'en',
      extensionSession: false,
      ipAddress: expect.stringMatching(/^10\.\d+\.0\.1$/),
      userAgent: 'VMware vSphere UI',
      callCount: 1,
    });
  });

  it("moves lastActiveTime and callCount with use, and not vAPI's last_accessed_time", async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now });
    await send(simulator, CURRENT_SESSION, { token: 'demo' });
    clock.move(90_000);
    const reply = await send(simulator, CURRENT_SESSION, { token: 'demo' });
    expect(reply.json).toMatchObject({
      loginTime: '2026-01-01T00:00:00.000000Z',
      lastActiveTime: '2026-01-01T00:01:30.000000Z',
      callCount: 2,
    });
    expect(simulator.sessionFor('demo')?.vapi).toMatchObject({
      last_accessed_time: '2026-01-01T00:00:00.000Z',
    });
  });

  it('does not keep a session alive, while a read of vAPI does', async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now, idleMs: 1_000 });
    const [read, polled] = [await logIn(simulator, 'jane'), await logIn(simulator, 'john')];
    clock.move(600);
    await send(simulator, CURRENT_SESSION, { token: read });
    await send(simulator, SESSION, { token: polled });
    clock.move(600);
    expect((await send(simulator, CURRENT_SESSION, { token: read })).text).toBe('null');
    expect((await send(simulator, CURRENT_SESSION, { token: polled })).json).toMatchObject({
      callCount: 1,
    });
    expect((await send(simulator, CURRENT_SESSION, { token: 'demo' })).json).toMatchObject({
      callCount: 1,
    });
  });

  it('returns replaced properties digit for digit and character for character', async () => {
    const simulator = await start();
    simulator.addSession({
      token: 'exact',
      user: 'jane@corp.example.com',
      vim25: {
        callCount: 9007199254740993n,
        loginTime: '2026-11-22T04:10:00.123456+05:30',
        fullName: undefined,
      },
      vapi: { created_time: 'yesterday' },
    });
    const { text } = await send(simulator, CURRENT_SESSION, { token: 'exact' });
    expect(text).toContain('"callCount":9007199254740993}');
    expect(text).toContain('"loginTime":"2026-11-22T04:10:00.123456+05:30"');
    expect(text).toContain('"userName":"CORP\\\\jane"');
    expect(text).not.toContain('fullName');
    expect((await send(simulator, SESSION, { token: 'exact' })).json).toMatchObject({
      created_time: 'yesterday',
    });
  });
});

describe('Login and Logout', () => {
  it('returns the token in a header and the UserSession in the body', async () => {
    const simulator = await start();
    const reply = await send(simulator, LOGIN, {
      ...login('CORP\\jane', 'demo', 'de_DE'),
      headers: { 'user-agent': 'a test' },
    });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      userName: 'CORP\\jane',
      locale: 'de_DE',
      messageLocale: 'de',
      userAgent: 'a test',
      ipAddress: '127.0.0.1',
    });
    const token = reply.headers['vmware-api-session-id'] as string;
    expect(reply.text).not.toContain(token);
    expect((await send(simulator, CURRENT_SESSION, { token })).json).toMatchObject({
      userName: 'CORP\\jane',
    });
    expect((await send(simulator, LOGOUT, { method: 'POST', token })).status).toBe(204);
    expect((await send(simulator, CURRENT_SESSION, { token })).text).toBe('null');
    expect((await send(simulator, LOGOUT, { method: 'POST', token })).json).toMatchObject({
      _typeName: 'NotAuthenticated',
    });
  });

  it('responds InvalidLogin to a wrong password, and InvalidArgument to missing parameters', async () => {
    const simulator = await start();
    const wrong = await send(simulator, LOGIN, login('jane', 'guess'));
    expect(wrong.status).toBe(500);
    expect(wrong.json).toEqual({
      _typeName: 'InvalidLogin',
      faultstring: 'Cannot complete login due to an incorrect user name or password.',
    });
    const missing = await send(simulator, LOGIN, { method: 'POST', body: '{"userName":"jane"}' });
    expect(missing.json).toMatchObject({
      _typeName: 'InvalidArgument',
      invalidProperty: 'password',
    });
  });

  it('rejects a body that is too long', async () => {
    const simulator = await start();
    const reply = await send(simulator, LOGIN, {
      method: 'POST',
      body: ' '.repeat(2 * 1024 * 1024),
    });
    expect(reply.status).toBe(413);
  });
});

describe('sessionList', () => {
  it('lists every live session for a user with Sessions.TerminateSession', async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now, sessions: 3_000, idleMs: 1_000 });
    simulator.addSession({ token: 'gone' });
    clock.move(1_000);
    const jane = simulator.addSession({ token: 'jane', user: 'jane' });
    const reply = await send(simulator, SESSION_LIST, { token: 'demo' });
    const list = reply.json as { key: string; loginTime: string }[];
    expect(list).toHaveLength(3_002);
    expect(new Set(list.map((session) => session.key)).size).toBe(3_002);
    expect(list.at(-1)).toEqual(jane.vim25);
    expect(list[0]).toEqual(simulator.sessionFor('demo')?.vim25);
  });

  it('returns a session that has changed since the last list', async () => {
    const simulator = await start();
    simulator.addSession({ token: 'jane', user: 'jane' });
    await send(simulator, SESSION_LIST, { token: 'demo' });
    await send(simulator, CURRENT_SESSION, { token: 'jane' });
    const { json } = await send(simulator, SESSION_LIST, { token: 'demo' });
    expect(json).toMatchObject([{ callCount: 2 }, { callCount: 1 }]);
  });

  it('is NoPermission for other users, with the missing privilege', async () => {
    const simulator = await start();
    const token = await logIn(simulator, 'jane');
    const reply = await send(simulator, SESSION_LIST, {
      token,
      headers: { 'accept-language': 'de' },
    });
    expect(reply.status).toBe(500);
    const entity = { _typeName: 'ManagedObjectReference', type: 'Folder', value: 'group-d1' };
    expect(reply.json).toEqual({
      _typeName: 'NoPermission',
      object: entity,
      privilegeId: 'Sessions.TerminateSession',
      missingPrivileges: [
        {
          _typeName: 'NoPermissionEntityPrivileges',
          entity,
          privilegeIds: ['Sessions.TerminateSession'],
        },
      ],
      faultMessage: [
        {
          _typeName: 'LocalizableMessage',
          key: 'vim25.NoPermission',
          message: 'Die Berechtigung zum Ausführen dieses Vorgangs wurde verweigert.',
        },
      ],
      faultstring: 'Permission to perform this operation was denied.',
    });
  });

  it('respects configured privileges', async () => {
    const simulator = await start({
      users: [
        { name: 'auditor', privileges: ['Sessions.TerminateSession'] },
        { name: 'administrator', privileges: [] },
      ],
    });
    const auditor = await logIn(simulator, 'auditor');
    expect((await send(simulator, SESSION_LIST, { token: auditor })).status).toBe(200);
    expect((await send(simulator, SESSION_LIST, { token: 'demo' })).status).toBe(500);
  });

  it('is NotAuthenticated without a session', async () => {
    const simulator = await start();
    expect((await send(simulator, SESSION_LIST)).json).toMatchObject({
      _typeName: 'NotAuthenticated',
    });
  });
});

describe('managed objects and releases', () => {
  it('have the SessionManager in the service content', async () => {
    const simulator = await start({ sessionManager: 'a b/c' });
    expect((await send(simulator, CONTENT)).json).toMatchObject({
      _typeName: 'ServiceContent',
      sessionManager: {
        _typeName: 'ManagedObjectReference',
        type: 'SessionManager',
        value: 'a b/c',
      },
    });
    const encoded = vim25('SessionManager/a%20b%2Fc/currentSession');
    expect((await send(simulator, encoded, { token: 'demo' })).status).toBe(200);
  });

  it('respond ManagedObjectNotFound to an unknown moId', async () => {
    const simulator = await start();
    const reply = await send(simulator, vim25('SessionManager/Other/currentSession'), {
      token: 'demo',
    });
    expect(reply.status).toBe(500);
    expect(reply.json).toMatchObject({
      _typeName: 'ManagedObjectNotFound',
      obj: { value: 'Other' },
    });
  });

  it.each([
    vim25('SessionManager/SessionManager/currentSession', '9.1.0.0'),
    vim25('SessionManager/SessionManager/currentsession'),
    vim25('SessionManager/SessionManager/currentSession/more'),
    vim25('SessionManager/currentSession'),
    vim25('Folder/group-d1/currentSession'),
  ])('respond 404 to %s', async (path) => {
    const simulator = await start();
    expect((await send(simulator, path, { token: 'demo' })).status).toBe(404);
  });

  it('respond 405 to a wrong method', async () => {
    const simulator = await start();
    const reply = await send(simulator, CURRENT_SESSION, { method: 'POST', token: 'demo' });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET']);
  });
});

describe('sessions', () => {
  it('share one login in single-session mode', async () => {
    const simulator = await start();
    const token = await logIn(simulator, 'jane');
    expect((await send(simulator, CURRENT_SESSION, { token })).json).toMatchObject({
      userName: 'VSPHERE.LOCAL\\jane',
    });
    await send(simulator, LOGOUT, { method: 'POST', token });
    expect((await send(simulator, SESSION, { token })).status).toBe(401);
  });

  it('are unknown to the other API in separate mode', async () => {
    const simulator = await start({ separateSessions: true });
    const vapiToken = await logIn(simulator, 'jane');
    const { headers } = await send(simulator, LOGIN, login('jane', 'demo'));
    const vim25Token = headers['vmware-api-session-id'] as string;
    expect((await send(simulator, CURRENT_SESSION, { token: vapiToken })).text).toBe('null');
    expect((await send(simulator, SESSION, { token: vim25Token })).status).toBe(401);
    expect((await send(simulator, SESSION, { token: vapiToken })).status).toBe(200);
    expect((await send(simulator, CURRENT_SESSION, { token: vim25Token })).text).not.toBe('null');
    expect(
      (await send(simulator, vim25('SessionManager/SessionManager/currentSession', '8.0.3.0')))
        .status,
    ).toBe(404);
  });

  it('have the token demo twice in separate mode', async () => {
    const simulator = await start({ separateSessions: true });
    expect((await send(simulator, SESSION, { method: 'DELETE', token: 'demo' })).status).toBe(204);
    expect((await send(simulator, CURRENT_SESSION, { token: 'demo' })).json).toMatchObject({
      callCount: 1,
    });
  });

  it('can be added to and ended in one API alone', async () => {
    const simulator = await start();
    simulator.addSession({ token: 'vapi-only', apis: ['vapi'] });
    expect((await send(simulator, SESSION, { token: 'vapi-only' })).status).toBe(200);
    expect((await send(simulator, CURRENT_SESSION, { token: 'vapi-only' })).text).toBe('null');
    simulator.endSession('demo', 'vapi');
    expect((await send(simulator, SESSION, { token: 'demo' })).status).toBe(401);
    expect((await send(simulator, CURRENT_SESSION, { token: 'demo' })).status).toBe(200);
  });

  it('differ between simulators in users and addresses', async () => {
    const berlin = (await start({ name: 'berlin' })).sessionFor('demo');
    const oslo = (await start({ name: 'oslo' })).sessionFor('demo');
    expect([berlin?.user, oslo?.user]).toEqual([
      'Administrator@berlin.local',
      'Administrator@oslo.local',
    ]);
    expect(berlin?.vim25).toMatchObject({ userName: 'BERLIN.LOCAL\\Administrator' });
    expect(berlin?.key).not.toBe(oslo?.key);
    const [{ ipAddress: inBerlin } = {}, { ipAddress: inOslo } = {}] = [berlin?.vim25, oslo?.vim25];
    expect(inBerlin).not.toBe(inOslo);
  });
});
