import type { Target } from './target.ts';

/** One property of a router with its recipe. */
export interface Check {
  readonly name: string;
  /** @returns what was seen, where that is worth a line. Throws an AssertionError where it does not hold. */
  run(target: Target): Promise<string | undefined>;
}
