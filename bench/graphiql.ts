/**
 * The time of GraphiQL from navigation to an editor that can be typed in, and what it transfers for that,
 * in a browser with an empty cache: `npm run bench:graphiql`. Over plain HTTP browsers accept gzip from any
 * host but their own machine; over HTTPS they accept Brotli.
 */
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../scripts/chromium.ts';
import { startServerProcess, subgraph } from '../scripts/server-process.ts';
import { median } from './statistics.ts';

const runs = 5;
const mostBytes = 2_300_000;

/** Forwards connections and counts the bytes of responses, headers included. */
async function countingProxy(port: number) {
  let bytes = 0;
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    server.on('data', (chunk) => {
      bytes += chunk.length;
    });
    client.pipe(server).pipe(client);
    for (const socket of [client, server])
      socket.on('error', () => [client, server].map((end) => end.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    bytes: () => bytes,
    close: () => proxy.close(),
  };
}

/** One visit with an empty cache: milliseconds, and bytes until then and in all. */
async function visit(browser: Browser, port: number, encoding: string) {
  const proxy = await countingProxy(port);
  const context = await browser.newContext({ extraHTTPHeaders: { 'accept-encoding': encoding } });
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(`${proxy.url}/graphql`, { waitUntil: 'commit' });
  await page.locator('.graphiql-query-editor textarea').focus();
  await page.keyboard.type('#');
  await page.waitForFunction(
    "globalThis.__MONACO.editor.getModels().some((model) => model.getValue().startsWith('##'))",
  );
  const ms = performance.now() - start;
  const bytes = proxy.bytes();
  // The workers come last, once there is something to check: a field that does not exist.
  await page.locator('.graphiql-query-editor .view-line', { hasText: 'userAgent' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' nonsense');
  await page.locator('.graphiql-query-editor .squiggly-error').waitFor();
  const all = proxy.bytes();
  await context.close();
  proxy.close();
  return { ms, bytes, all };
}

await using program = await startServerProcess(subgraph);
const browser = await launchChromium();
try {
  const port = Number(new URL(program.url).port);
  await visit(browser, port, 'br');
  for (const encoding of ['br', 'gzip']) {
    const visits: Awaited<ReturnType<typeof visit>>[] = [];
    for (let i = 0; i < runs; i++) visits.push(await visit(browser, port, encoding));
    const of = (name: 'ms' | 'bytes' | 'all') =>
      Math.round(median(visits.map((each) => each[name])));
    console.log(
      `${encoding.padEnd(4)}  ${of('ms')} ms to an editor that can be typed in, ` +
        `${of('bytes').toLocaleString('en')} bytes until then, ${of('all').toLocaleString('en')} until it has checked a query`,
    );
    if (of('all') > mostBytes) {
      console.error(`GraphiQL may transfer ${mostBytes.toLocaleString('en')} bytes at most.`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
}
