import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../../scripts/chromium.ts';
import { endBrowser, eventually, Visit } from './browser.ts';
import { startGraphiQL } from './server.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

afterAll(endBrowser);

/**
 * What axe finds that is serious, as rule, place and reason. The tabs (a button inside a tab) and the editors
 * (pale line numbers) are GraphiQL's and Monaco's own.
 */
async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate<AxeResults>(
    "axe.run({ exclude: ['.graphiql-tabs', '.monaco-editor'] })",
  );
  expect(passes.length).toBeGreaterThan(10);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
}

/** Presses Tab until the element that matches has the focus. Fails where that never happens. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`the keyboard never comes to ${selector}`);
}

describe.skipIf(chromiumPath === undefined)('GraphiQL, accessibility', { timeout: 60_000 }, () => {
  it('can be used without a mouse', async () => {
    const { server, simulator } = await startGraphiQL();
    const visit = await Visit.to(server);
    const { page } = visit;

    await tabTo(page, '.session-button');
    await page.keyboard.press('Enter');
    // The dialog begins at what is still to be filled in.
    await page.keyboard.type('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'administrator@vsphere.local' }).waitFor();
    await eventually(() => page.evaluate('document.activeElement.className')).toContain(
      'session-button',
    );

    await tabTo(page, '.graphiql-query-editor .graphiql-editor');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('{ currentSession { fullName ');
    await page.keyboard.press('ControlOrMeta+Enter');
    expect(await visit.response()).toEqual({
      data: { currentSession: { fullName: expect.any(String) } },
    });

    // Out of the editor: Escape may close a list of suggestions first.
    await eventually(async () => {
      await page.keyboard.press('Escape');
      return page.evaluate('document.activeElement.matches(".graphiql-editor")');
    }).toBe(true);
    await tabTo(page, '.graphiql-toolbar button');
    await tabTo(page, '.graphiql-editor-tools [data-name="headers"]');
    await tabTo(page, '.graphiql-editor-tool .graphiql-editor:not(.hidden)');

    const token = await visit.token();
    await tabTo(page, '.session-button');
    await page.keyboard.press('Enter');
    await tabTo(page, '[aria-label="Log out of default"]');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
    expect(simulator.sessionFor(token)).toBeUndefined();
    expect(visit.problems).toEqual([]);
  });

  it('closes the dialog with Escape', async () => {
    const { server } = await startGraphiQL();
    const { page } = await Visit.to(server);

    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it.for(['light', 'dark'] as const)(
    'has nothing serious for axe to find that is ours, in %s',
    async (colorScheme) => {
      const { server } = await startGraphiQL();
      const visit = await Visit.to(server, { colorScheme });
      const { page } = visit;

      const atFirst = await seriousViolations(page);
      await visit.logIn('wrong');
      await page.getByRole('alert').filter({ hasText: 'Unable' }).waitFor();
      const inTheDialog = await seriousViolations(page);
      await page.keyboard.type('demo');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'administrator@vsphere.local' }).click();
      await page.getByRole('dialog').waitFor();
      const loggedIn = await seriousViolations(page);

      expect({ atFirst, inTheDialog, loggedIn }).toEqual({
        atFirst: [],
        inTheDialog: [],
        loggedIn: [],
      });
    },
  );
});
