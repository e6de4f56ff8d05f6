/** What 5,000 requests at once on a vCenter that hangs cost, and what they do to the vCenter beside it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'undici';
import { startServerProcess, subgraph } from '../scripts/server-process.ts';
import { readProcessResources, soakProbe } from './process-resources.ts';
import { startDouble } from './processes.ts';
import { median } from './statistics.ts';

/** What was measured. Memory is resident, in megabytes. */
export interface HangResult {
  readonly requests: number;
  /** The responses by the code of their first error. */
  readonly codes: Readonly<Record<string, number>>;
  /** From when the requests were sent until all that were refused had a response, in milliseconds. */
  readonly refusedMs: number;
  /** With the connections of all clients open and idle. */
  readonly connectionsMegabytes: number;
  /** At most, from then until all requests had a response. */
  readonly peakMegabytes: number;
  /** Median time of a query of the vCenter beside it, in milliseconds. */
  readonly neighbourMs: { readonly before: number; readonly meanwhile: number };
}

const timeoutMs = 10_000;
const hangingDouble = new URL('./hanging-double.ts', import.meta.url);

/** Measures it on Linux, where the memory of another process can be read. */
export async function measureHang(requests = 5000): Promise<HangResult> {
  await using hanging = await startServerProcess(hangingDouble);
  await using double = await startDouble();
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const configFile = join(directory, 'vcenters.yaml');
  const vcenters = [
    { id: 'hanging', url: hanging.url, timeoutMs },
    { id: 'neighbour', url: double.url },
  ];
  await writeFile(configFile, JSON.stringify({ vcenters }));
  await using server = await startServerProcess(subgraph, {
    environment: { CONFIG_FILE: configFile },
    nodeOptions: ['--expose-gc', '--import', soakProbe.href],
  });
  await rm(directory, { recursive: true });
  const createClient = () => new Client(server.url, { keepAliveTimeout: 120_000 });
  const clients = Array.from({ length: requests }, createClient);
  const neighbour = createClient();

  const timeNeighbour = async (durationMs: number) => {
    const times: number[] = [];
    const end = performance.now() + durationMs;
    while (performance.now() < end) {
      const start = performance.now();
      await query(neighbour, 'neighbour', `neighbour-${start}`);
      times.push(performance.now() - start);
      await setTimeout(5);
    }
    return median(times);
  };

  await timeNeighbour(2000);
  // Not all at once, so that none is refused by the system.
  for (let index = 0; index < requests; index += 100)
    await Promise.all(
      clients.slice(index, index + 100).map((client) => query(client, 'neighbour', 'warm-up')),
    );
  await setTimeout(1000);
  const before = await timeNeighbour(3000);
  const { memory: connectionsMemory } = await readProcessResources(server);

  let peakMemory = 0;
  const sampling = setInterval(async () => {
    peakMemory = Math.max(peakMemory, await residentMemory(server.child.pid));
  }, 20);
  const codes: Record<string, number> = {};
  const start = performance.now();
  let refusedMs = 0;
  const responses = clients.map(async (client, index) => {
    const code = await query(client, 'hanging', `hang-${index}`);
    codes[code] = (codes[code] ?? 0) + 1;
    if (code === 'RESOURCE_BUSY') refusedMs = performance.now() - start;
  });
  const meanwhile = await timeNeighbour(timeoutMs * 0.8);
  await Promise.all(responses);
  clearInterval(sampling);
  await Promise.all([...clients, neighbour].map((client) => client.destroy()));
  return {
    requests,
    codes,
    refusedMs,
    connectionsMegabytes: connectionsMemory / 1e6,
    peakMegabytes: peakMemory / 1e6,
    neighbourMs: { before, meanwhile },
  };
}

/** @returns the code of the first error, `ok` where there is none. */
async function query(client: Client, vcenter: string, name: string): Promise<string> {
  const response = await client.request({
    path: '/graphql',
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [`vmware-api-session-id-${vcenter}`]: name.padEnd(32, '-token'),
    },
    body: JSON.stringify({ query: `{ currentSession(vcenter: "${vcenter}") { user loginTime } }` }),
  });
  const { errors } = Object(await response.body.json());
  return errors?.[0].extensions.code ?? 'ok';
}

/** The resident memory of a process, in bytes. */
async function residentMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
