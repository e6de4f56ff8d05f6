import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { SchemaRename } from '../graphql/type-names.ts';
import { vcenterDefaults } from '../vcenter/defaults.ts';
import { assertNone, ConfigError, collect, expected, parse, shown } from './config-error.ts';
import { probablyMeant } from './probably-meant.ts';
import { schemaRename } from './schema-rename.ts';
import { maxFileBytes, readRegularFile } from './setting-files.ts';
import {
  settingsOf,
  type VCenterConfig,
  vcenterSchema,
  vcenterSettings,
} from './vcenter-config.ts';
import { parseYaml, type YamlFile } from './yaml-file.ts';

/** What a configuration file has. */
export interface ConfigFile {
  readonly vcenters: readonly VCenterConfig[];
  readonly schemaRename?: SchemaRename | undefined;
}

type Values = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Values =>
  value != null && Object.getPrototypeOf(value) === Object.prototype;

const mapOf = (expectation: string) => z.custom<Values>(isMap, { error: expectation });

const { id: _id, url: _url, ...defaultSettings } = vcenterSettings;
const defaultsSchema = mapOf("defaults of vCenters' settings").pipe(
  z.strictObject(defaultSettings),
);
const fileSettings = {
  vcenters: z
    .array(mapOf("a vCenter's settings").pipe(vcenterSchema), {
      error: 'a list of at least one vCenter',
    })
    .min(1),
  defaults: defaultsSchema,
  schemaRename,
};
const fileSchema = mapOf('a map with vcenters').pipe(z.strictObject(fileSettings));

/**
 * Reads a YAML file: `{ vcenters: [{ id, url, … }], defaults: { … }, schemaRename: { … } }`.
 *
 * @param path - the value of `CONFIG_FILE`.
 * @param reservedId - the id of the vCenter of the environment, where there is one.
 * @throws ConfigError that names the line of each problem.
 */
export function readConfigFile(path: string, reservedId?: string): ConfigFile {
  const file = parseYaml(basename(path), readText(path));
  const source = {
    nameOf: file.nameOf,
    unknownKey(at: readonly PropertyKey[], key: string) {
      const known = knownKeys(at);
      const meant = probablyMeant(key, known, key.length < 10 ? 2 : 3);
      const name = file.nameOfKey(at, key);
      return meant === undefined
        ? expected(name, `only ${known.join(', ')}`, shown(key))
        : `${name}: unknown key ${shown(key)}, did you mean ${meant}?`;
    },
  };
  const [config] = collect(
    () => parse(fileSchema, fileValues(file.value, dirname(path)), source),
    () => checkIds(file, reservedId),
  );
  return config;
}

function readText(path: string): string {
  try {
    return readRegularFile(path, maxFileBytes);
  } catch (error) {
    const hint = error instanceof Error ? error.message : undefined;
    const what = 'the path of a readable YAML file of at most 1 MiB';
    throw new ConfigError([expected('CONFIG_FILE', what, shown(path), hint)]);
  }
}

/** The values of the file for its schema, with `defaults` in each vCenter that has no value of its own. */
function fileValues(root: unknown, directory: string): unknown {
  if (!isMap(root)) return root;
  const defaults = root['defaults'] ?? {};
  const checked = isMap(defaults) ? settingsOf(defaults, defaultSettings, directory) : defaults;
  const usable = defaultsSchema.safeParse(checked).success ? defaults : {};
  const list = root['vcenters'];
  const vcenters = Array.isArray(list)
    ? list.map((item: unknown) =>
        isMap(item) ? settingsOf({ ...usable, ...item }, vcenterSettings, directory) : item,
      )
    : list;
  return { schemaRename: undefined, ...root, vcenters, defaults: checked };
}

/** No two vCenters may have one id. */
function checkIds(file: YamlFile, reservedId: string | undefined): void {
  const list = isMap(file.value) ? file.value['vcenters'] : undefined;
  if (!Array.isArray(list)) return;
  const ids = new Set([reservedId]);
  const problems: string[] = [];
  for (const [index, item] of list.entries()) {
    if (!isMap(item)) continue;
    const { id = vcenterDefaults.id } = item;
    if (typeof id !== 'string') continue;
    const name = file.nameOf(['vcenters', index, 'id']);
    if (ids.has(id)) problems.push(expected(name, 'an id that no other vCenter has', shown(id)));
    ids.add(id);
  }
  assertNone(problems);
}

/** The keys that a map of the file may have. */
function knownKeys([first, index]: readonly PropertyKey[]): string[] {
  if (first === 'defaults') return Object.keys(defaultSettings);
  return Object.keys(index === undefined ? fileSettings : vcenterSettings);
}
