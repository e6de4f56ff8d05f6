import { describe, expect, it } from 'vitest';
import { basic, HELLO, logIn, SESSION, send, standingClock, start } from './client.ts';

const UNAUTHENTICATED = {
  error_type: 'UNAUTHENTICATED',
  challenge: expect.stringContaining('SIGN realm='),
  messages: [
    {
      args: [],
      default_message: 'Authentication required.',
      id: 'com.vmware.vapi.endpoint.method.authentication.required',
    },
  ],
};

describe('/api/session', () => {
  it('returns a token for Basic credentials, in the body and in a header', async () => {
    const simulator = await start();
    const reply = await send(simulator, SESSION, {
      method: 'POST',
      headers: basic('jane@corp.example.com', 'demo'),
    });
    expect(reply.status).toBe(201);
    expect(reply.json).toMatch(/^[0-9a-f]{32}$/);
    expect(reply.headers['vmware-api-session-id']).toBe(reply.json);
    const read = await send(simulator, SESSION, { token: reply.json as string });
    expect(read.json).toMatchObject({ user: 'jane@corp.example.com' });
  });

  it('responds UNAUTHENTICATED to a wrong password and to missing credentials', async () => {
    const simulator = await start();
    const wrong = await send(simulator, SESSION, {
      method: 'POST',
      headers: basic('jane', 'guess'),
    });
    expect(wrong.status).toBe(401);
    expect(wrong.json).toEqual({
      ...UNAUTHENTICATED,
      messages: [
        {
          args: [],
          default_message: 'Unable to authenticate user',
          id: 'vapi.security.authentication.invalid',
        },
      ],
    });
    const missing = await send(simulator, SESSION, { method: 'POST' });
    expect(missing.status).toBe(401);
    expect(missing.json).toEqual(UNAUTHENTICATED);
  });

  it('moves last_accessed_time with each read', async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now });
    clock.move(60_000);
    const reply = await send(simulator, SESSION, { token: 'demo' });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      user: 'Administrator@vsphere.local',
      created_time: '2026-01-01T00:00:00.000Z',
      last_accessed_time: '2026-01-01T00:01:00.000Z',
    });
  });

  it('ends a session on DELETE', async () => {
    const simulator = await start();
    const token = await logIn(simulator, 'jane');
    const ended = await send(simulator, SESSION, { method: 'DELETE', token });
    expect([ended.status, ended.text]).toEqual([204, '']);
    expect((await send(simulator, SESSION, { token })).json).toEqual(UNAUTHENTICATED);
    expect((await send(simulator, SESSION, { method: 'DELETE', token })).status).toBe(401);
  });

  it('accepts Basic instead of a token, and opens no session', async () => {
    const simulator = await start();
    const reply = await send(simulator, SESSION, { headers: basic('jane', 'demo') });
    expect(reply.json).toMatchObject({ user: 'jane@vsphere.local' });
    const both = await send(simulator, SESSION, {
      token: 'unknown',
      headers: basic('jane', 'demo'),
    });
    expect(both.status).toBe(401);
  });

  it('accepts configured users only with their own password', async () => {
    const simulator = await start({
      users: [{ name: 'jane', password: 'secret' }],
      acceptAnyUser: false,
    });
    const status = async (user: string, password: string) =>
      (await send(simulator, SESSION, { method: 'POST', headers: basic(user, password) })).status;
    expect(await status('jane', 'secret')).toBe(201);
    expect(await status('VSPHERE.LOCAL\\JANE', 'secret')).toBe(201);
    expect(await status('jane', 'demo')).toBe(401);
    expect(await status('john', 'demo')).toBe(401);
  });

  it('rejects logins beyond the limit until sessions have expired', async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now, maxSessions: 3, idleMs: 1_000 });
    await logIn(simulator, 'jane');
    await logIn(simulator, 'john');
    const full = await send(simulator, SESSION, { method: 'POST', headers: basic('june', 'demo') });
    expect(full.status).toBe(503);
    expect(full.json).toMatchObject({
      error_type: 'SERVICE_UNAVAILABLE',
      messages: [{ args: [] }],
    });
    clock.move(1_000);
    expect(await logIn(simulator, 'june')).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['de-DE,de;q=0.9,en;q=0.8', 'Authentifizierung erforderlich.'],
    ['ja', '認証が必要です。'],
    ['fr, de', 'Authentification requise.'],
    ['tlh, fr;q=0.5', 'Authentification requise.'],
    ['en-US, de;q=0.5', undefined],
    ['tlh', undefined],
  ])('translates messages for Accept-Language %s', async (language, localized) => {
    const simulator = await start();
    const reply = await send(simulator, SESSION, { headers: { 'accept-language': language } });
    const [message] = UNAUTHENTICATED.messages;
    expect(reply.json).toEqual({
      ...UNAUTHENTICATED,
      messages: [{ ...message, ...(localized && { localized }) }],
    });
  });

  it('responds 405 to another method, and 404 to another path', async () => {
    const simulator = await start();
    const put = await send(simulator, SESSION, { method: 'PUT', token: 'demo' });
    expect([put.status, put.headers.allow]).toEqual([405, 'POST, GET, DELETE']);
    const other = await send(simulator, '/api/sessions', { token: 'demo' });
    expect(other.status).toBe(404);
    expect(other.json).toMatchObject({ error_type: 'NOT_FOUND' });
    expect((await send(simulator, '/ui')).status).toBe(404);
  });
});

describe('hello', () => {
  const hello = (releases: unknown) => ({
    method: 'POST',
    body: JSON.stringify({ api_releases: releases }),
  });

  it('returns the first release that both have, without a session', async () => {
    const simulator = await start();
    const reply = await send(simulator, HELLO, hello(['9.1.0.0', '8.0.2.0', '8.0.1.0']));
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ api_release: '8.0.2.0' });
  });

  it('returns an empty release where none is shared', async () => {
    const simulator = await start({ releases: ['8.0.2.0'] });
    expect((await send(simulator, HELLO, hello(['9.1.0.0']))).json).toEqual({ api_release: '' });
  });

  it('does not exist in 8.0.1.0', async () => {
    const simulator = await start({ releases: ['8.0.1.0'] });
    expect((await send(simulator, HELLO, hello(['8.0.1.0']))).status).toBe(404);
  });

  it('rejects a body of another schema', async () => {
    const simulator = await start();
    for (const body of ['', '[', '[]', '{"api_releases":"8.0.2.0"}']) {
      expect((await send(simulator, HELLO, { method: 'POST', body })).status).toBe(400);
    }
  });
});
