/** Writes the generated parts of docs/errors.md; with `--check`, fails where they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type Code,
  catalogue,
  codeByErrorType,
  codeByFault,
  codeByStatus,
} from '../src/errors/catalogue.ts';

const file = new URL('../docs/errors.md', import.meta.url);

const written = readFileSync(file, 'utf8');
const current = replacePart(replacePart(written, 'table', codeTable()), 'statuses', statusTable());

if (!process.argv.includes('--check')) {
  writeFileSync(file, current);
} else if (current !== written) {
  console.error(
    'docs/errors.md is not up to date with src/errors/catalogue.ts. Run npm run docs:errors.',
  );
  process.exitCode = 1;
}

/** Replaces the text between the comments "The <name> …" and "/<name>". */
function replacePart(text: string, name: string, part: string): string {
  const place = new RegExp(`(<!-- The ${name} .*-->\n)[^]*?(<!-- /${name} -->)`);
  if (!place.test(text)) throw new Error(`docs/errors.md has no comments of "${name}"`);
  return text.replace(place, (_, start, end) => `${start}\n${part}\n${end}`);
}

function codeTable(): string {
  const rows = Object.entries(catalogue).map(([code, { sentence, advice, own, retryable }]) => [
    `\`${code}\``,
    sentence,
    sourcesOf(code as Code, own),
    retryable ? 'yes' : 'no',
    advice,
  ]);
  const head = ['code', 'default message', 'from', 'retryable', 'what to do'];
  return table(head, rows);
}

/** The upstream errors that map to a code, and when this subgraph returns it. */
function sourcesOf(code: Code, own?: string): string {
  const types = keysOf(codeByErrorType, code);
  const faults = keysOf(codeByFault, code);
  if (code === 'UPSTREAM_ERROR') {
    types.push('any other type');
    faults.push('any other fault');
  }
  const sources = [
    types.length > 0 && `vAPI: ${types.join(', ')}`,
    faults.length > 0 && `vim25: ${faults.join(', ')}`,
    own && `this subgraph: ${own}`,
  ];
  return sources.filter(Boolean).join('; ');
}

function keysOf(codes: ReadonlyMap<string, Code>, code: Code): string[] {
  return [...codes].filter(([, one]) => one === code).map(([name]) => `\`${name}\``);
}

function statusTable(): string {
  const byCode = Map.groupBy(codeByStatus, ([, code]) => code);
  const rows = [...byCode].map(([code, statuses]) => [
    statuses.map(([status]) => status).join(', '),
    `\`${code}\``,
  ]);
  return table(
    ['status', 'code'],
    [
      ...rows,
      ['any other, 400 or higher', '`UPSTREAM_ERROR`'],
      ['below 400', '`BAD_UPSTREAM_RESPONSE`'],
    ],
  );
}

/** A table as the formatter writes it: each column as wide as its widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) =>
    Math.max(...[head, ...rows].map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return `${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}
