import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Where Chromium is on this machine: the environment's `CHROMIUM`, else the usual places. Undefined where
 * it is nowhere.
 */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/**
 * Starts Chromium without a window, with an empty profile, and cut off from all hosts but this machine.
 *
 * @throws where Chromium is not installed.
 */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('Chromium is not installed: set CHROMIUM to where it is.');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
