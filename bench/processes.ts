/** The processes of a benchmark: each server has its own, so that its CPU time is its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Usage } from './probe.ts';

/** A server in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Its base URL. */
  readonly url: string;
  /** CPU time so far, in microseconds. Only where the process was started with the probe. */
  cpuMicros(): Promise<number>;
}

/** The server under test, as `npm start` runs it. */
export const subgraph = new URL('../src/start.js', import.meta.url);

/** What all is measured against. */
export const floor = new URL('./floor.ts', import.meta.url);

const double = new URL('./double.ts', import.meta.url);
const probe = new URL('./probe.ts', import.meta.url);

/** Starts the vCenter double. */
export function startDouble(): Promise<ServerProcess> {
  return startServerProcess(double, {}, { probed: false });
}

/**
 * Starts a server, and waits until it listens.
 *
 * @param environment - added to this process's, without its settings of the subgraph.
 * @param probed - whether its CPU time can be asked for; without, it is started exactly as users start it.
 * @param maxMs - after which it is ended, in milliseconds. Default: longer than any benchmark takes.
 */
export async function startServerProcess(
  script: URL,
  environment: Record<string, string>,
  { probed, maxMs = 600_000 }: { readonly probed: boolean; readonly maxMs?: number },
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [...(probed ? ['--import', probe.href] : []), fileURLToPath(script)],
    {
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'inherit', ...(probed ? (['ipc'] as const) : [])],
      timeout: maxMs,
    },
  );
  const url = await readyUrl(child);
  return {
    pid: child.pid ?? 0,
    url,
    async cpuMicros() {
      const answer = once(child, 'message');
      child.send('usage');
      const [usage] = (await answer) as [Usage];
      return usage.cpuMicros;
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      // A process that heeds the signal lives on while it has a channel to its parent.
      if (child.connected) child.disconnect();
      child.kill();
      await exit;
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('a server process must have its stdout piped');
  for await (const line of createInterface(child.stdout)) {
    const { msg, url } = Object(JSON.parse(line)) as { msg?: unknown; url?: unknown };
    if (msg === 'ready' && typeof url === 'string') {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error('a server process ended before it was ready');
}
