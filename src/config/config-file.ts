import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isMap, isNode, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { attempt } from '../errors/attempt.ts';
import type { VCenterOptions } from '../vcenter/vcenter.ts';
import { type Problem, shown } from './config-error.ts';
import { readVCenter, vcenterSettings } from './vcenter-config.ts';

/** What a configuration file has. */
export interface ConfigFile {
  readonly vcenters: VCenterOptions[];
  /** The value of `schemaRename`, unchecked, and how it is called in messages. */
  readonly schemaRename: { readonly name: string; readonly value: unknown };
}

/**
 * Reads a YAML file: `vcenters: [{ id, url, … }]`, and `schemaRename`.
 *
 * @param path - the value of `CONFIG_FILE`.
 * @param others - the vCenters that are configured already: no two may have one id.
 * @param problems - what cannot be used is added to them, each with its line.
 */
export function readConfigFile(
  path: string,
  others: readonly VCenterOptions[],
  problems: Problem[],
): ConfigFile {
  const text = readText(path);
  if (text === undefined) {
    problems.push({
      name: 'CONFIG_FILE',
      takes: 'the path of a readable YAML file',
      got: JSON.stringify(path),
    });
    return nothing;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number | undefined) => `${basename(path)}:${lines.linePos(offset ?? 0).line}`;

  const [syntaxError] = document.errors;
  if (syntaxError) {
    const got = syntaxError.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'something else';
    problems.push({ name: at(syntaxError.pos[0]), takes: 'YAML', got });
    return nothing;
  }

  const root = document.contents;
  reportUnknown(root, new Set(['vcenters', 'schemaRename']), at, '', problems);
  const names = isMap(root) ? root.get('schemaRename', true) : undefined;
  const schemaRename = {
    name: `${at(names?.range?.[0])}: schemaRename`,
    value: attempt((): unknown => names?.toJS(document)),
  };
  const list = isMap(root) ? root.get('vcenters', true) : undefined;
  if (!isSeq<ParsedNode>(list) || list.items.length === 0) {
    const takes = 'a list of at least one vCenter';
    problems.push({
      name: `${at(list?.range?.[0])}: vcenters`,
      takes,
      got: shown(attempt((): unknown => list?.toJS(document))),
    });
    return { vcenters: [], schemaRename };
  }
  const ids = new Set(others.map(({ id }) => id));
  const vcenters = list.items.flatMap((item, index) => {
    const place = `vcenters[${index}]`;
    // Throws where an alias has no anchor.
    const values = attempt((): unknown => isNode(item) && item.toJS(document));
    if (!isMap<ParsedNode, ParsedNode>(item) || values === undefined) {
      problems.push({
        name: `${at(isNode(item) ? item.range?.[0] : list.range?.[0])}: ${place}`,
        takes: 'a vCenter’s settings',
        got: values === undefined ? 'an alias without its anchor' : shown(values),
      });
      return [];
    }
    reportUnknown(item, new Set(Object.keys(vcenterSettings)), at, `${place}.`, problems);
    const nameOf = (name: string) =>
      `${at(item.get(name, true)?.range?.[0] ?? item.range?.[0])}: ${place}.${name}`;
    const vcenter = readVCenter(Object(values), nameOf, dirname(path), problems);
    if (!vcenter) return [];
    if (ids.has(vcenter.id)) {
      const takes = 'an id that no other vCenter has';
      problems.push({ name: nameOf('id'), takes, got: JSON.stringify(vcenter.id) });
    }
    ids.add(vcenter.id);
    return [vcenter];
  });
  return { vcenters, schemaRename };
}

/** Of a file that can't be read. */
const nothing: ConfigFile = {
  vcenters: [],
  schemaRename: { name: 'schemaRename', value: undefined },
};

function reportUnknown(
  node: unknown,
  known: ReadonlySet<string>,
  at: (offset: number | undefined) => string,
  prefix: string,
  problems: Problem[],
): void {
  if (!isMap<ParsedNode>(node)) return;
  for (const { key } of node.items) {
    const name = String(key.toJSON());
    if (!known.has(name))
      problems.push({
        name: at(key.range[0]),
        takes: `only ${[...known].join(', ')}`,
        got: JSON.stringify(prefix + name),
      });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
