/**
 * Measures how fast the subgraph is: CPU per query, start, memory, entities.
 *
 *     npm run bench
 *     npm run bench -- --only queries --json
 *     npm run bench -- --only overload
 *     npm run bench -- --only soak --seconds 600
 *
 * The soak takes 10 minutes, so it runs only where it is named, and so does the overload.
 */
import { parseArgs } from 'node:util';
import { measureEntities } from './entities.ts';
import { measureOverload } from './overload.ts';
import { measureQueries } from './queries.ts';
import { measureSoak } from './soak.ts';
import { measureStart } from './start.ts';

const values = readArguments();

const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 15)
  fail(`--seconds: expected a whole number from 15, received "${values.seconds}"`);
const parts = {
  queries: measureQueries,
  start: measureStart,
  entities: measureEntities,
  overload: () => measureOverload(),
  soak: () => measureSoak(seconds),
};
const results: {
  queries?: Awaited<ReturnType<typeof measureQueries>>;
  start?: Awaited<ReturnType<typeof measureStart>>;
  entities?: Awaited<ReturnType<typeof measureEntities>>;
  overload?: Awaited<ReturnType<typeof measureOverload>>;
  soak?: Awaited<ReturnType<typeof measureSoak>>;
} = {};
const wanted = (part: keyof typeof parts) => values.only === undefined || values.only === part;
if (values.only !== undefined && !Object.hasOwn(parts, values.only))
  fail(`--only: expected one of ${Object.keys(parts).join(', ')}, received "${values.only}"`);
if (wanted('queries')) results.queries = await parts.queries();
if (wanted('start')) results.start = await parts.start();
if (wanted('entities')) results.entities = await parts.entities();
if (values.only === 'overload') results.overload = await parts.overload();
if (values.only === 'soak') results.soak = await parts.soak();
if (values.json) console.log(JSON.stringify(results));
else print();

function readArguments() {
  try {
    const { values: read } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string' },
        seconds: { type: 'string', default: '600' },
      },
    });
    return read;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** Ends the process with one line that says what is wrong with its arguments. */
function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function print(): void {
  const { queries, start, entities, overload, soak } = results;
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
  if (overload) {
    const { first, later } = overload;
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    const { seconds, queriesPerSecond } = overload;
    row(`overload of ${seconds} s, queries a second`, String(queriesPerSecond));
    row('  whole responses a second, in the first 4 s', first.whole.toFixed(1));
    row('  whole responses a second, later', later.whole.toFixed(1));
    row('  share of the first ones', percent(later.whole / first.whole), '60 %');
    row('  results of an API a second, in the first 4 s', first.results.toFixed(1));
    row('  results of an API a second, later', later.results.toFixed(1));
    row('  share of the first ones', percent(later.results / first.results));
    row('  calls', String(overload.calls));
    row('  without a client that received the result', percent(overload.inVain), '10 %');
    row('  without a whole response', percent(overload.notWhole), '10 %');
  }
  if (soak) {
    const { responses, before, after } = soak;
    const growth = (name: 'memory' | 'heap') =>
      `${((after[name] / before[name] - 1) * 100).toFixed(1)} %`;
    row(`soak of ${soak.seconds} s, queries a second`, String(soak.queriesPerSecond));
    row('  right responses', String(responses.right));
    row('  responses with errors', String(responses.withErrors));
    row('  clients that left', String(responses.left));
    row('  wrong or no responses', String(responses.wrong), '0');
    row('  memory at the end', `${(after.memory / 1e6).toFixed(0)} MB`);
    row('  memory, growth after the warm-up', growth('memory'), '5 %');
    row('  heap, growth after the warm-up', growth('heap'));
    row('  handles, after the warm-up and at the end', `${before.handles} ${after.handles}`);
    row('  listeners, the same', `${before.listeners} ${after.listeners}`);
  }
}
