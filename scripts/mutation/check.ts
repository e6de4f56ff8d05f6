/**
 * Checks that the committed result of the mutation test is good enough, and that each mutant that survived is still one of
 * the sources and has a reason.
 *
 *     node scripts/mutation/check.ts
 */
import { existsSync, readFileSync } from 'node:fs';
import { oneLine } from './one-line.ts';
import { folderOf, folders, root } from './scope.ts';
import { readScore, readSurvivors } from './score.ts';

/** The least share of a folder's mutants that tests must notice, in percent. */
const leastScore = 90;

const score = readScore();
const survivors = readSurvivors();
const problems: string[] = [];
for (const folder of folders) {
  const { score: percent = 0, mutants = 0, killed = 0 } = score[folder] ?? {};
  const listed = survivors.filter(({ file }) => folderOf(file) === folder).length;
  if (percent < leastScore)
    problems.push(
      `${folder}: expected a score of at least ${leastScore} %, received ${percent} %.`,
    );
  if (listed !== mutants - killed)
    problems.push(
      `${folder}: expected ${mutants - killed} survivors in survivors.json, received ${listed}.`,
    );
}
for (const { file, line, original, reason } of survivors) {
  const path = `${root}/${file}`;
  const source = existsSync(path) ? oneLine(readFileSync(path, 'utf8')) : '';
  if (!source.includes(oneLine(line)) || !source.includes(original))
    problems.push(`${file}: ${line}: the source has changed. Run npm run test:mutation.`);
  if (reason === '') problems.push(`${file}: ${line}: the reason is missing.`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
