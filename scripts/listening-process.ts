/** Starts a process that listens, and ends it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that is to listen. */
export interface ListeningProcess<Ready> {
  readonly child: ChildProcess;
  /** Resolves to what `readReady` returns. Rejects with EndedProcessError where the process ends before it listens. */
  readonly ready: Promise<Ready>;
  /** Sends a signal if the process still runs. Resolves at its end to the exit code; null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** How a process is started. */
export interface ListeningProcessOptions<Ready> {
  readonly args: readonly string[];
  /** All of its environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Reads a line of stdout; undefined where it does not report that the process listens. */
  readonly readReady: (line: string) => Ready | undefined;
  /** Called for each line of stdout and stderr. Default: nothing is kept of them once it listens. */
  readonly onLine?: (line: string) => void;
  /** Whether the process has a channel to this one. Default: false. */
  readonly channel?: boolean;
  /** How long the process may run before it is ended, in milliseconds. Default: forever. */
  readonly maxMs?: number;
}

/** A process ended before it listened. */
export class EndedProcessError extends Error {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** What it wrote to stdout and stderr. */
  readonly output: string;

  constructor(exitCode: number | null, output: string) {
    super(`the process ended with ${exitCode} before it listened: ${output}`);
    this.name = 'EndedProcessError';
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** Starts a process of this Node.js. */
export function startListening<Ready>({
  args,
  environment,
  readReady,
  onLine,
  channel = false,
  maxMs,
}: ListeningProcessOptions<Ready>): ListeningProcess<Ready> {
  const options: SpawnOptions = {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
    timeout: maxMs,
  };
  const child = spawn(process.execPath, args, options);
  // Node.js emits no `close` where this process disconnects the channel.
  const end = once(child, channel ? 'exit' : 'close');
  const closed: Promise<number | null> = end.then(([code]) => code);
  const started = Promise.withResolvers<Ready>();
  const output: string[] = [];
  let isReady = false;
  const read = (line: string) => {
    onLine?.(line);
    if (!isReady) output.push(line);
  };
  if (child.stderr) createInterface(child.stderr).on('line', read);
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => {
      read(line);
      const ready = isReady ? undefined : readReady(line);
      if (ready === undefined) return;
      isReady = true;
      started.resolve(ready);
    });
  closed.then((code) => started.reject(new EndedProcessError(code, output.join('\n'))));
  return {
    child,
    ready: started.promise,
    stop(signal = 'SIGTERM') {
      // A process that handles the signal does not exit while it has a channel to its parent.
      if (child.connected) child.disconnect();
      child.kill(signal);
      return closed;
    },
  };
}
