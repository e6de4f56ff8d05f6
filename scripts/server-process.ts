/** A server in a process of its own, started as its users do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own. It ends when it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
  readonly child: ChildProcess;
}

/** How a process is started. */
export interface ServerProcessOptions {
  /** All of the environment but `PATH`, `TMPDIR` and `PORT`, which is 0. */
  readonly environment?: Record<string, string>;
  /** Options of Node.js. With any, the process has a channel to this one. */
  readonly nodeOptions?: readonly string[];
  /** After which it is ended, in milliseconds. Default: longer than any benchmark runs. */
  readonly maxMs?: number;
}

/** The subgraph, as `npm start` runs it. */
export const subgraph = new URL('../dist/cli/main.js', import.meta.url);

/** Starts a server, and waits until it has logged that it is ready, and where. */
export async function startServerProcess(
  script: URL,
  { environment = {}, nodeOptions = [], maxMs = 600_000 }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const { PATH, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...nodeOptions, fileURLToPath(script)], {
    env: { PATH, TMPDIR, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', ...(nodeOptions.length > 0 ? (['ipc'] as const) : [])],
    timeout: maxMs,
  });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    // A process that heeds the signal lives on while it has a channel to its parent.
    if (child.connected) child.disconnect();
    child.kill();
    await exit;
  };
  try {
    return { url: await readyUrl(child), child, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
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
