/** Time from the start of the whole process to its first response, and the memory that it then holds. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'undici';
import { startServerProcess, subgraph } from '../scripts/server-process.ts';
import { startDouble } from './processes.ts';
import { sessionInfoOf, userSessionOf } from './sessions.ts';
import { median } from './statistics.ts';

/** Medians over some starts. */
export interface StartResult {
  readonly starts: number;
  /** To the first response, as after `npm ci`: Node.js has the compiled code. */
  readonly milliseconds: number;
  /** The same where nothing is compiled yet. */
  readonly uncompiledMilliseconds: number;
  /** Resident memory some seconds after the first response. */
  readonly idleMegabytes: number;
}

/** How long a process is left alone before its memory is read, in milliseconds. */
const idleMs = 3000;

/**
 * Measures starts without the simulator.
 *
 * @throws where the first response is not the expected one.
 */
export async function measureStart(starts = 10): Promise<StartResult> {
  await using double = await startDouble();
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const environment = { VCENTER_URL: double.url };
  try {
    const uncompiled = [];
    for (let index = 0; index < 3; index++) {
      const empty = join(directory, String(index));
      uncompiled.push(await start({ ...environment, NODE_COMPILE_CACHE: empty }));
    }
    const compiled = [];
    for (let index = 0; index < starts; index++) compiled.push(await start(environment));
    const idle = [];
    for (let index = 0; index < 3; index++) idle.push(await start(environment, idleMs));
    return {
      starts,
      milliseconds: median(compiled.map(({ milliseconds }) => milliseconds)),
      uncompiledMilliseconds: median(uncompiled.map(({ milliseconds }) => milliseconds)),
      idleMegabytes: median(idle.map(({ megabytes }) => megabytes)),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function start(environment: Record<string, string>, leaveAloneMs = 0) {
  const begin = performance.now();
  await using server = await startServerProcess(subgraph, { environment });
  await query(server.url);
  const milliseconds = performance.now() - begin;
  await setTimeout(leaveAloneMs);
  const { stdout } = await promisify(execFile)('ps', [
    '-o',
    'rss=',
    '-p',
    String(server.child.pid),
  ]);
  return { milliseconds, megabytes: (Number(stdout) * 1024) / 1e6 };
}

async function query(url: string): Promise<void> {
  const client = new Client(url);
  const response = await client.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'vmware-api-session-id': 'token' },
    body: JSON.stringify({ query: '{ currentSession { user loginTime } }' }),
  });
  const text = (await response.body.text()).trimEnd();
  const { user } = sessionInfoOf('token');
  const { loginTime } = userSessionOf('token');
  if (text !== JSON.stringify({ data: { currentSession: { user, loginTime } } }))
    throw new Error(`the first response is not the expected one: ${text}`);
  await client.close();
}
