/** Whether the subgraph holds more and more, at half of what it can serve, with faults mixed in. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServerProcess, subgraph } from '../scripts/server-process.ts';
import { readProcessResources, soakProbe } from './process-resources.ts';
import { startDouble, startProbed } from './processes.ts';
import { startLoad } from './queries.ts';
import type { SoakLoad, SoakResponses } from './soak-load.ts';
import type { ProcessResources } from './soak-probe.ts';
import { median } from './statistics.ts';

/** What the process held after the warm-up and at the end: medians over a fifth of the time each. */
export interface SoakResult {
  readonly seconds: number;
  readonly queriesPerSecond: number;
  readonly responses: SoakResponses;
  readonly before: ProcessResources;
  readonly after: ProcessResources;
  /** What it held without load: before the first query, and once the last is over. */
  readonly idleBefore: ProcessResources;
  readonly idleAfter: ProcessResources;
}

/** After which memory should not grow any more, in seconds. A shorter soak has a third of its time. */
const warmUpSeconds = 120;

/** After which the last query is over, in milliseconds: the timeout of a call has passed twice. */
const idleMs = 4000;

const faultyDouble = new URL('./faulty-double.ts', import.meta.url);
const connections = 32;

/**
 * Runs a soak.
 *
 * @param seconds - how long. Default: 10 minutes.
 * @param rate - queries a second. Default: half of what this machine can do now, which is measured first.
 */
export async function measureSoak(seconds = 600, rate?: number): Promise<SoakResult> {
  const queriesPerSecond = rate ?? Math.floor((await measureCapacity()) / 2);
  const maxMs = (seconds + 120) * 1000;
  await using double = await startServerProcess(faultyDouble, { maxMs });
  await using server = await startServerProcess(subgraph, {
    environment: { VCENTER_URL: double.url, VCENTER_TIMEOUT_MS: '2000' },
    nodeOptions: ['--expose-gc', '--import', soakProbe.href],
    maxMs,
  });
  const idleBefore = await readProcessResources(server);
  const load = fork(fileURLToPath(new URL('./soak-load.ts', import.meta.url)));
  const result = once(load, 'message') as Promise<[SoakResponses]>;
  const failed = once(load, 'exit').then((): never => {
    throw new Error('the load of the soak ended without a result');
  });
  failed.catch(() => undefined);
  load.send({ url: server.url, queriesPerSecond, seconds } satisfies SoakLoad);
  const samples: ProcessResources[] = [];
  const start = performance.now();
  for (let second = 1; second < seconds; second++) {
    const waitMs = start + second * 1000 - performance.now();
    // A busy process responds late: what it holds after the load is not compared.
    if (waitMs < 0) continue;
    await setTimeout(waitMs);
    samples.push(await readProcessResources(server));
  }
  const [responses] = await Promise.race([result, failed]);
  load.kill();
  await setTimeout(idleMs);
  const idleAfter = await readProcessResources(server);
  const warm = samples.slice(Math.min(warmUpSeconds, Math.floor(samples.length / 3)));
  const window = Math.ceil(warm.length / 5);
  return {
    seconds,
    queriesPerSecond,
    responses,
    before: medianOf(warm.slice(0, window)),
    after: medianOf(warm.slice(-window)),
    idleBefore,
    idleAfter,
  };
}

/** Queries a second that the subgraph, the double and the load together can do on this machine. */
async function measureCapacity(): Promise<number> {
  await using double = await startDouble();
  await using server = await startProbed(subgraph, double.url);
  using load = startLoad();
  await load.run({ url: server.url, name: 'warm-up', queries: 5000, connections });
  const start = performance.now();
  const queries = 5000;
  await load.run({ url: server.url, name: 'capacity', queries, connections });
  return (queries * 1000) / (performance.now() - start);
}

function medianOf(samples: readonly ProcessResources[]): ProcessResources {
  const of = (name: keyof ProcessResources) => median(samples.map((sample) => sample[name]));
  return {
    memory: of('memory'),
    heap: of('heap'),
    handles: of('handles'),
    listeners: of('listeners'),
  };
}
