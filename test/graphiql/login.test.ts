import { Buffer } from 'node:buffer';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { startVCenter, startWithSimulators } from '../support/subgraph.ts';
import { startGraphiQL } from './server.ts';

const password = 'correct-horse-battery';
const user = { name: 'jdoe@corp.example.com', password };
const jdoe = { vcenter: 'default', userName: user.name, password };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  /** Replace the headers that the page sends; undefined removes one. */
  readonly headers?: Record<string, string | undefined>;
}

/** Sends the request of the page, with the given changes. */
async function send(url: string, { method = 'POST', path = '', body, headers = {} }: Sent) {
  const all = { origin: url, 'x-graphiql': '1', 'sec-fetch-site': 'same-origin', ...headers };
  const response = await fetch(`${url}/graphiql/session${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        ),
      ),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text && JSON.parse(text),
  };
}

const logins = (simulator: Simulator) => simulator.callCount({ operation: 'createSession' });

describe('POST /graphiql/session', () => {
  it('forwards the credentials once and returns the token', async () => {
    const { server, simulator } = await startGraphiQL({ users: [user] });

    const { status, headers, body } = await send(server.url, { body: jdoe });

    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(simulator.sessionFor(body.token)?.user).toBe(user.name);
    expect(
      simulator.calls.map(({ method, path, headers }) => [method, path, headers.authorization]),
    ).toEqual([
      [
        'POST',
        '/api/session',
        `Basic ${Buffer.from(`${user.name}:${password}`).toString('base64')}`,
      ],
    ]);
  });

  it('accepts passwords of any alphabet', async () => {
    const greek = { name: 'μαρία@corp.example.com', password: 'κωδικός: "δέλτα"' };
    const { server, simulator } = await startGraphiQL({ users: [greek] });

    const { body } = await send(server.url, {
      body: { vcenter: 'default', userName: greek.name, password: greek.password },
    });

    expect(simulator.sessionFor(body.token)?.user).toBe(greek.name);
  });

  it("returns vCenter's own message for a wrong password, in the user's language", async () => {
    const { server, simulator } = await startGraphiQL({ users: [user] });
    const wrong = { ...jdoe, password: 'wrong' };

    const english = await send(server.url, { body: wrong });
    const german = await send(server.url, { body: wrong, headers: { 'accept-language': 'de' } });

    expect([english.status, english.body]).toEqual([
      401,
      { code: 'UNAUTHENTICATED', message: 'Unable to authenticate user' },
    ]);
    expect(german.body.message).not.toBe(english.body.message);
    expect(logins(simulator)).toBe(2);
  });

  it('does not forward an invalid Accept-Language', async () => {
    const { server, simulator } = await startGraphiQL({ users: [user] });
    const languages = ['de', 'de'.repeat(200), 'de\u00fc'];

    for (const language of languages)
      await send(server.url, { body: jdoe, headers: { 'accept-language': language } });

    expect(simulator.calls.map(({ headers }) => headers['accept-language'])).toEqual([
      'de',
      undefined,
      undefined,
    ]);
  });

  it('redacts the password and the credentials that a vCenter repeats', async () => {
    const { server, simulator } = await startGraphiQL({ users: [user] });
    const basic = Buffer.from(`${user.name}:${password}`).toString('base64');
    const repeated = `No "${password}" here, nor Basic ${basic}`;
    simulator.injectFault({
      operation: 'createSession',
      vapiError: { errorType: 'UNAUTHENTICATED', messages: [{ default_message: repeated }] },
    });

    const { status, body } = await send(server.url, { body: jdoe });

    expect([status, body]).toEqual([
      401,
      { code: 'UNAUTHENTICATED', message: 'No "[token]" here, nor Basic [token]' },
    ]);
  });

  it('returns SERVICE_UNAVAILABLE where the vCenter is down, without its address', async () => {
    const { server, simulator } = await startGraphiQL();
    await simulator.close();

    const { status, body } = await send(server.url, { body: jdoe });

    expect([status, body]).toEqual([
      503,
      { code: 'SERVICE_UNAVAILABLE', message: 'The vCenter is not available.' },
    ]);
  });

  it('is not sent again where its reused connection is closed', async () => {
    const { server, simulator } = await startGraphiQL({ users: [user] });
    await send(server.url, { body: jdoe });
    simulator.injectFault({ operation: 'createSession', reset: true, times: 1 });

    const { status, body } = await send(server.url, { body: jdoe });

    expect([status, body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(logins(simulator)).toBe(2);
  });

  it.for(['"a token with blanks"', '{}', '""', 'no JSON'])(
    'responds 502 where the vCenter returns %s as a token',
    async (token) => {
      const { server, simulator } = await startGraphiQL({ users: [user] });
      simulator.injectFault({
        operation: 'createSession',
        response: { status: 201, body: token },
      });

      const { status, body } = await send(server.url, { body: jdoe });

      expect([status, body.code]).toEqual([502, 'BAD_UPSTREAM_RESPONSE']);
    },
  );

  it.for<[string, unknown, number]>([
    ['no JSON', '{"password":"correct-horse-battery', 400],
    ['an array', [jdoe], 400],
    ['null', 'null', 400],
    ['nothing', '', 400],
    ['no vCenter', { ...jdoe, vcenter: undefined }, 400],
    ['a vCenter that is not configured', { ...jdoe, vcenter: 'other' }, 400],
    ['no password', { ...jdoe, password: undefined }, 400],
    ['an empty password', { ...jdoe, password: '' }, 400],
    ['a password that is no text', { ...jdoe, password: 7 }, 400],
    ['a password of two lines', { ...jdoe, password: `${password}\n` }, 400],
    ['a user name with a colon', { ...jdoe, userName: 'a:b' }, 400],
    ['a user name with a control character', { ...jdoe, userName: 'a\u0000b' }, 400],
    ['a member too many', { ...jdoe, url: 'http://elsewhere.example.com' }, 400],
    ['a body too large', { ...jdoe, userName: 'a'.repeat(10_000) }, 413],
    ['a user name too long', { ...jdoe, userName: 'a'.repeat(257) }, 400],
  ])('rejects %s without a call, and repeats nothing of it', async ([, body, status]) => {
    const { server, simulator } = await startGraphiQL({ users: [user] });

    const response = await send(server.url, { body });

    expect(response.status).toBe(status);
    expect(response.body).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.text).not.toContain(password);
    expect(simulator.calls).toEqual([]);
  });

  it('rejects a form, which any site could send', async () => {
    const { server, simulator } = await startGraphiQL();

    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const { status } = await send(server.url, { body: jdoe, headers: { 'content-type': type } });
      expect(status).toBe(415);
    }
    expect(simulator.calls).toEqual([]);
  });

  it('is limited to ten attempts a minute, which the requests of other sites do not use up', async () => {
    const { server, simulator } = await startGraphiQL();
    for (let i = 0; i < 20; i++)
      await send(server.url, { body: jdoe, headers: { origin: 'https://elsewhere.example.com' } });

    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) statuses.push((await send(server.url, { body: jdoe })).status);
    const eleventh = await send(server.url, { body: jdoe });

    expect(new Set(statuses)).toEqual(new Set([401]));
    expect([eleventh.status, eleventh.body]).toEqual([
      429,
      { code: 'RESOURCE_BUSY', message: 'Too many attempts: wait a minute, then try again.' },
    ]);
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(logins(simulator)).toBe(10);
  });
});

describe('a login in GraphiQL', () => {
  it.for([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.0.2.1',
    'evil.example@127.0.0.1',
  ])('to the Host %s is rejected where the server listens on a loopback address', async (host) => {
    const { server, simulator } = await startGraphiQL({ users: [user] });
    const { port } = new URL(server.url);
    const headers = { host: `${host}:${port}`, origin: `http://${host}:${port}` };

    expect(await sendRaw(server.url, jdoe, headers)).toEqual({
      status: 403,
      body: {
        code: 'FORBIDDEN',
        message:
          'This server listens on a loopback address: open GraphiQL by that address, or as localhost.',
      },
    });
    expect(simulator.calls).toEqual([]);
  });

  it.for(['localhost', 'LOCALHOST', 'graphiql.localhost', '127.0.0.1', '[::1]'])(
    'to the Host %s is accepted',
    async (host) => {
      const { server } = await startGraphiQL({ users: [user] });
      const { port } = new URL(server.url);
      const headers = { host: `${host}:${port}`, origin: `http://${host}:${port}` };

      expect((await sendRaw(server.url, jdoe, headers)).status).toBe(201);
    },
  );

  it('needs x-router-secret where ROUTER_SECRET is set', async () => {
    const { server, simulator } = await startGraphiQL({
      users: [user],
      environment: { ROUTER_SECRET: 'of-the-router' },
    });
    for (const secret of [undefined, 'of-the-client']) {
      const { status, body } = await send(server.url, {
        body: jdoe,
        headers: { 'x-router-secret': secret },
      });
      expect([status, body]).toEqual([
        401,
        { code: 'UNAUTHENTICATED', message: 'Missing or invalid x-router-secret header.' },
      ]);
    }
    expect(simulator.calls).toEqual([]);
    const headers = { 'x-router-secret': 'of-the-router' };
    const { status, body } = await send(server.url, { body: jdoe, headers });
    expect(status).toBe(201);
    // A page that is closed ends its sessions whatever is in the header editor.
    const logout = await send(server.url, {
      method: 'DELETE',
      path: '?vcenter=default',
      headers: { 'vmware-api-session-id': body.token },
    });
    expect(logout.status).toBe(204);
  });

  it('is a 504 where the vCenter does not respond in time', async () => {
    const { server, simulator } = await startGraphiQL({
      users: [user],
      environment: { VCENTER_TIMEOUT_MS: '100' },
    });
    simulator.injectFault({ operation: 'createSession', hang: true });

    const { status, body } = await send(server.url, { body: jdoe });

    expect([status, body.code]).toEqual([504, 'TIMED_OUT']);
  });
});

describe('logouts in GraphiQL', () => {
  it('are limited to 60 a minute', async () => {
    const { server, simulator } = await startGraphiQL();
    const statuses: number[] = [];
    for (let i = 0; i < 61; i++) {
      const { status } = await send(server.url, {
        method: 'DELETE',
        path: '?vcenter=default',
        headers: { 'vmware-api-session-id': `token-${i}` },
      });
      statuses.push(status);
    }
    expect(statuses).toEqual([...Array<number>(60).fill(204), 429]);
    expect(simulator.callCount({ operation: 'deleteSession' })).toBe(60);
  });
});

/** Sends a login with headers that fetch does not let one set. */
function sendRaw(url: string, body: unknown, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    request(
      `${url}/graphiql/session`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphiql': '1', ...headers },
      },
      async (response) =>
        resolve({ status: response.statusCode, body: JSON.parse(await text(response)) }),
    )
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}

describe('DELETE /graphiql/session', () => {
  it('ends the session on the vCenter', async () => {
    const { server, simulator } = await startGraphiQL({ users: [user] });
    const { token } = (await send(server.url, { body: jdoe })).body;

    const { status } = await send(server.url, {
      method: 'DELETE',
      path: '?vcenter=default',
      headers: { 'vmware-api-session-id': token },
    });

    expect(status).toBe(204);
    expect(simulator.sessionFor(token)).toBeUndefined();
  });

  it('responds 204 where the session has ended already', async () => {
    const { server } = await startGraphiQL();

    const { status } = await send(server.url, {
      method: 'DELETE',
      path: '?vcenter=default',
      headers: { 'vmware-api-session-id': 'long-gone' },
    });

    expect(status).toBe(204);
  });

  it.for([
    { path: '?vcenter=default', token: undefined },
    { path: '?vcenter=default', token: 'two tokens' },
    { path: '?vcenter=other', token: 'demo' },
    { path: '?vcenter=default&vcenter=other', token: 'demo' },
    { path: '', token: 'demo' },
  ])('rejects the query "$path" with the token $token', async ({ path, token }) => {
    const { server, simulator } = await startGraphiQL();

    const { status } = await send(server.url, {
      method: 'DELETE',
      path,
      headers: { 'vmware-api-session-id': token },
    });

    expect(status).toBe(400);
    expect(simulator.calls).toEqual([]);
  });
});

describe('with several vCenters', () => {
  it('logs in to and out of only the vCenter that the request names', async () => {
    const [a, b] = [await startVCenter({ name: 'a' }), await startVCenter({ name: 'b' })];
    const server = await startWithSimulators({ a, b }, () => ({}), { GRAPHIQL: 'true' });
    const login = { vcenter: 'b', userName: 'jdoe', password: 'demo' };

    const { status, body } = await send(server.url, { body: login });

    expect(status).toBe(201);
    expect(b.sessionFor(body.token)?.user).toBe('jdoe@b.local');
    a.addSession({ token: body.token });
    const logout = await send(server.url, {
      method: 'DELETE',
      path: '?vcenter=b',
      headers: { 'vmware-api-session-id': body.token },
    });
    expect(logout.status).toBe(204);
    expect(b.sessionFor(body.token)).toBeUndefined();
    expect(a.sessionFor(body.token)).toBeDefined();
    expect(a.calls).toEqual([]);
  });
});

describe('logins and logouts of other pages', () => {
  const foreign: [string, (url: string) => Record<string, string | undefined>][] = [
    ['another origin', () => ({ origin: 'https://elsewhere.example.com' })],
    ['another port', (url) => ({ origin: `${url.slice(0, -1)}${(Number(url.at(-1)) + 1) % 10}` })],
    ['another name of this machine', (url) => ({ origin: url.replace('127.0.0.1', 'localhost') })],
    ['an origin that hides', () => ({ origin: 'null' })],
    ['no origin', () => ({ origin: undefined })],
    ['a host that begins like ours', (url) => ({ origin: `${url}.example.com` })],
    ['another site by Sec-Fetch-Site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a sibling site by Sec-Fetch-Site', () => ({ 'sec-fetch-site': 'same-site' })],
    ['no custom header', () => ({ 'x-graphiql': undefined })],
  ];

  it.for(foreign)('are rejected: %s', async ([, headersFor]) => {
    const { server, simulator } = await startGraphiQL();
    const headers = headersFor(server.url);

    const logIn = await send(server.url, { body: { ...jdoe, password: 'demo' }, headers });
    const logOut = await send(server.url, {
      method: 'DELETE',
      path: '?vcenter=default',
      headers: { 'vmware-api-session-id': 'demo', ...headers },
    });

    expect([logIn.status, logOut.status]).toEqual([403, 403]);
    expect(logIn.headers.get('access-control-allow-origin')).toBeNull();
    expect(simulator.calls).toEqual([]);
  });

  it('receive no CORS permission for the custom header', async () => {
    const { server } = await startGraphiQL();

    const response = await fetch(`${server.url}/graphiql/session`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://elsewhere.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-graphiql',
      },
    });

    expect(response.ok).toBe(false);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are told from this page’s behind a proxy that terminates TLS', async () => {
    const { server } = await startGraphiQL({ users: [user] });

    const { status } = await send(server.url, {
      body: jdoe,
      headers: { origin: server.url.replace('http:', 'https:') },
    });

    expect(status).toBe(201);
  });
});

describe('the log of logins', () => {
  it('has no password and no token, with any response', async () => {
    const { server, simulator } = await startGraphiQL({
      users: [user],
      environment: { LOG_LEVEL: 'trace' },
    });
    const { token } = (await send(server.url, { body: jdoe })).body;
    const logOut = {
      method: 'DELETE',
      path: '?vcenter=default',
      headers: { 'vmware-api-session-id': token },
    };

    await send(server.url, { body: { ...jdoe, userName: 'nobody' } });
    await send(server.url, { body: JSON.stringify(jdoe).slice(0, -1) });
    await send(server.url, { body: { ...jdoe, userName: 'a'.repeat(10_000) } });
    await send(server.url, { body: { ...jdoe, password: [password] } });
    await send(server.url, { body: jdoe, headers: { origin: 'https://elsewhere.example.com' } });
    simulator.injectFault({
      operation: 'createSession',
      response: { status: 201, body: `"${token} ${password}"` },
    });
    await send(server.url, { body: jdoe });
    await send(server.url, logOut);
    await simulator.close();
    await send(server.url, { body: jdoe });
    await send(server.url, logOut);

    const log = server.log.join('');
    expect(log).toContain('"msg":"ready"');
    expect(log).not.toContain(password);
    expect(log).not.toContain(Buffer.from(`${user.name}:${password}`).toString('base64'));
    expect(log).not.toContain(token);
  });
});
