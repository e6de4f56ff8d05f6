import type { SchemaRename } from '../graphql/type-names.ts';
import { vcenterDefaults } from '../vcenter/defaults.ts';
import { assertNone, ConfigError, collect, expected, parse } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import {
  type ProcessConfig,
  processSchema,
  processSettings,
  processSource,
  variableOf,
  vcenterSource,
  vcenterVariables,
} from './environment.ts';
import { findUnknownVariables, type UnknownVariable } from './unknown-variables.ts';
import {
  settingsOf,
  type VCenterConfig,
  type VCenterOptionsWithoutUrl,
  vcenterSchema,
  vcenterSettingNames,
  vcenterSettings,
  vcenterWithoutUrlSchema,
} from './vcenter-config.ts';

/** The settings of a process, from its environment and its configuration file. */
export interface Config extends ProcessConfig {
  /** The vCenters, in their order. None in simulator mode. */
  readonly vcenters: readonly VCenterConfig[];
  /** The settings of the embedded simulator, where no vCenter is configured. */
  readonly simulated?: VCenterOptionsWithoutUrl;
  /** Whether `NODE_ENV` is `production`. */
  readonly production: boolean;
  /** `SCHEMA_RENAME`, else `schemaRename` of the file: new names by `Session` or `Query.session`. Default: none. */
  readonly schemaRename: SchemaRename;
  /** Variables that were probably meant to be settings, for a warning. */
  readonly unknownVariables: readonly UnknownVariable[];
}

/**
 * Reads and checks all settings. A variable that is set to nothing counts as not set. The vCenter of the
 * environment, where there is one, comes before those of the file.
 *
 * @param environment - of the process.
 * @throws ConfigError that names each wrong setting, what was expected and what was received.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const variable = (name: string) => environment[name] || undefined;
  const production = variable('NODE_ENV') === 'production';
  const url = variable('VCENTER_URL');
  const configFile = variable('CONFIG_FILE');
  const reservedId = url === undefined ? undefined : (variable('VCENTER_ID') ?? vcenterDefaults.id);
  const isConfigured = url !== undefined || configFile !== undefined;

  const processValues = pick(Object.keys(processSettings), (name) => variable(name));
  const vcenterValues = settingsOf(
    pick(vcenterSettingNames, (name) => variable(variableOf(name))),
    vcenterSettings,
    process.cwd(),
  );
  const [{ settings, schemaRename }, vcenter, simulated, file] = collect(
    () => parse(processSchema(production), processValues, processSource),
    () => (url === undefined ? undefined : parse(vcenterSchema, vcenterValues, vcenterSource)),
    () => (isConfigured ? undefined : parse(vcenterWithoutUrlSchema, vcenterValues, vcenterSource)),
    () => (configFile === undefined ? undefined : readConfigFile(configFile, reservedId)),
    () => checkVCenterIsConfigured(isConfigured || !production),
    () => checkUrlIsSet(url !== undefined || configFile === undefined, variable),
  );
  return {
    ...settings,
    vcenters: [...(vcenter ? [vcenter] : []), ...(file?.vcenters ?? [])],
    production,
    schemaRename: schemaRename ?? file?.schemaRename ?? new Map(),
    unknownVariables: findUnknownVariables(environment),
    ...(simulated && { simulated }),
  };
}

function checkVCenterIsConfigured(isConfigured: boolean): void {
  const what = 'the URL of a vCenter, or CONFIG_FILE, where NODE_ENV is production';
  if (!isConfigured) throw new ConfigError([`VCENTER_URL is required: expected ${what}`]);
}

/** Variables of a vCenter would change nothing where its URL is missing beside `CONFIG_FILE`. */
function checkUrlIsSet(isSet: boolean, variable: (name: string) => string | undefined): void {
  const useless = isSet ? [] : vcenterVariables.filter((name) => variable(name) !== undefined);
  const what = 'VCENTER_URL beside it (the vCenters of CONFIG_FILE have their settings there)';
  assertNone(useless.map((name) => expected(name, what, 'no VCENTER_URL')));
}

function pick<Name extends string>(
  names: readonly Name[],
  read: (name: Name) => string | undefined,
): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}
