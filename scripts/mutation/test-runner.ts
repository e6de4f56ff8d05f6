import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';
import { type Activation, copyFor, mutantIn } from './activation.ts';
import type { Coverage } from './setup.ts';

/** A test without a mutant. */
export interface TestRun {
  readonly name: string;
  /** In milliseconds. */
  readonly duration: number;
}

/** The run of a test file without a mutant. */
export interface DryRun {
  readonly tests: readonly TestRun[];
  readonly coverage: Coverage;
  /** In milliseconds, imports included. */
  readonly duration: number;
}

/** What became of the mutants of a batch: those that are neither killed nor survived have no result. */
export interface BatchResult {
  /** The failed test of each, by the mutant's id. */
  readonly killed: ReadonlyMap<string, string>;
  readonly survived: readonly string[];
  /** Whether the tests pass after the batch as they did before it: no mutant has left something behind. */
  readonly clean: boolean;
}

/** How long a test file may take without a mutant, in milliseconds. */
const dryRunMs = 300_000;

/** How long a batch may take beyond its tests without mutants, in milliseconds. */
const graceMs = 60_000;

/**
 * Runs test files of the sandbox.
 *
 * A mutant that is made while a module is imported needs a fresh process, `isolated`. Any other runs in the process of
 * those before it, where all is imported already.
 */
export class TestRunner {
  readonly #isolated: boolean;
  #vitest: Vitest | undefined;

  constructor(isolated: boolean) {
    this.#isolated = isolated;
  }

  async close(): Promise<void> {
    await this.#vitest?.close();
    this.#vitest = undefined;
  }

  /** Runs a test file without a mutant. Undefined where a test fails. */
  async dryRun(testFile: string): Promise<DryRun | undefined> {
    const start = performance.now();
    const [module] = await this.#run([testFile], undefined, dryRunMs);
    const coverage = module?.meta().mutantCoverage;
    if (module?.state() !== 'passed' || !coverage) return undefined;
    const tests = [...module.children.allTests('passed')].map((test) => ({
      name: test.fullName,
      duration: test.diagnostic()?.duration ?? 0,
    }));
    return { tests, coverage, duration: performance.now() - start };
  }

  /**
   * Runs a test file once for each mutant.
   *
   * @param timeoutMs - of all, without what mutants add.
   */
  async runBatch(
    testFile: string,
    activations: ReadonlyMap<string, Activation>,
    timeoutMs: number,
  ): Promise<BatchResult> {
    const copies = [...activations.keys()].map((mutant) => copyFor(testFile, mutant));
    const [before, after] = this.#isolated
      ? []
      : [copyFor(testFile, undefined), copyFor(testFile, undefined).replace('none', 'none-again')];
    const files = [before, ...copies, after].filter((file) => file !== undefined);
    for (const file of files) copyFileSync(testFile, file);
    const modules = await this.#run(files, activations, timeoutMs + graceMs);
    for (const file of files) rmSync(file, { force: true });
    const killed = new Map<string, string>();
    const survived: string[] = [];
    for (const module of modules) {
      const mutant = mutantIn(module.moduleId);
      if (mutant === undefined) continue;
      const failure = failureOf(module);
      if (failure !== undefined) killed.set(mutant, failure);
      else if (module.state() === 'passed') survived.push(mutant);
    }
    const last = modules.find(({ moduleId }) => after !== undefined && moduleId.endsWith(after));
    return { killed, survived, clean: after === undefined || last?.ok() === true };
  }

  /** Runs files one after the other. None has a result where they take too long or their process ends. */
  async #run(
    files: readonly string[],
    activations: ReadonlyMap<string, Activation> | undefined,
    timeoutMs: number,
  ): Promise<readonly TestModule[]> {
    this.#vitest ??= await createVitest('test', {
      config: 'scripts/mutation/vitest.config.ts',
      isolate: this.#isolated,
      watch: false,
    });
    const vitest = this.#vitest;
    vitest.state.filesMap.clear();
    vitest.provide('activations', activations && Object.fromEntries(activations));
    const project = vitest.getRootProject();
    const specifications = files.map((file) =>
      project.createSpecification(`${process.cwd()}/${file}`),
    );
    const abort = new AbortController();
    const run = vitest.runTestSpecifications(specifications).then(({ testModules }) => testModules);
    const timeout = setTimeout(timeoutMs, undefined, { signal: abort.signal });
    const modules = await Promise.race([run, timeout.catch(() => undefined)]);
    abort.abort();
    if (modules !== undefined) return modules;
    run.catch(() => undefined);
    await this.close();
    return [];
  }
}

/** Why a test file fails: the name of the test, or the error outside of tests. */
function failureOf(module: TestModule): string | undefined {
  for (const test of module.children.allTests('failed')) return test.fullName;
  return module.errors()[0]?.message;
}
