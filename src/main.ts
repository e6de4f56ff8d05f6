import { enableCompileCache } from 'node:module';

// Node.js keeps the compiled code of packages between starts, which halves the time to the first answer.
enableCompileCache();

const { readSettings } = await import('./settings/settings.ts');
const { SettingsError } = await import('./settings/setting.ts');

try {
  const { simulated, ...settings } = readSettings(process.env);
  const { startServer } = await import('./server.ts');
  const simulator =
    simulated && (await (await import('./simulator/simulator.ts')).startSimulator());
  const server = await startServer(
    simulator
      ? {
          ...settings,
          vcenters: [{ ...simulated, url: new URL(simulator.url) }],
          simulator: simulator.url,
        }
      : settings,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, async () => {
      await server.close();
      await simulator?.close();
    });
} catch (error) {
  const isListenError = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
  if (!(error instanceof SettingsError || isListenError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
