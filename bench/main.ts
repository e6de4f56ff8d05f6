/**
 * Measures how fast the subgraph is: CPU per query, start, memory, entities.
 *
 *     npm run bench
 *     npm run bench -- --only queries --json
 */
import { parseArgs } from 'node:util';
import { measureEntities } from './entities.ts';
import { measureQueries } from './queries.ts';
import { measureStart } from './start.ts';

const parts = { queries: measureQueries, start: measureStart, entities: measureEntities };
const values = readArguments();
const results: {
  queries?: Awaited<ReturnType<typeof measureQueries>>;
  start?: Awaited<ReturnType<typeof measureStart>>;
  entities?: Awaited<ReturnType<typeof measureEntities>>;
} = {};
const wanted = (part: keyof typeof parts) => values.only === undefined || values.only === part;
if (wanted('queries')) results.queries = await parts.queries();
if (wanted('start')) results.start = await parts.start();
if (wanted('entities')) results.entities = await parts.entities();
if (values.json) console.log(JSON.stringify(results));
else print();

/** Exits with 1, and a line that says why, where the arguments cannot be used. */
function readArguments(): { readonly json: boolean; readonly only?: string | undefined } {
  try {
    const { values: read } = parseArgs({
      options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
    });
    if (read.only === undefined || Object.hasOwn(parts, read.only)) return read;
    const names = Object.keys(parts).join(', ');
    console.error(`--only: expected one of ${names}, received "${read.only}".`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  process.exit(1);
}

function print(): void {
  const { queries, start, entities } = results;
  const row = (what: string, measured: string, limit = '') =>
    console.log(`${what.padEnd(50)}${measured.padStart(12)}${limit.padStart(14)}`);
  row('', 'measured', 'limit');
  if (queries) {
    const { baselineMicros, subgraphMicros, ratio } = queries;
    row(`CPU per query (of ${queries.queries}), baseline`, `${baselineMicros.toFixed(0)} µs`);
    row('CPU per query, subgraph', `${subgraphMicros.toFixed(0)} µs`);
    row('ratio', ratio.toFixed(2), '2.00');
  }
  if (start) {
    row('start to first response', `${start.milliseconds.toFixed(0)} ms`, '600 ms');
    row(
      'start to first response, nothing compiled yet',
      `${start.uncompiledMilliseconds.toFixed(0)} ms`,
    );
    row('memory, idle', `${start.idleMegabytes.toFixed(0)} MB`, '130 MB');
  }
  const [first] = entities ?? [];
  for (const { representations, milliseconds } of entities ?? []) {
    const ratio = (milliseconds / (first?.milliseconds ?? milliseconds)).toFixed(1);
    row(
      `CPU per _entities, ${representations} of 3000 sessions`,
      `${milliseconds.toFixed(1)} ms`,
      representations === 1000 ? '60 ms' : '',
    );
    if (representations > 1) row('  times the CPU of one representation', ratio);
  }
}
