import { writeFileSync } from 'node:fs';
import type { Results } from './results.ts';
import type { Mutant } from './sandbox.ts';

/** Lists the mutants that are not killed, with the test files that each survived. */
export function writeReport(path: string, mutants: readonly Mutant[], results: Results): void {
  const blocks = mutants
    .filter((mutant) => !results.isKilled(mutant))
    .map((mutant) => {
      const testFiles = results.survivedIn(mutant);
      return [
        `${mutant.file}: ${mutant.line}`,
        `  ${mutant.mutator}: ${mutant.original}`,
        `  -> ${mutant.replacement}`,
        `  ${testFiles.length === 0 ? 'No test reaches it.' : `Survived ${testFiles.join(', ')}`}`,
      ].join('\n');
    });
  writeFileSync(path, `${blocks.length} mutants are not killed.\n\n${blocks.join('\n\n')}\n`);
}
