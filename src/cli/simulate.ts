import { startSimulator } from '../simulator/index.ts';
import { describeListenError, isListenError } from './listen-error.ts';

/** The options of the command. */
export interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly separateSessions: boolean;
  readonly sessions: number;
  readonly name?: string;
  readonly keepAliveMs: number;
  readonly keepAliveHint: boolean;
}

/** Serves a simulated vCenter until a signal ends it. */
export async function simulate(options: SimulateOptions): Promise<void> {
  try {
    const simulator = await startSimulator(options);
    console.log(JSON.stringify({ msg: 'ready', url: simulator.url }));
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void simulator.close());
  } catch (error) {
    if (!isListenError(error)) throw error;
    const names = { host: '--host', port: '--port' };
    console.error(describeListenError(error, [{ ...options, names }]));
    process.exitCode = 1;
  }
}
