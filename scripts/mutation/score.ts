import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Results } from './results.ts';
import type { Mutant } from './sandbox.ts';
import { folderOf, folders, root } from './scope.ts';

/** The mutants of a folder of `src/`. */
export interface FolderScore {
  /** Of the run. */
  readonly date: string;
  readonly mutants: number;
  readonly killed: number;
  /** Killed of all, in percent, rounded down. */
  readonly score: number;
}

/** A mutant that no test notices. */
export interface Survivor extends Omit<Mutant, 'id'> {
  /** Why it is accepted. Empty where that is not decided yet. */
  readonly reason: string;
}

const scoreFile = `${root}/test/mutation/score.json`;
const survivorsFile = `${root}/test/mutation/survivors.json`;

/** The last score of each folder that has one. */
export function readScore(): Readonly<Record<string, FolderScore>> {
  if (!existsSync(scoreFile)) return {};
  return JSON.parse(readFileSync(scoreFile, 'utf8')) as Record<string, FolderScore>;
}

export function readSurvivors(): readonly Survivor[] {
  if (!existsSync(survivorsFile)) return [];
  return JSON.parse(readFileSync(survivorsFile, 'utf8')) as Survivor[];
}

/** Writes the score and the survivors of folders that were tested by all tests. A survivor keeps its reason. */
export function writeScore(
  tested: readonly string[],
  mutants: readonly Mutant[],
  results: Results,
): void {
  const known = readSurvivors();
  const reasons = new Map(known.map((survivor) => [keyOf(survivor), survivor.reason]));
  const scores: Record<string, FolderScore> = { ...readScore() };
  const survivors: Survivor[] = [];
  for (const folder of folders) {
    if (!tested.includes(folder)) {
      survivors.push(...known.filter(({ file }) => folderOf(file) === folder));
      continue;
    }
    const all = mutants.filter(({ file }) => folderOf(file) === folder);
    const survived = all.filter((mutant) => !results.isKilled(mutant));
    const killed = all.length - survived.length;
    const score = Math.floor((killed / all.length) * 1000) / 10;
    const date = new Date().toISOString().slice(0, 10);
    scores[folder] = { date, mutants: all.length, killed, score };
    for (const { id: _, ...mutant } of survived)
      survivors.push({ ...mutant, reason: reasons.get(keyOf(mutant)) ?? '' });
    console.log(`${folder}: ${score} % of ${all.length} mutants`);
  }
  mkdirSync(`${root}/test/mutation`, { recursive: true });
  writeFileSync(scoreFile, `${JSON.stringify(scores, null, 2)}\n`);
  writeFileSync(survivorsFile, `${JSON.stringify(survivors, null, 2)}\n`);
}

/** Without the line's number, so that a reason stays where other lines change. */
function keyOf({ file, line, mutator, original, replacement }: Omit<Survivor, 'reason'>): string {
  return JSON.stringify([file, line, mutator, original, replacement]);
}
