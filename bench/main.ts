/**
 * Measures how fast the subgraph is: CPU per query, start, memory, entities.
 *
 *     npm run bench
 *     npm run bench -- --only queries --json
 *     npm run bench -- --only hang
 *     npm run bench -- --only overload
 *     npm run bench -- --only restarts
 *     npm run bench -- --only soak --seconds 600 --rate 500
 *
 * What needs some time (a hang, an overload, restarts, the soak of 10 minutes) runs only where it is named.
 * The exit code is 1 where a restart loses a query.
 */
import { parseArgs } from 'node:util';
import { measureEntities } from './entities.ts';
import { measureHang } from './hang.ts';
import { measureOverload } from './overload.ts';
import { measureQueries } from './queries.ts';
import { measureRestarts } from './restarts.ts';
import { measureSoak } from './soak.ts';
import { measureStart } from './start.ts';

const values = readArguments();

const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 15)
  fail(`--seconds: expected a whole number from 15, received "${values.seconds}"`);
const rate = values.rate === undefined ? undefined : Number(values.rate);
if (rate !== undefined && !(Number.isInteger(rate) && rate > 0))
  fail(`--rate: expected a whole number of queries a second from 1, received "${values.rate}"`);
const parts = {
  queries: measureQueries,
  start: measureStart,
  entities: measureEntities,
  hang: () => measureHang(),
  overload: () => measureOverload(),
  restarts: () => measureRestarts(),
  soak: () => measureSoak(seconds, rate),
};
const results: {
  queries?: Awaited<ReturnType<typeof measureQueries>>;
  start?: Awaited<ReturnType<typeof measureStart>>;
  entities?: Awaited<ReturnType<typeof measureEntities>>;
  hang?: Awaited<ReturnType<typeof measureHang>>;
  overload?: Awaited<ReturnType<typeof measureOverload>>;
  restarts?: Awaited<ReturnType<typeof measureRestarts>>;
  soak?: Awaited<ReturnType<typeof measureSoak>>;
} = {};
const wanted = (part: keyof typeof parts) => values.only === undefined || values.only === part;
if (values.only !== undefined && !Object.hasOwn(parts, values.only))
  fail(`--only: expected one of ${Object.keys(parts).join(', ')}, received "${values.only}"`);
if (wanted('queries')) results.queries = await parts.queries();
if (wanted('start')) results.start = await parts.start();
if (wanted('entities')) results.entities = await parts.entities();
if (values.only === 'hang') results.hang = await parts.hang();
if (values.only === 'overload') results.overload = await parts.overload();
if (values.only === 'restarts') results.restarts = await parts.restarts();
if (values.only === 'soak') results.soak = await parts.soak();
if (values.json) console.log(JSON.stringify(results));
else print();
if (results.restarts && results.restarts.lost.length > 0) process.exitCode = 1;

function readArguments() {
  try {
    const { values: read } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string' },
        rate: { type: 'string' },
        seconds: { type: 'string', default: '600' },
      },
    });
    return read;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** Ends the process with one line about its invalid arguments. */
function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function print(): void {
  const { queries, start, entities, hang, overload, restarts, soak } = results;
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
  if (hang) {
    const { neighbourMs, connectionsMegabytes, peakMegabytes } = hang;
    row(`${hang.requests} requests on a vCenter that hangs`, '');
    for (const [code, count] of Object.entries(hang.codes)) row(`  ${code}`, String(count));
    row('  last RESOURCE_BUSY after', `${hang.refusedMs.toFixed(0)} ms`);
    row('  memory with their connections idle', `${connectionsMegabytes.toFixed(0)} MB`);
    row('  more at most', `${(peakMegabytes - connectionsMegabytes).toFixed(0)} MB`, '100 MB');
    row('  query of another vCenter, before', `${neighbourMs.before.toFixed(2)} ms`);
    row('  query of another vCenter, meanwhile', `${neighbourMs.meanwhile.toFixed(2)} ms`);
    row('  ratio', (neighbourMs.meanwhile / neighbourMs.before).toFixed(2), '1.20');
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
  if (restarts) {
    row(`${restarts.restarts} restarts, queries`, String(restarts.sent));
    row('  lost', String(restarts.lost.length), '0');
    for (const received of new Set(restarts.lost)) console.log(`    ${received}`);
  }
  if (soak) {
    const { responses, before, after, idleBefore, idleAfter } = soak;
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
    row(
      '  handles without load, at the end',
      String(idleAfter.handles),
      String(idleBefore.handles),
    );
    row('  listeners, the same', String(idleAfter.listeners), String(idleBefore.listeners));
  }
}
