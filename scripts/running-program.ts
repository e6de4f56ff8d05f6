import { startServer } from '../src/server.ts';
import { readSettings } from '../src/settings/settings.ts';
import { startSimulator } from '../src/simulator/simulator.ts';

/** The program with its simulator, as a user without a vCenter has it. */
export interface RunningProgram extends AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
}

/** Starts it on a free port, GraphiQL on, and silent. */
export async function startProgram(): Promise<RunningProgram> {
  const simulator = await startSimulator();
  const { simulated: _, ...settings } = readSettings({
    VCENTER_URL: simulator.url,
    PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const server = await startServer({ ...settings, simulator: simulator.url });
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close();
      await simulator.close();
    },
  };
}
