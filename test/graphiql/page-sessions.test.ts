import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { chromiumPath } from '../../scripts/chromium.ts';
import type { Simulator } from '../../src/simulator/index.ts';
import { startSubgraph, startVCenter } from '../support/subgraph.ts';
import { endBrowser, eventually, Visit } from './browser.ts';
import { startGraphiQL } from './server.ts';

afterAll(endBrowser);

/** A configuration with the vCenters `one` and `two`. It goes with the test. */
async function configFile(one: Simulator, two: Simulator): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'graphiql-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config.yaml');
  // JSON is YAML, too.
  await writeFile(
    file,
    JSON.stringify({
      vcenters: [
        { id: 'one', url: one.url },
        { id: 'two', url: two.url },
      ],
    }),
  );
  return file;
}

describe.skipIf(chromiumPath === undefined)(
  "GraphiQL's sessions in a browser",
  { timeout: 60_000 },
  () => {
    it("logs in with the router's secret that is in the header editor", async () => {
      const { server } = await startGraphiQL({ environment: { ROUTER_SECRET: 'of-the-router' } });
      const visit = await Visit.to(server);
      await visit.writeHeaders({ 'x-router-secret': 'of-the-router' });
      await visit.page.getByRole('button', { name: 'Log in', exact: true }).click();
      await visit.page.getByLabel('User name').fill('jdoe@corp.example.com');
      await visit.page.getByLabel('Password').fill('demo');
      await visit.page.keyboard.press('Enter');
      await visit.page.getByRole('status').filter({ hasText: 'Logged in to default.' }).waitFor();
      await visit.run();
      expect(await visit.response()).toMatchObject({
        data: { currentSession: { user: 'jdoe@corp.example.com' } },
      });
    });

    it('logs in, queries and logs out', async () => {
      const { server, simulator } = await startGraphiQL();
      const visit = await Visit.to(server);
      const { page } = visit;
      expect(await visit.token()).toBe('demo');

      await page.getByRole('button', { name: 'Log in', exact: true }).click();
      await page.getByLabel('User name').fill('jdoe@corp.example.com');
      await page.getByLabel('Password').fill('demo');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Logged in to default.' }).waitFor();
      const token = await visit.token();
      expect(simulator.sessionFor(token)?.user).toBe('jdoe@corp.example.com');

      await visit.run();
      expect(await visit.response()).toMatchObject({
        data: { currentSession: { user: 'jdoe@corp.example.com' } },
      });

      await page.getByRole('button', { name: 'jdoe@corp.example.com' }).click();
      await page.getByRole('button', { name: 'Log out of default' }).click();
      await page.getByRole('status').filter({ hasText: 'Logged out of default.' }).waitFor();
      expect(simulator.sessionFor(token)).toBeUndefined();
      expect(await visit.token()).toBe('demo');
      expect(visit.problems).toEqual([]);
    });

    it("shows vCenter's message for a wrong password, and lets the user try again", async () => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server);

      await visit.logIn('wrong');
      await visit.page
        .getByRole('alert')
        .filter({ hasText: 'Unable to authenticate user' })
        .waitFor();
      // The wrong password is selected, so that typing replaces it.
      await visit.page.keyboard.type('demo');
      await visit.page.keyboard.press('Enter');

      await visit.page.getByRole('button', { name: 'administrator@vsphere.local' }).waitFor();
      expect(visit.problems).toEqual([expect.stringContaining('401 (Unauthorized)')]);
    });

    it('writes the token to the headers of every tab but the one without a token', async () => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server);
      const { page } = visit;
      await visit.openTab('NotAuthenticated');
      await eventually(() => visit.text('request-headers')).toContain('no token on purpose');
      const withoutToken = await visit.text('request-headers');

      await visit.logIn('demo');
      await page.getByRole('button', { name: 'administrator@vsphere.local' }).waitFor();

      expect(await visit.text('request-headers')).toBe(withoutToken);
      const tokens: string[] = [];
      for (const name of ['CurrentSession', 'PartialResponse']) {
        await visit.openTab(name);
        await eventually(() => visit.token()).toMatch(/^[\da-f]{32}$/);
        tokens.push(await visit.token());
      }
      expect(tokens[0]).toBe(tokens[1]);
    });

    it('keeps the headers that the user wrote when it writes the token', async () => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server);
      const { page } = visit;
      await page.locator('.graphiql-editor-tool .view-line', { hasText: 'demo' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type(', "accept-language": "de"');

      await visit.logIn('demo');
      await page.getByRole('button', { name: 'administrator@vsphere.local' }).waitFor();

      expect(JSON.parse(await visit.text('request-headers'))).toEqual({
        'vmware-api-session-id': expect.stringMatching(/^[\da-f]{32}$/),
        'accept-language': 'de',
      });
    });

    it('logs in to each of several vCenters with its own header', async () => {
      const [first, second] = [
        await startVCenter({ name: 'one' }),
        await startVCenter({ name: 'two' }),
      ];
      const server = await startSubgraph({
        GRAPHIQL: 'true',
        CONFIG_FILE: await configFile(first, second),
      });
      const visit = await Visit.to(server);
      const { page } = visit;

      await page.getByRole('button', { name: 'Log in', exact: true }).click();
      await page.getByLabel('vCenter', { exact: true }).selectOption('two');
      await page.getByLabel('User name').fill('jdoe');
      await page.getByLabel('Password').fill('demo');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'jdoe' }).waitFor();

      const headers = JSON.parse(await visit.text('request-headers'));
      expect(Object.keys(headers)).toEqual(['vmware-api-session-id-two']);
      expect(second.sessionFor(headers['vmware-api-session-id-two'])?.user).toBe('jdoe@two.local');
      expect(first.calls).toEqual([]);
    });

    it('stores queries in the browser, and no token', async () => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server);
      const { page } = visit;
      await visit.run();
      await visit.response();
      await visit.logIn('demo');
      await page.getByRole('button', { name: 'administrator@vsphere.local' }).waitFor();
      const token = await visit.token();
      await page.locator('.graphiql-query-editor .view-line', { hasText: 'userAgent' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type(' locale');
      // GraphiQL copies a text to its tab a tenth of a second after the last key.
      await eventually(() => visit.stored()).toMatch(/graphiql:query":"[^"]*userAgent locale/);
      await visit.run();
      await visit.response();
      await visit.openTab('AllVCenters');

      // Tabs are written half a second after a change, the history at once.
      await eventually(() => visit.stored()).toMatch(/\\"activeTabIndex\\":4/);
      await eventually(() => visit.stored()).toMatch(/graphiql:queries.*userAgent locale/);
      const stored = await visit.stored();
      expect(stored).not.toContain(token);
      expect(stored).not.toMatch(/\\"demo\\+"/);
      expect(stored).not.toContain('Administrator@vsphere.local');
    });

    it('restores queries after a reload, with the initial headers', async () => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server);
      const { page } = visit;
      await page.locator('.graphiql-query-editor .view-line', { hasText: 'userAgent' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type(' locale');
      // GraphiQL copies a text to its tab a tenth of a second after the last key.
      await eventually(() => visit.stored()).toMatch(/graphiql:query":"[^"]*userAgent locale/);
      await visit.run();
      await visit.response();
      await visit.openTab('NotAuthenticated');
      await eventually(() => visit.stored()).toMatch(/userAgent locale.*\\"activeTabIndex\\":2/);

      await page.reload();
      await visit.ready();

      expect(await visit.text('operation')).toContain('query NotAuthenticated');
      await eventually(() => visit.text('request-headers')).toContain('no token on purpose');
      await visit.openTab('CurrentSession');
      expect(await visit.text('operation')).toContain('userAgent locale');
      await eventually(() => visit.token()).toBe('demo');
      // A query of the history has no headers, since none were stored: it receives today's.
      await page.getByRole('button', { name: 'Show History' }).click();
      await page.getByRole('region', { name: 'History' }).getByText('CurrentSession').click();
      await eventually(() => visit.token()).toBe('demo');
      expect(visit.problems).toEqual([]);
    });

    it('ends the session when the page is left', async () => {
      const { server, simulator } = await startGraphiQL();
      const visit = await Visit.to(server);
      await visit.logIn('demo');
      await visit.page.getByRole('button', { name: 'administrator@vsphere.local' }).waitFor();
      const token = await visit.token();
      expect(simulator.sessionFor(token)).toBeDefined();

      await visit.page.goto('about:blank');

      await eventually(() => simulator.sessionFor(token)).toBeUndefined();
    });
  },
);
