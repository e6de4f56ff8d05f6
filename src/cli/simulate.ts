import { startSimulator } from '../simulator/index.ts';

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
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
