/** Takes the screenshots of GraphiQL for the documentation from the running program: `npm run screenshots`. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { startServerProcess, subgraph } from './server-process.ts';

interface Screenshot {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  /** What a user does before it is taken. */
  readonly prepare: (page: Page) => Promise<void>;
}

const screenshots: readonly Screenshot[] = [
  {
    name: 'graphiql-first-query',
    colorScheme: 'light',
    async prepare(page) {
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.getByRole('link', { name: 'Query', exact: true }).click();
      await page.getByRole('link', { name: 'currentSession', exact: true }).click();
      await page.getByRole('link', { name: 'Session', exact: true }).click();
      await run(page);
    },
  },
  {
    name: 'graphiql-partial-response',
    colorScheme: 'dark',
    async prepare(page) {
      await page.getByRole('button', { name: 'PartialResponse' }).click();
      await run(page);
    },
  },
];

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await page
    .locator('.graphiql-response .view-line', { hasText: 'currentSession' })
    .first()
    .waitFor();
  // Nothing of the mouse or the focus should be in the screenshot.
  await page.mouse.move(640, 5);
}

async function take(browser: Browser, url: string, screenshot: Screenshot): Promise<void> {
  const { name, colorScheme, prepare } = screenshot;
  const page = await browser.newPage({
    viewport: { width: 1280, height: 760 },
    deviceScaleFactor: 1.5,
    colorScheme,
    reducedMotion: 'reduce',
  });
  await page.goto(url);
  await page.locator('.graphiql-query-editor textarea').waitFor();
  await prepare(page);
  await page.evaluate('document.fonts.ready');
  const path = fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url));
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  await page.close();
  console.log(path);
}

await using program = await startServerProcess(subgraph);
const browser = await launchChromium();
try {
  for (const screenshot of screenshots) await take(browser, program.url, screenshot);
} finally {
  await browser.close();
}
