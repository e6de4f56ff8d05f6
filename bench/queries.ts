/** CPU time of the server per query, beside the baseline's. Rounds of both alternate, so that both see the same machine. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { subgraph } from '../scripts/server-process.ts';
import type { Round } from './load.ts';
import { baseline, type ProbedProcess, startDouble, startProbed } from './processes.ts';
import { median } from './statistics.ts';

/** The load. */
export interface QueriesOptions {
  /** Rounds of each server that count. Default: 30. */
  readonly rounds?: number;
  /** Queries of a round. Default: 1,000. */
  readonly queries?: number;
  /** Queries that each server receives first, and that don't count. Default: 15,000. */
  readonly warmUp?: number;
}

/** CPU time of the server process, user and system: medians over the rounds, in microseconds a query. */
export interface QueriesResult {
  readonly queries: number;
  readonly connections: number;
  readonly baselineMicros: number;
  readonly subgraphMicros: number;
  readonly ratio: number;
}

const connections = 32;

/**
 * Measures `{ currentSession { user loginTime } }`.
 *
 * @throws where a response is not the expected one.
 */
export async function measureQueries({
  rounds = 30,
  queries = 1000,
  warmUp = 15_000,
}: QueriesOptions = {}): Promise<QueriesResult> {
  await using double = await startDouble();
  await using baselineProcess = await startProbed(baseline, double.url);
  await using subgraphProcess = await startProbed(subgraph, double.url);
  using load = startLoad();

  const micros = async (server: ProbedProcess, name: string, count: number) => {
    const before = await server.cpuMicros();
    await load.run({ url: server.url, name, queries: count, connections });
    return ((await server.cpuMicros()) - before) / count;
  };
  await micros(baselineProcess, 'warm-up-baseline', warmUp);
  await micros(subgraphProcess, 'warm-up-subgraph', warmUp);
  const measured = { baseline: [] as number[], subgraph: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    measured.baseline.push(await micros(baselineProcess, `baseline-${round}`, queries));
    measured.subgraph.push(await micros(subgraphProcess, `subgraph-${round}`, queries));
  }
  const [baselineMicros, subgraphMicros] = [median(measured.baseline), median(measured.subgraph)];
  return {
    queries: rounds * queries,
    connections,
    baselineMicros,
    subgraphMicros,
    ratio: subgraphMicros / baselineMicros,
  };
}

/** Starts the load generator. */
export function startLoad(): Disposable & { run(round: Round): Promise<void> } {
  const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)));
  const failed = once(child, 'exit').then(() => {
    throw new Error('the load generator ended: a response was not the expected one');
  });
  failed.catch(() => {});
  return {
    async run(round) {
      const done = once(child, 'message');
      child.send(round);
      await Promise.race([done, failed]);
    },
    [Symbol.dispose]() {
      child.kill();
    },
  };
}
