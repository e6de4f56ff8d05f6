import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mutant } from './sandbox.ts';
import { root } from './scope.ts';

/** What is known of a mutant from this run and earlier ones. */
interface MutantRecord {
  /** Of the source's content. */
  readonly source: string;
  killedBy?: { readonly testFile: string; readonly hash: string; readonly test: string };
  /** The test files that it survived, with the hash of their content. */
  readonly survived: Record<string, string>;
}

/**
 * The results by mutant, kept in a file. Those of a source that changed are forgotten, and a kill is where its test file
 * changed.
 */
export class Results {
  readonly #path: string;
  readonly #records: Record<string, MutantRecord>;
  readonly #hashes = new Map<string, string>();
  readonly #keys = new Map<Mutant, string>();

  /** @param mutants - those of the sources as they are now, in their order. */
  constructor(path: string, mutants: readonly Mutant[]) {
    this.#path = path;
    const old = existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, MutantRecord>)
      : {};
    this.#records = {};
    const seen = new Map<string, number>();
    for (const mutant of mutants) {
      const { file, line, mutator, original, replacement } = mutant;
      const text = JSON.stringify([file, line, mutator, original, replacement]);
      const count = seen.get(text) ?? 0;
      seen.set(text, count + 1);
      const key = `${text} ${count}`;
      this.#keys.set(mutant, key);
      const source = this.#hashOf(file);
      const record = old[key];
      this.#records[key] = record?.source === source ? record : { source, survived: {} };
    }
  }

  isKilled(mutant: Mutant): boolean {
    const { killedBy } = this.#recordOf(mutant);
    return killedBy !== undefined && this.#hashOf(killedBy.testFile) === killedBy.hash;
  }

  /** The test files, as they are now, that a mutant survived. */
  survivedIn(mutant: Mutant): readonly string[] {
    return Object.entries(this.#recordOf(mutant).survived).flatMap(([testFile, hash]) =>
      this.#hashOf(testFile) === hash ? [testFile] : [],
    );
  }

  kill(mutant: Mutant, testFile: string, test: string): void {
    this.#recordOf(mutant).killedBy = { testFile, hash: this.#hashOf(testFile), test };
  }

  survive(mutant: Mutant, testFile: string): void {
    this.#recordOf(mutant).survived[testFile] = this.#hashOf(testFile);
  }

  save(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#records));
    renameSync(`${this.#path}.new`, this.#path);
  }

  #recordOf(mutant: Mutant): MutantRecord {
    const record = this.#records[this.#keys.get(mutant) ?? ''];
    if (record === undefined) throw new Error(`${mutant.file} has no mutant ${mutant.id}.`);
    return record;
  }

  #hashOf(file: string): string {
    const known = this.#hashes.get(file);
    if (known !== undefined) return known;
    const path = `${root}/${file}`;
    const content = existsSync(path) ? readFileSync(path) : '';
    const hash = createHash('sha256').update(content).digest('base64url');
    this.#hashes.set(file, hash);
    return hash;
  }
}
