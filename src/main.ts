import { once } from 'node:events';
import { enableCompileCache, flushCompileCache } from 'node:module';
import type { ServerOptions } from './server.ts';

// Node.js keeps the compiled code of packages between starts, which halves the time to the first answer.
enableCompileCache();

const { readSettings } = await import('./settings/settings.ts');
const { SettingsError } = await import('./settings/setting.ts');

try {
  const { simulated, ...settings } = readSettings(process.env);
  const { startServer } = await import('./server.ts');
  await using resources = new AsyncDisposableStack();
  let options: ServerOptions = settings;
  if (simulated) {
    const { startSimulator } = await import('./simulator/simulator.ts');
    const { url } = resources.use(await startSimulator());
    options = { ...settings, vcenters: [{ ...simulated, url: new URL(url) }], simulator: url };
  }
  const server = await startServer(options);
  resources.defer(() => server.close());
  // Once the first requests are answered, so that a later start is fast even if this process is killed.
  setTimeout(flushCompileCache, 2000).unref();
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
} catch (error) {
  const isListenError = error instanceof Error && 'syscall' in error;
  if (!(error instanceof SettingsError || isListenError)) throw error;
  const prefix = isListenError ? 'HOST and PORT take an address that is free to listen on: ' : '';
  console.error(prefix + error.message);
  process.exitCode = 1;
}
