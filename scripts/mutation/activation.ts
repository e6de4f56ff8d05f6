/** How a test file runs with a mutant. */
export interface Activation {
  /** The names of the tests to run. */
  readonly tests: readonly string[];
  /** How often the mutant may be reached before it counts as an endless loop. */
  readonly hitLimit: number;
  /** What a test or a hook may take, in milliseconds. */
  readonly timeout: number;
}

/**
 * The name of a copy of a test file that runs with a mutant.
 *
 * @param mutant - its id, or what is none, for a copy that runs without one.
 */
export function copyFor(testFile: string, mutant: string): string {
  return testFile.replace(/\.test\.ts$/, `.mutant-${mutant}.test.ts`);
}

/** The mutant of a copy. Undefined in a file that runs without one. */
export function mutantIn(path: string): string | undefined {
  return /\.mutant-(\d+)\.test\.ts$/.exec(path)?.[1];
}
