import { describe, expect, it } from 'vitest';
import { startSubgraph } from '../support/subgraph.ts';
import { startGraphiQL } from './server.ts';

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; " +
  "connect-src 'self'; font-src 'self' data:; img-src 'self' data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

/** The addresses that a page names, of scripts, styles and the icon. */
function filesOf(page: string): string[] {
  return [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => String(address));
}

function settingsIn(page: string): unknown {
  const [, settings = ''] = /name="graphiql-settings" content="([^"]*)"/.exec(page) ?? [];
  return JSON.parse(settings.replaceAll('&quot;', '"'));
}

/** A response without the headers that differ for each request. */
async function whole(response: Response) {
  const { date: _, 'x-request-id': __, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.text() };
}

describe('the page of GraphiQL', () => {
  it('is returned to clients that accept HTML, with a strict policy, and is never cached', async () => {
    const { server } = await startGraphiQL();

    const response = await fetch(`${server.url}/graphql`, { headers: html });

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      vary: 'accept',
    });
  });

  it('has no inline script, no event handler and no URL of another origin', async () => {
    const { server } = await startGraphiQL();

    const page = await (await fetch(`${server.url}/graphql`, { headers: html })).text();

    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/\son\w+=/);
    expect(filesOf(page).filter((address) => !address.startsWith('/graphiql/assets/'))).toEqual([]);
  });

  it('has the vCenters, the new names, and whether there is a simulator and a secret of the router', async () => {
    const { server } = await startGraphiQL({
      environment: {
        VCENTER_ID: 'prod-1',
        ROUTER_SECRET: 'of-the-router',
        SCHEMA_RENAME: 'Session=VCenterSession',
      },
    });

    const page = await (await fetch(`${server.url}/graphql`, { headers: html })).text();

    expect(settingsIn(page)).toEqual({
      vcenters: ['prod-1'],
      simulator: true,
      needsRouterSecret: true,
      schemaRename: { Session: 'VCenterSession' },
    });
    expect(page).not.toContain('of-the-router');
  });

  it('has the settings of a server without a simulator', async () => {
    const { server } = await startGraphiQL({ simulator: false });

    const page = await (await fetch(`${server.url}/graphql`, { headers: html })).text();

    expect(settingsIn(page)).toEqual({
      vcenters: ['default'],
      simulator: false,
      needsRouterSecret: false,
      schemaRename: {},
    });
  });

  it('is the target of the redirect from /', async () => {
    const { server } = await startGraphiQL();

    const response = await fetch(server.url, { redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/graphql');
  });

  it.for(['br', 'gzip'])(
    'has files that are compressed with %s, cached for a year, and have a hash in their name',
    async (encoding) => {
      const { server } = await startGraphiQL();
      const page = await (await fetch(`${server.url}/graphql`, { headers: html })).text();
      const files = filesOf(page);
      expect(files.length).toBeGreaterThan(2);

      for (const file of files) {
        const response = await fetch(server.url + file, {
          headers: { 'accept-encoding': encoding },
        });
        expect(file).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
        expect(response.status).toBe(200);
        expect((await response.bytes()).length).toBeGreaterThan(0);
        expect(Object.fromEntries(response.headers)).toMatchObject({
          'content-encoding': encoding,
          'cache-control': 'public, max-age=31536000, immutable',
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
        });
      }
    },
  );

  it('does not change GET /graphql for other clients', async () => {
    const { server: on } = await startGraphiQL();
    const { server: off } = await startGraphiQL({ environment: { GRAPHIQL: 'false' } });

    for (const headers of [{ accept: 'application/json' }, { accept: '*/*' }])
      expect(await whole(await fetch(`${on.url}/graphql`, { headers }))).toEqual(
        await whole(await fetch(`${off.url}/graphql`, { headers })),
      );
  });
});

describe('GraphiQL, disabled', () => {
  it.for([
    { name: 'by its setting', environment: { GRAPHIQL: 'false' } },
    { name: 'in production', environment: { NODE_ENV: 'production', GRAPHIQL: '' } },
  ])('has no route: $name', async ({ environment }) => {
    const { server: on } = await startGraphiQL();
    const [file = ''] = filesOf(await (await fetch(`${on.url}/graphql`, { headers: html })).text());
    const { server } = await startGraphiQL({ environment });
    const get = (path: string, headers = {}) =>
      fetch(server.url + path, { headers, redirect: 'manual' });

    const nowhere = await whole(await get('/nowhere', html));
    expect(nowhere.status).toBe(404);
    for (const path of ['/', file, '/graphiql', '/graphiql/session', '/graphiql/assets/'])
      expect(await whole(await get(path, html))).toEqual(nowhere);
    expect(await whole(await get('/graphql', html))).toEqual(await whole(await get('/graphql')));
    const logIn = await fetch(`${server.url}/graphiql/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-graphiql': '1', origin: server.url },
      body: JSON.stringify({ vcenter: 'default', userName: 'a', password: 'demo' }),
    });
    expect(logIn.status).toBe(404);
  });

  it('is enabled in production by its setting', async () => {
    const server = await startSubgraph({
      NODE_ENV: 'production',
      VCENTER_URL: 'http://127.0.0.1:1',
      GRAPHIQL: 'true',
    });

    expect((await fetch(`${server.url}/graphql`, { headers: html })).status).toBe(200);
  });
});
