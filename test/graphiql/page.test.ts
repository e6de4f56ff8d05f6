import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../../scripts/chromium.ts';
import { endBrowser, eventually, Visit } from './browser.ts';
import { startGraphiQL } from './server.ts';

if (chromiumPath === undefined)
  console.warn(
    'GraphiQL is not tested in a browser: Chromium is not installed (or set CHROMIUM to its path).',
  );

afterAll(endBrowser);

describe.skipIf(chromiumPath === undefined)('GraphiQL in a browser', { timeout: 60_000 }, () => {
  it('returns a session for the first query, with one click', async () => {
    const { server } = await startGraphiQL();
    const visit = await Visit.to(server);

    await visit.run();

    expect(await visit.response()).toEqual({
      data: {
        currentSession: {
          user: 'Administrator@vsphere.local',
          loginTime: expect.stringMatching(/^\d{4}-/),
          ipAddress: expect.any(String),
          userAgent: expect.any(String),
        },
      },
    });
    expect(visit.problems).toEqual([]);
  });

  it('completes, checks, prettifies and documents without an error in the console of the browser', async () => {
    const { server } = await startGraphiQL();
    const visit = await Visit.to(server);
    const { page } = visit;

    await page.locator('.graphiql-query-editor .view-line', { hasText: 'userAgent' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' callC');
    await page.getByRole('option', { name: /callCount/ }).waitFor();
    await page.keyboard.press('Tab');
    await eventually(() => visit.text('operation')).toContain('userAgent callCount');

    await page.keyboard.type(' nonsense');
    await page.locator('.graphiql-query-editor .squiggly-error').waitFor();
    for (const _ of ' nonsense') await page.keyboard.press('Backspace');

    await page.getByRole('button', { name: /^Prettify query/ }).click();
    await eventually(() => visit.text('operation')).toContain('    userAgent\n    callCount\n');

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.getByRole('region', { name: 'Documentation Explorer' });
    await docs.getByRole('link', { name: 'Query', exact: true }).click();
    await docs.getByText('Each request carries its own tokens').waitFor();
    await docs.getByRole('link', { name: 'currentSession' }).click();
    await docs.getByText('Default: the first configured vCenter.').waitFor();

    await visit.run();
    expect(await visit.response()).toMatchObject({
      data: { currentSession: { callCount: expect.any(Number) } },
    });
    expect(visit.problems).toEqual([]);
  });

  it('has an example query in each of its tabs, which returns what it describes', async () => {
    const { server } = await startGraphiQL();
    const visit = await Visit.to(server);
    const responses: Record<string, unknown> = {};

    for (const name of ['FieldsOfEachApi', 'NotAuthenticated', 'PartialResponse', 'AllVCenters']) {
      await visit.openTab(name);
      await visit.run();
      responses[name] = await visit.response();
    }

    const notAuthenticated = { code: 'UNAUTHENTICATED', vcenter: expect.anything() };
    expect(responses).toMatchObject({
      FieldsOfEachApi: {
        data: {
          currentSession: {
            user: 'Administrator@vsphere.local',
            userName: 'VSPHERE.LOCAL\\Administrator',
            callCount: expect.any(Number),
          },
        },
      },
      NotAuthenticated: {
        data: { currentSession: null },
        errors: [{ path: ['currentSession'], extensions: notAuthenticated }],
      },
      PartialResponse: {
        data: {
          currentSession: {
            user: 'Administrator@vsphere.local',
            createdTime: expect.any(String),
            loginTime: null,
          },
        },
        errors: [{ path: ['currentSession', 'loginTime'], extensions: notAuthenticated }],
      },
      AllVCenters: {
        data: {
          vcenters: [{ id: 'default', currentSession: { user: 'Administrator@vsphere.local' } }],
        },
      },
    });
    expect(visit.problems).toEqual([]);
  });

  it('has a hint about tokens in the header editor where no simulator runs', async () => {
    const { server } = await startGraphiQL({ simulator: false });
    const visit = await Visit.to(server);

    expect(await visit.text('request-headers')).toContain('// Log in');
    expect(await visit.text('request-headers')).not.toContain('demo');
    await visit.page.getByRole('button', { name: 'Log in', exact: true }).click();
    expect(await visit.page.getByLabel('User name').inputValue()).toBe('');
    expect(await visit.page.getByRole('dialog').textContent()).not.toContain('simulator');
  });

  it.for(['light', 'dark'] as const)(
    'has the color scheme of the system (%s), and follows its changes',
    async (colorScheme) => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server, { colorScheme });
      const look = () =>
        visit.page.evaluate(`[
        getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor,
        document.querySelector('.monaco-editor').classList.contains('vs-dark'),
      ]`);
      const light = ['rgb(255, 255, 255)', false];
      const dark = ['rgb(33, 42, 59)', true];

      await eventually(look).toEqual(colorScheme === 'light' ? light : dark);
      await visit.page.emulateMedia({ colorScheme: colorScheme === 'light' ? 'dark' : 'light' });
      await eventually(look).toEqual(colorScheme === 'light' ? dark : light);
    },
  );

  it.for([1280, 800])('fits into a window of %i pixels', async (width) => {
    const { server } = await startGraphiQL();
    const visit = await Visit.to(server, { viewport: { width, height: 700 } });
    const { page } = visit;
    const expectInView = async (role: 'button' | 'dialog', name: string | RegExp) => {
      const box = await page.getByRole(role, { name }).boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(width);
    };

    await expectInView('button', /^Execute query/);
    await expectInView('button', 'Log in');
    await visit.logIn('demo');
    await expectInView('button', 'administrator@vsphere.local');
    await page.getByRole('button', { name: 'administrator@vsphere.local' }).click();
    await expectInView('dialog', 'Logged in');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  it('covers the editors with the documentation in 800 pixels instead of squeezing them', async () => {
    const { server } = await startGraphiQL();
    const { page } = await Visit.to(server, { viewport: { width: 800, height: 700 } });
    const editor = page.locator('.graphiql-query-editor');
    const before = await editor.boundingBox();

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').waitFor();

    expect(await editor.boundingBox()).toEqual(before);
    const plugin = await page.locator('.graphiql-plugin').boundingBox();
    expect(plugin?.width).toBe(380);
  });
});
