/** Takes the README's pictures of GraphiQL from the running program: `npm run screenshots`. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { startServerProcess, subgraph } from './server-process.ts';

interface Picture {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  /** What a user does before the picture is taken. */
  readonly prepare: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
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
  // Nothing of the mouse or the focus should be in the picture.
  await page.mouse.move(640, 5);
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, colorScheme, prepare } = picture;
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
  for (const picture of pictures) await take(browser, program.url, picture);
} finally {
  await browser.close();
}
