import { once } from 'node:events';
import { type ServerOptions, startServer } from './server.ts';
import { SettingsError } from './settings/setting.ts';
import { readSettings } from './settings/settings.ts';

try {
  const { simulated, ...settings } = readSettings(process.env);
  await using resources = new AsyncDisposableStack();
  let options: ServerOptions = settings;
  if (simulated) {
    const { startSimulator } = await import('./simulator/simulator.ts');
    const { url } = resources.use(await startSimulator());
    options = { ...settings, vcenters: [{ ...simulated, url: new URL(url) }], simulator: url };
  }
  const server = await startServer(options);
  resources.defer(() => server.close());
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
} catch (error) {
  const isListenError = error instanceof Error && 'syscall' in error;
  if (!(error instanceof SettingsError || isListenError)) throw error;
  const prefix = isListenError ? 'HOST and PORT take an address that is free to listen on: ' : '';
  console.error(prefix + error.message);
  process.exitCode = 1;
}
