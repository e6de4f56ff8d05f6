import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXAMPLE = fileURLToPath(new URL('../examples/supergraph', import.meta.url));

/**
 * Installs the packages of `examples/supergraph`, the gateways among them, unless they are there. They are a
 * package of their own because they weigh more than everything that the subgraph needs.
 *
 * @throws Error where npm fails; npm has then written the reason to stderr.
 */
export async function installExample(): Promise<void> {
  // npm writes this file last.
  if (existsSync(`${EXAMPLE}/node_modules/.package-lock.json`)) return;
  console.error('Installing the packages of examples/supergraph (about a minute, once).');
  const options = [
    '--prefix',
    EXAMPLE,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = spawn('npm', ['ci', ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error(`npm ci --prefix examples/supergraph ended with ${code}.`);
}
