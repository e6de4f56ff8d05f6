/**
 * Mutation testing: changes the sources in one place at a time and runs the tests that reach it. CONTRIBUTING.md describes
 * how to read it.
 *
 *     node scripts/mutation/main.ts [folder …] [--test file …]
 *
 * The folders of src/ to mutate (default: all), and the test files to run (default: all that can notice a mutant). Only a
 * run with all test files writes the score.
 */
import { parseArgs } from 'node:util';

import { writeReport } from './report.ts';
import { Results } from './results.ts';
import { createSandbox, type Mutant } from './sandbox.ts';
import { distance, folderOf, folders, root, testFiles } from './scope.ts';
import { writeScore } from './score.ts';
import { type DryRun, TestRunner } from './test-runner.ts';

/** How long all tests of a mutant may take, measured without a mutant, in milliseconds. */
const budgetMs = 25_000;

/** How many mutants share a process. */
const batchSize = 40;

/** Test files that run at the same time. */
const concurrency = 2;

/** A test that takes longer and reaches no mutant starts the sources in another process, in milliseconds. */
const longTestMs = 200;

/** How often a mutant may be reached, as a multiple of how often it is without being active. */
const hitFactor = 100;

/** How long a test may take with a mutant: a multiple of the slowest test without one, and milliseconds beyond it. */
const timeoutFactor = 3;
const timeoutMs = 5000;

/** The tests of a file that reach a mutant. */
interface Reach {
  readonly tests: readonly string[];
  readonly hits: number;
  /** What they take without a mutant, in milliseconds. */
  readonly cost: number;
  /** What the slowest of them takes without a mutant, in milliseconds. */
  readonly slowest: number;
}

const cache = `${root}/.cache/mutation`;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { test: { type: 'string', multiple: true } },
});
const { directory, mutants } = await createSandbox(`${cache}/sandbox`);
process.chdir(directory);
const results = new Results(`${cache}/results.json`, mutants);
const dryRuns = await runWithoutMutants();
const chosenFolders = positionals.length === 0 ? folders : positionals;
for (const folder of chosenFolders)
  for (const isolated of [false, true]) await testFolder(folder, isolated);
if (values.test === undefined) writeScore(chosenFolders, mutants, results);

async function runWithoutMutants(): Promise<ReadonlyMap<string, DryRun>> {
  const runs = new Map<string, DryRun>();
  await inParallel(values.test ?? testFiles(), false, async (runner, testFile) => {
    const run = await runner.dryRun(testFile);
    if (run) runs.set(testFile, run);
    else console.warn(`${testFile} fails without a mutant and is left out.`);
  });
  return runs;
}

/** @param isolated - whether to run those mutants that are made while modules are imported, or the others. */
async function testFolder(folder: string, isolated: boolean): Promise<void> {
  const all = mutants.filter(({ file }) => folderOf(file) === folder);
  const sources = [...new Set(all.map(({ file }) => file))];
  await inParallel(sources, isolated, async (runner, source) => {
    const ofSource = all.filter(({ file }) => file === source);
    for (const [testFile, run] of nearestTo(source, ofSource)) {
      const reaches = new Map<Mutant, Reach>();
      for (const mutant of ofSource) {
        if (results.isKilled(mutant)) continue;
        const reach = reachOf(mutant, run, isolated);
        if (reach && isWorthIt(mutant, testFile, reach.cost, isolated)) reaches.set(mutant, reach);
      }
      if (reaches.size === 0) continue;
      for (const batch of batchesOf([...reaches.keys()]))
        await runBatch(runner, testFile, batch, reaches);
      results.save();
      writeReport(`${cache}/${folder}.txt`, all, results);
      const killed = [...reaches.keys()].filter((mutant) => results.isKilled(mutant)).length;
      console.log(`${source}: ${testFile} kills ${killed} of ${reaches.size}`);
    }
  });
}

/** The test files, those first that probably notice most mutants of a source in the least time. */
function nearestTo(source: string, ofSource: readonly Mutant[]): [string, DryRun][] {
  const reachedPerMs = new Map(
    Array.from(dryRuns, ([testFile, { coverage, duration }]) => {
      const tests = Object.values(coverage.perTest);
      const reached = ofSource.filter(({ id }) => tests.some((hits) => hits[id]));
      return [testFile, reached.length / duration];
    }),
  );
  const value = (testFile: string) => reachedPerMs.get(testFile) ?? 0;
  return [...dryRuns].sort(
    ([a], [b]) => distance(source, a) - distance(source, b) || value(b) - value(a),
  );
}

function reachOf(mutant: Mutant, run: DryRun, isolated: boolean): Reach | undefined {
  const { static: imports, perTest } = run.coverage;
  const hitsIn = (test: string) => perTest[test]?.[mutant.id] ?? 0;
  if (isolated && !imports[mutant.id]) return undefined;
  const tests = run.tests.filter(({ name, duration }) =>
    isolated ? perTest[name] || duration < longTestMs : hitsIn(name) > 0,
  );
  if (tests.length === 0) return undefined;
  return {
    tests: tests.map(({ name }) => name),
    hits: tests.reduce((sum, { name }) => sum + hitsIn(name), imports[mutant.id] ?? 0),
    cost: tests.reduce((sum, { duration }) => sum + duration, 0),
    slowest: Math.max(...tests.map(({ duration }) => duration)),
  };
}

/**
 * Whether a mutant has not survived the test file yet, and its budget holds the tests. One file and those that assert about
 * the source are run in any case.
 */
function isWorthIt(mutant: Mutant, testFile: string, cost: number, isolated: boolean): boolean {
  const survived = results.survivedIn(mutant);
  if (survived.includes(testFile)) return false;
  const spent = survived.map((file) => {
    const run = dryRuns.get(file);
    return (run && reachOf(mutant, run, isolated)?.cost) ?? 0;
  });
  if (spent.length === 0 || distance(mutant.file, testFile) === 0) return true;
  return spent.reduce((a, b) => a + b, cost) <= budgetMs;
}

/** Runs mutants against a test file. Those whose result is not sure run again, in smaller batches. */
async function runBatch(
  runner: TestRunner,
  testFile: string,
  batch: readonly Mutant[],
  reaches: ReadonlyMap<Mutant, Reach>,
): Promise<void> {
  let longest = 0;
  const activations = new Map(
    batch.map((mutant) => {
      const { tests = [], hits = 0, cost: own = 0, slowest = 0 } = reaches.get(mutant) ?? {};
      longest = Math.max(longest, own);
      const timeout = slowest * timeoutFactor + timeoutMs;
      return [mutant.id, { tests, hitLimit: hits * hitFactor, timeout }];
    }),
  );
  const { killed, survived, hanging, clean } = await runner.runBatch(
    testFile,
    activations,
    timeoutFactor * longest,
  );
  const isSure = clean || batch.length === 1;
  const unsure = batch.filter((mutant) => {
    const test = killed.get(mutant.id);
    if (mutant.id === hanging) results.kill(mutant, testFile, 'It does not end.');
    else if (isSure && survived.includes(mutant.id)) results.survive(mutant, testFile);
    else if (isSure && test !== undefined) results.kill(mutant, testFile, test);
    else if (batch.length === 1) results.kill(mutant, testFile, 'The process ends.');
    else return true;
    return false;
  });
  const size = hanging === undefined ? Math.ceil(unsure.length / 2) : unsure.length;
  for (const part of [unsure.slice(0, size), unsure.slice(size)])
    if (part.length > 0) await runBatch(runner, testFile, part, reaches);
}

/** Of all places in turn, so that mutants of one place are not all in one batch. */
function batchesOf(mutants: readonly Mutant[]): Mutant[][] {
  const count = Math.ceil(mutants.length / batchSize);
  return Array.from({ length: count }, (_, start) =>
    mutants.filter((_mutant, index) => index % count === start),
  );
}

async function inParallel<Job>(
  jobs: readonly Job[],
  isolated: boolean,
  work: (runner: TestRunner, job: Job) => Promise<void>,
): Promise<void> {
  const queue = [...jobs];
  await Promise.all(
    Array.from({ length: Math.min(concurrency, jobs.length) }, async () => {
      const runner = new TestRunner(isolated);
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(runner, job);
      await runner.close();
    }),
  );
}
