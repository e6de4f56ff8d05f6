import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PAGE = new URL('../../docs/supergraph.md', import.meta.url);
const BEGIN = '<!-- npm run test:routers writes from here -->';
const END = '<!-- to here -->';

/** What one router did. */
export interface RouterResult {
  /** Its name and version. */
  readonly router: string;
  /** By the check's name: whether it passed, and what was seen. */
  readonly checks: ReadonlyMap<string, { readonly passed: boolean; readonly seen?: string }>;
}

/** Writes results as a Markdown table: a row for each check, a column for each router. */
export function toTable(results: readonly RouterResult[]): string {
  const names = [...new Set(results.flatMap(({ checks }) => [...checks.keys()]))];
  const rows = [
    ['', ...results.map(({ router }) => router)],
    ['---', ...results.map(() => '---')],
    ...names.map((name) => [
      name,
      ...results.map(({ checks }) => {
        const check = checks.get(name);
        if (!check) return 'has no such setting';
        const { passed, seen } = check;
        return `${passed ? 'passed' : '**failed**'}${seen === undefined ? '' : `: ${seen}`}`;
      }),
    ]),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Puts the results of a whole run into docs/supergraph.md. */
export async function writeReport(results: readonly RouterResult[]): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`docs/supergraph.md has no ${BEGIN} … ${END}`);
  const date = new Date().toISOString().slice(0, 10);
  const text = `Last run on ${date}, with Node.js ${process.versions.node}:\n\n${toTable(results)}\n\n`;
  await writeFile(PAGE, `${page.slice(0, before + BEGIN.length)}\n\n${text}${page.slice(after)}`);
  // Pads the table.
  await promisify(execFile)('npx', ['biome', 'format', '--write', fileURLToPath(PAGE)]);
}
