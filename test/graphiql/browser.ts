import type { BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from '../../scripts/chromium.ts';
import type { Server } from '../../src/http/server.ts';

/** Monaco's texts, in the page. GraphiQL itself makes Monaco known under this name. */
const models = 'globalThis.__MONACO.editor.getModels()';

const reportViolations = `addEventListener('securitypolicyviolation', (event) => {
  reportViolation(event.violatedDirective + ' ' + event.blockedURI);
});`;

let browser: ReturnType<typeof launchChromium> | undefined;

/** Ends the browser that the file's visits shared. */
export async function endBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/**
 * Waits for something in the page to become as it should be. It ends as soon as it is; the time is for a
 * machine that is busy.
 */
export function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 20_000, interval: 25 });
}

/** Somebody with a fresh browser profile looks at GraphiQL. */
export class Visit {
  readonly page: Page;
  /** What no visit should see: errors in the console or thrown, and requests to anywhere else. */
  readonly problems: string[] = [];

  private constructor(page: Page, origin: string) {
    this.page = page;
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error') this.problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`thrown: ${error.stack}`));
    page.context().on('request', (request) => {
      if (new URL(request.url()).origin !== origin) this.problems.push(`request: ${request.url()}`);
    });
  }

  /** Opens GraphiQL and waits until a query can be typed. The visit ends with the test. */
  static async to(
    server: Pick<Server, 'url'>,
    options: BrowserContextOptions = {},
  ): Promise<Visit> {
    browser ??= launchChromium();
    const context = await (await browser).newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const visit = new Visit(page, server.url);
    await page.exposeFunction('reportViolation', (text: string) =>
      visit.problems.push(`policy: ${text}`),
    );
    await page.addInitScript(reportViolations);
    await page.goto(server.url);
    await visit.ready();
    return visit;
  }

  /** Waits until a query can be typed. */
  async ready(): Promise<void> {
    await this.page.locator('.graphiql-query-editor textarea').waitFor();
  }

  /** The text of the operation editor, the header editor or the response. */
  async text(of: 'operation' | 'request-headers' | 'response'): Promise<string> {
    return await this.page.evaluate<string>(
      `${models}.find(({ uri }) => uri.path.includes('${of}')).getValue()`,
    );
  }

  /** Replaces the text of the header editor. */
  async writeHeaders(headers: Readonly<Record<string, string>>): Promise<void> {
    await this.page.evaluate(
      `${models}.find(({ uri }) => uri.path.includes('request-headers')).setValue(${JSON.stringify(JSON.stringify(headers))})`,
    );
  }

  async run(): Promise<void> {
    await this.page.getByRole('button', { name: /^Execute query/ }).click();
  }

  /** The response, once it has arrived. */
  async response(): Promise<unknown> {
    await eventually(() => this.text('response')).not.toBe('');
    return JSON.parse(await this.text('response'));
  }

  async openTab(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async logIn(password: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Log in', exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByRole('button', { name: 'Log in' }).click();
  }

  /** The value of the header that carries the first vCenter's token, in the header editor. */
  async token(): Promise<string> {
    const { 'vmware-api-session-id': token = '' } = JSON.parse(await this.text('request-headers'));
    return token;
  }

  /** Everything that the browser keeps of the page. */
  async stored(): Promise<string> {
    const cookies = await this.page.context().cookies();
    const storage = await this.page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }])',
    );
    return storage + JSON.stringify(cookies);
  }
}
