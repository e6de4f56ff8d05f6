/** A server in a process of its own, started as its users do. */
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startListening } from './listening-process.ts';

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
  const { ready, child, stop } = startListening({
    args: [...nodeOptions, fileURLToPath(script)],
    environment: { PATH, TMPDIR, PORT: '0', ...environment },
    readReady,
    channel: nodeOptions.length > 0,
    maxMs,
  });
  child.stderr?.pipe(process.stderr, { end: false });
  return {
    url: (await ready).url,
    child,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** The line that the program logs once it listens. */
export interface ReadyLine {
  readonly msg: 'ready';
  readonly url: string;
  readonly simulator?: string;
}

/** Reads the line that the program logs once it listens; undefined for any other line. */
export function readReady(line: string): ReadyLine | undefined {
  return line.includes('"msg":"ready"') ? (JSON.parse(line) as ReadyLine) : undefined;
}
