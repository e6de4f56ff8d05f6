import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;

/** The line that the process logs once it listens. */
export interface ReadyLine {
  readonly msg: 'ready';
  readonly url: string;
  readonly simulator?: string;
}

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
 * @throws an Error with its output where it ends before that.
 */
export async function startProcess(
  environment: Record<string, string>,
  args: readonly string[] = [],
): Promise<SubgraphProcess> {
  const started = await launch(environment, args);
  if ('ready' in started) return started;
  throw new Error(`exited with ${started.exitCode}: ${started.output}`);
}

/** Runs `serve` where it is expected to end by itself. */
export async function failToStart(environment: Record<string, string>): Promise<FailedStart> {
  const started = await launch(environment);
  if ('exitCode' in started) return started;
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

async function launch(
  environment: Record<string, string>,
  args: readonly string[] = [],
): Promise<SubgraphProcess | FailedStart> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines: string[] = [];
  const ready = Promise.withResolvers<ReadyLine>();
  createInterface(child.stderr).on('line', (line) => lines.push(line));
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (line.includes('"msg":"ready"')) ready.resolve(JSON.parse(line) as ReadyLine);
  });
  return Promise.race([
    ready.promise.then((line) => ({
      ready: line,
      lines,
      stop(signal: NodeJS.Signals) {
        child.kill(signal);
        return exited;
      },
    })),
    exited.then((exitCode) => ({ exitCode, output: lines.join('\n') })),
  ]);
}
