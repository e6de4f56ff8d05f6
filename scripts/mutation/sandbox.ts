import {
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { oneLine } from './one-line.ts';
import { mutatedSources, root } from './scope.ts';

/** One change of the sources. */
export interface Mutant {
  /** The one by which the instrumented sources know it. Another in each run. */
  readonly id: string;
  /** Relative to the project. */
  readonly file: string;
  /** The line that it starts in. */
  readonly line: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
}

/** A copy of the project in which all mutants are, and none is active. */
export interface Sandbox {
  readonly directory: string;
  readonly mutants: readonly Mutant[];
}

const leftOut = ['.cache', '.git', 'bench', 'coverage', 'deploy', 'dist', 'node_modules'];

const nothing = (): void => undefined;
const no = (): boolean => false;

/** A log that is not kept. */
const log: ConstructorParameters<typeof Instrumenter>[0] = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
};

/** Copies the project and instruments its sources. */
export async function createSandbox(directory: string): Promise<Sandbox> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const entry of globSync('{*,.*}', { cwd: root }).filter((name) => !leftOut.includes(name)))
    cpSync(`${root}/${entry}`, `${directory}/${entry}`, { recursive: true });
  symlinkSync(`${root}/node_modules`, `${directory}/node_modules`);
  mkdirSync(`${directory}/.cache`);
  symlinkSync(`${root}/.cache/graphiql`, `${directory}/.cache/graphiql`);
  const sources = new Map(
    globSync(mutatedSources, { cwd: root })
      .sort()
      .map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')]),
  );
  const { files, mutants } = await new Instrumenter(log).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { ignorers: [], plugins: null, excludedMutations: [] },
  );
  for (const { name, content } of files) writeFileSync(`${directory}/${name}`, content);
  return {
    directory,
    mutants: mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => {
        const file = relative('.', fileName);
        const lines = (sources.get(file) ?? '').split('\n').slice(start.line, end.line + 1);
        const line = lines[0]?.trim() ?? '';
        const last = lines.length - 1;
        lines[last] = (lines[last] ?? '').slice(0, end.column);
        lines[0] = (lines[0] ?? '').slice(start.column);
        const original = oneLine(lines.join('\n'));
        return {
          id,
          file,
          line,
          mutator: mutatorName,
          original,
          replacement: oneLine(replacement),
        };
      }),
  };
}
