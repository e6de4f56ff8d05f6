import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sendQuery } from './send-query.ts';
import type { RunningSubgraph } from './subgraph-server.ts';

const START = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** pino's number for `warn`. */
const WARN = 40;

/** A line of the process's log, in the members that the example reads. */
interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly url?: string;
}

/**
 * Starts vcenter-session as its users do: a process, with the vCenters of a configuration file.
 *
 * @param schemaRename - the value of SCHEMA_RENAME. Default: that of this process.
 */
export async function startVcenterSession(
  configFile: string,
  headers: Record<string, string>,
  schemaRename = process.env['SCHEMA_RENAME'] ?? '',
): Promise<RunningSubgraph> {
  const process_ = spawn(process.execPath, [START], {
    env: {
      ...process.env,
      CONFIG_FILE: configFile,
      HOST: '127.0.0.1',
      PORT: '0',
      GRAPHIQL: 'false',
      LOG_LEVEL: 'info',
      SCHEMA_RENAME: schemaRename,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = () => stop(process_);
  try {
    const url = `${await readyUrl(process_)}/graphql`;
    const { _service } = await sendQuery<{ _service: { sdl: string } }>(
      url,
      '{ _service { sdl } }',
      headers,
    );
    return { name: 'vcenter-session', url, sdl: _service.sdl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address in the process's `ready` line. From then on its warnings and errors are forwarded to stderr. */
function readyUrl(process_: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface(process_.stdout).on('line', (line) => {
    const { level, msg, url } = JSON.parse(line) as LogLine;
    if (msg === 'ready' && url !== undefined) resolve(url);
    else if (level >= WARN) process.stderr.write(`${line}\n`);
  });
  process_.once('exit', (code) =>
    reject(new Error(`vcenter-session ended with ${code} before it was ready.`)),
  );
  process_.once('error', reject);
  return promise;
}

async function stop(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null || process_.pid === undefined)
    return;
  const exited = once(process_, 'exit');
  process_.kill('SIGTERM');
  await exited;
}
