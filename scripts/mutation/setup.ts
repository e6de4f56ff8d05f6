/** Runs before each test file of the sandbox: it activates the file's mutant, or records which mutants it reaches. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, inject, vi } from 'vitest';
import { type Activation, mutantIn } from './activation.ts';

/** How often each mutant was reached, by its id. */
export type Hits = Readonly<Record<string, number>>;

/** The mutants that a test file reaches. */
export interface Coverage {
  /** Outside of tests, as while modules are imported. */
  readonly static: Hits;
  readonly perTest: Readonly<Record<string, Hits>>;
}

/** What the instrumented sources read and write. */
interface Instrumentation {
  activeMutant?: string | undefined;
  hitCount?: number;
  hitLimit?: number;
  currentTestId?: string | undefined;
  mutantCoverage?: Coverage;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** By the mutant's id. Undefined in the run without mutants. */
    activations: Readonly<Record<string, Activation>> | undefined;
    /** Where the process of the tests writes its id. */
    pidFile: string;
  }
  interface TaskMeta {
    mutantCoverage?: Coverage;
  }
}

writeFileSync(inject('pidFile'), String(process.pid));
const shared = globalThis as { __stryker__?: Instrumentation };
shared.__stryker__ ??= {};
const instrumentation = shared.__stryker__;

const activations = inject('activations');
const mutant = mutantIn(expect.getState().testPath ?? '');
if (activations === undefined) recordCoverage();
else activate(mutant === undefined ? undefined : { id: mutant, ...activations[mutant] });

function recordCoverage(): void {
  const mutantCoverage: Coverage = { static: {}, perTest: {} };
  instrumentation.activeMutant = undefined;
  instrumentation.mutantCoverage = mutantCoverage;
  beforeEach(({ task }) => {
    instrumentation.currentTestId = task.fullTestName;
    task.file.meta.mutantCoverage = mutantCoverage;
    return () => {
      instrumentation.currentTestId = undefined;
    };
  });
}

/** Runs the tests that reach the mutant, up to the first that fails. Without a mutant, none is active. */
function activate(active: ({ readonly id: string } & Partial<Activation>) | undefined): void {
  instrumentation.activeMutant = active?.id ?? 'none';
  vi.resetConfig();
  if (active?.timeout === undefined) return;
  vi.setConfig({ testTimeout: active.timeout, hookTimeout: active.timeout });
  instrumentation.hitCount = 0;
  instrumentation.hitLimit = active.hitLimit ?? Number.POSITIVE_INFINITY;
  const tests = new Set(active.tests);
  let failed = false;
  beforeEach(({ task, skip, onTestFailed }) => {
    if (failed || !tests.has(task.fullTestName)) skip();
    onTestFailed(() => {
      failed = true;
    });
  });
  afterAll(() => {
    instrumentation.activeMutant = 'none';
  });
}
