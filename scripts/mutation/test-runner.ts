import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
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
  /** The one whose run did not end. */
  readonly hanging: string | undefined;
  /** Whether the tests pass after the batch as they did before it: no mutant has left something behind. */
  readonly clean: boolean;
}

/** How long a test file may take without a mutant, in milliseconds. */
const dryRunMs = 300_000;

/** How long a test file may take with a mutant beyond its tests, in milliseconds. */
const graceMs = 60_000;

/** The runs of test files. */
interface Run {
  readonly modules: readonly TestModule[];
  /** The file that did not end in time. Those after it did not run. */
  readonly hanging: string | undefined;
}

/**
 * Runs test files of the sandbox.
 *
 * A mutant that is made while a module is imported needs a fresh process, `isolated`. Any other runs in the process of
 * those before it, where all is imported already.
 */
export class TestRunner {
  readonly #isolated: boolean;
  readonly #id = randomUUID();
  readonly #pidFile = `${process.cwd()}/${this.#id}.pid`;
  #vitest: Vitest | undefined;
  #onTestFileEnd = (_module: TestModule): void => undefined;

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
    const {
      modules: [module],
    } = await this.#run([testFile], undefined, dryRunMs);
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
   * @param timeoutMs - what one of the runs may take, without what a busy machine adds.
   */
  async runBatch(
    testFile: string,
    activations: ReadonlyMap<string, Activation>,
    timeoutMs: number,
  ): Promise<BatchResult> {
    const copies = [...activations.keys()].map((mutant) => copyFor(testFile, mutant));
    const [before, after] = this.#isolated
      ? []
      : [copyFor(testFile, `none-${this.#id}`), copyFor(testFile, `none-again-${this.#id}`)];
    const files = [before, ...copies, after].filter((file) => file !== undefined);
    for (const file of files) copyFileSync(testFile, file);
    const { modules, hanging } = await this.#run(files, activations, timeoutMs + graceMs);
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
    return {
      killed,
      survived,
      hanging: hanging && mutantIn(hanging),
      clean: after === undefined || last?.ok() === true,
    };
  }

  /** Runs files one after the other, up to one that takes too long. */
  async #run(
    files: readonly string[],
    activations: ReadonlyMap<string, Activation> | undefined,
    timeoutMs: number,
  ): Promise<Run> {
    this.#vitest ??= await createVitest('test', {
      config: 'scripts/mutation/vitest.config.ts',
      isolate: this.#isolated,
      reporters: [{ onTestModuleEnd: (module) => this.#onTestFileEnd(module) }],
      watch: false,
    });
    const vitest = this.#vitest;
    vitest.state.filesMap.clear();
    vitest.provide('activations', activations && Object.fromEntries(activations));
    vitest.provide('pidFile', this.#pidFile);
    const project = vitest.getRootProject();
    const specifications = files.map((file) =>
      project.createSpecification(`${process.cwd()}/${file}`),
    );
    const ended: TestModule[] = [];
    const stalled = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => stalled.resolve(undefined), timeoutMs);
    this.#onTestFileEnd = (module) => {
      ended.push(module);
      timer.refresh();
    };
    const run = vitest.runTestSpecifications(specifications);
    const result = await Promise.race([run, stalled.promise]);
    clearTimeout(timer);
    if (result !== undefined) return { modules: result.testModules, hanging: undefined };
    run.catch(() => undefined);
    // Vitest waits for a process that may be blocked.
    process.kill(Number(readFileSync(this.#pidFile, 'utf8')), 'SIGKILL');
    await this.close();
    const hasEnded = (file: string) => ended.some(({ moduleId }) => moduleId.endsWith(file));
    return { modules: ended, hanging: files.find((file) => !hasEnded(file)) };
  }
}

/** Why a test file fails: the name of the test, or the error outside of tests. */
function failureOf(module: TestModule): string | undefined {
  for (const test of module.children.allTests('failed')) return test.fullName;
  return module.errors()[0]?.message;
}
