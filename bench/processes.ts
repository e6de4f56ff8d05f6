/** The processes of a benchmark: each server has its own, so that its CPU time is its own. */
import { once } from 'node:events';
import { type ServerProcess, startServerProcess } from '../scripts/server-process.ts';
import type { Usage } from './probe.ts';

/** A server that reports its CPU time. */
export interface ProbedProcess extends ServerProcess {
  /** CPU time so far, of all threads, in microseconds. */
  cpuMicros(): Promise<number>;
}

/** The server that the subgraph is compared with. */
export const baseline = new URL('./baseline.ts', import.meta.url);

const double = new URL('./double.ts', import.meta.url);
const probe = new URL('./probe.ts', import.meta.url);

/** Starts the vCenter double. */
export function startDouble(): Promise<ServerProcess> {
  return startServerProcess(double);
}

/** Starts a server before a vCenter, with the probe in it. */
export async function startProbed(script: URL, vcenterUrl: string): Promise<ProbedProcess> {
  const server = await startServerProcess(script, {
    environment: { VCENTER_URL: vcenterUrl },
    nodeOptions: ['--import', probe.href],
  });
  return {
    ...server,
    async cpuMicros() {
      const message = once(server.child, 'message');
      server.child.send('usage');
      const [usage] = (await message) as [Usage];
      return usage.cpuMicros;
    },
  };
}
