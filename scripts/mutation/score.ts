import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Results } from './results.ts';
import type { Mutant } from './sandbox.ts';
import { roomOf, rooms, root } from './scope.ts';

/** The mutants of a folder of `src/`. */
export interface RoomScore {
  readonly mutants: number;
  readonly killed: number;
  /** Killed of all, in percent, rounded down. */
  readonly score: number;
}

/** The result of a whole run. */
export interface Score {
  readonly date: string;
  readonly rooms: Readonly<Record<string, RoomScore>>;
}

/** A mutant that no test notices. */
export interface Survivor extends Omit<Mutant, 'id'> {
  /** Why it is accepted. Empty where that is not decided yet. */
  readonly reason: string;
}

const scoreFile = `${root}/test/mutation/score.json`;
const survivorsFile = `${root}/test/mutation/survivors.json`;

export function readScore(): Score {
  return JSON.parse(readFileSync(scoreFile, 'utf8')) as Score;
}

export function readSurvivors(): readonly Survivor[] {
  return JSON.parse(readFileSync(survivorsFile, 'utf8')) as Survivor[];
}

/** Writes the score and the survivors of a whole run. A survivor keeps its reason. */
export function writeScore(mutants: readonly Mutant[], results: Results): void {
  const known = existsSync(survivorsFile) ? readSurvivors() : [];
  const reasons = new Map(known.map((survivor) => [keyOf(survivor), survivor.reason]));
  const score: Score = {
    date: new Date().toISOString().slice(0, 10),
    rooms: Object.fromEntries(
      rooms.map((room) => {
        const all = mutants.filter(({ file }) => roomOf(file) === room);
        const killed = all.filter((mutant) => results.isKilled(mutant)).length;
        const percent = Math.floor((killed / all.length) * 1000) / 10;
        return [room, { mutants: all.length, killed, score: percent }];
      }),
    ),
  };
  const survivors = mutants
    .filter((mutant) => !results.isKilled(mutant))
    .map(({ id: _, ...mutant }) => ({ ...mutant, reason: reasons.get(keyOf(mutant)) ?? '' }));
  mkdirSync(`${root}/test/mutation`, { recursive: true });
  writeFileSync(scoreFile, `${JSON.stringify(score, null, 2)}\n`);
  writeFileSync(survivorsFile, `${JSON.stringify(survivors, null, 2)}\n`);
  for (const [room, { score: percent, mutants: count }] of Object.entries(score.rooms))
    console.log(`${room}: ${percent} % of ${count} mutants`);
}

/** Without the line's number, so that a reason stays where other lines change. */
function keyOf({ file, line, mutator, original, replacement }: Omit<Survivor, 'reason'>): string {
  return JSON.stringify([file, line, mutator, original, replacement]);
}
