import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { EndedProcessError, startListening } from '../../scripts/listening-process.ts';
import { type ReadyLine, readReady } from '../../scripts/server-process.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;

/** A process of the subgraph. */
export interface SubgraphProcess {
  readonly ready: ReadyLine;
  /** All lines of stdout and stderr so far. */
  readonly lines: readonly string[];
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** How a process ended that never listened. */
export interface FailedStart {
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Starts a command of the sources, and waits until it listens; it is killed with the test.
 *
 * @param environment - all of it but `PATH`.
 * @param args - the command and its options. Default: `serve`.
 * @throws EndedProcessError where it ends before that.
 */
export async function startProcess(
  environment: Record<string, string>,
  args: readonly string[] = [],
): Promise<SubgraphProcess> {
  const lines: string[] = [];
  const { ready, stop } = startListening({
    args: [main, ...args],
    environment: { PATH: process.env['PATH'], ...environment },
    readReady,
    onLine: (line) => lines.push(line),
  });
  onTestFinished(async () => void (await stop('SIGKILL')));
  return { ready: await ready, lines, stop };
}

/** Runs `serve` where it is expected to end by itself. */
export async function failToStart(environment: Record<string, string>): Promise<FailedStart> {
  try {
    await startProcess(environment);
  } catch (error) {
    if (!(error instanceof EndedProcessError)) throw error;
    return { exitCode: error.exitCode, output: error.output };
  }
  throw new Error('the process listens');
}

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the program to its end. */
export async function runCommand(
  args: readonly string[],
  { environment = {}, stdin = '' }: { environment?: Record<string, string>; stdin?: string } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, stdout, stderr };
}
