import { createRequire } from 'node:module';
import { ConfigError, expected } from './config-error.ts';

const require = createRequire(import.meta.url);

/** A YAML file, with the lines of its values. */
export interface YamlFile {
  readonly value: unknown;
  /** A setting's line and path, for example `vcenters.yaml:4: vcenters[1].url`. */
  nameOf(path: readonly PropertyKey[]): string;
  /** The line of a key, with the path of the map that it is in. */
  nameOfKey(path: readonly PropertyKey[], key: string): string;
}

/**
 * Parses YAML.
 *
 * @param name - of the file, for messages.
 * @throws ConfigError that names the line of the first problem, without the text.
 */
export function parseYaml(name: string, text: string): YamlFile {
  // Loaded only where there is a file: a server holds the memory as long as it runs.
  const { isMap, isNode, LineCounter, parseDocument, visit } =
    require('yaml') as typeof import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset = 0) => `${name}:${lines.linePos(offset).line || 1}`;
  const [error] = document.errors;
  if (error)
    throw new ConfigError([expected(at(error.pos[0]), 'YAML', withoutText(error.message))]);

  visit(document, {
    Alias(_key, alias) {
      if (!alias.resolve(document))
        throw new ConfigError([
          expected(at(alias.range?.[0]), 'an alias of an anchor before it', 'one without'),
        ]);
    },
  });

  const offsetOf = (path: readonly PropertyKey[]): number | undefined => {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
    return path.length === 0 ? 0 : offsetOf(path.slice(0, -1));
  };
  const named = (offset: number | undefined, path: readonly PropertyKey[]) =>
    [at(offset), ...(path.length > 0 ? [formatPath(path)] : [])].join(': ');
  return {
    value: toJS(),
    nameOf: (path) => named(offsetOf(path), path),
    nameOfKey(path, key) {
      const map = document.getIn(path);
      const pair = isMap(map) ? map.items.find((item) => String(item.key) === key) : undefined;
      return named(isNode(pair?.key) ? pair.key.range?.[0] : offsetOf(path), path);
    },
  };

  function toJS(): unknown {
    try {
      return document.toJS();
    } catch {
      throw new ConfigError([expected(at(), 'YAML of few aliases', 'more than can be resolved')]);
    }
  }
}

/** The parser's message, of which the rest may repeat the text of the file. */
function withoutText(message: string): string {
  return message.replace(/(?: at line |["':\n]).*/s, '');
}

/** `vcenters[1].url` */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
}
