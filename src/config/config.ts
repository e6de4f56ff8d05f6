import { z } from 'zod';
import { parseSchemaRename, type SchemaRename, SchemaRenameError } from '../graphql/type-names.ts';
import type { VCenterOptions } from '../vcenter/vcenter.ts';
import {
  ConfigError,
  type Problem,
  readSetting,
  type Setting,
  trueOrFalse,
  wholeNumber,
} from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import {
  readVCenter,
  readVCenterWithoutUrl,
  type VCenterOptionsWithoutUrl,
} from './vcenter-config.ts';

/** What a process is told by its environment and its configuration file. */
export interface Config {
  /** The vCenters, in their order. None where the simulator stands in for one. */
  readonly vcenters: readonly VCenterOptions[];
  /** The vCenter that the simulator stands in for, where no other is configured. */
  readonly simulated?: VCenterOptionsWithoutUrl;
  /** `HOST`. Default: 127.0.0.1. */
  readonly host: string;
  /** `PORT`. Default: 4001; 0 takes any that is free. */
  readonly port: number;
  /** `GRAPHIQL`. Default: true, in production false. */
  readonly graphiql: boolean;
  /** `ROUTER_SECRET`: what `x-router-secret` must be. Default: none. */
  readonly routerSecret?: string;
  /** `LOG_LEVEL`. Default: info. */
  readonly logLevel: LogLevel;
  /** `SCHEMA_RENAME`, or `schemaRename` of the file: new names of types and root fields. Default: none. */
  readonly schemaRename: SchemaRename;
  /** Variables that look like a vCenter's setting and are none, for a warning. */
  readonly unknownVariables: readonly string[];
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The least severe lines that are logged. */
export type LogLevel = (typeof logLevels)[number];

const host: Setting<string> = {
  takes: 'a host name or an address to listen on',
  schema: z
    .string()
    .regex(/^[\w.:%-]{1,255}$/)
    .default('127.0.0.1'),
};

const port: Setting<number> = {
  takes: 'a whole number from 0 to 65535',
  schema: wholeNumber(0, 65_535).default(4001),
};

const graphiql: Setting<boolean | undefined> = {
  takes: 'true or false',
  schema: trueOrFalse.optional(),
};

const routerSecret: Setting<string | undefined> = {
  takes: '8 to 256 visible ASCII characters',
  schema: z
    .string()
    .regex(/^[\x21-\x7e]{8,256}$/)
    .optional(),
  secret: true,
};

const logLevel: Setting<LogLevel> = {
  takes: `one of ${logLevels.join(', ')}`,
  schema: z.enum(logLevels).default('info'),
};

/** The environment's names for the settings of one vCenter. */
const vcenterVariables = {
  id: 'VCENTER_ID',
  url: 'VCENTER_URL',
  release: 'VCENTER_RELEASE',
  sessionManager: 'VCENTER_SESSION_MANAGER',
  caFile: 'VCENTER_CA_FILE',
  fingerprint: 'VCENTER_FINGERPRINT',
  timeoutMs: 'VCENTER_TIMEOUT_MS',
  forwardAuthorization: 'VCENTER_FORWARD_AUTHORIZATION',
} as const;

const knownVariables: readonly string[] = Object.values(vcenterVariables);

/**
 * Reads and checks all settings. A variable that is set to nothing counts as not set. The vCenter of the
 * environment, where there is one, comes before those of the file.
 *
 * @param environment - of the process.
 * @throws ConfigError that names each wrong setting, what it takes and what it got.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: Problem[] = [];
  const variable = (name: string) => environment[name] || undefined;
  const read = <Value>(setting: Setting<Value>, name: string) =>
    readSetting(setting, name, variable(name), problems);

  const production = environment['NODE_ENV'] === 'production';
  const settings = {
    host: read(host, 'HOST') ?? '',
    port: read(port, 'PORT') ?? 0,
    graphiql: read(graphiql, 'GRAPHIQL') ?? !production,
    logLevel: read(logLevel, 'LOG_LEVEL') ?? 'info',
  };
  const secret = read(routerSecret, 'ROUTER_SECRET');

  let schemaRename = readSchemaRename('SCHEMA_RENAME', variable('SCHEMA_RENAME'), problems);

  const configFile = variable('CONFIG_FILE');
  const values = Object.fromEntries(
    Object.entries(vcenterVariables).map(([name, from]) => [name, variable(from)]),
  );
  const nameOf = (name: keyof typeof vcenterVariables) => vcenterVariables[name];
  const fromEnvironment =
    variable('VCENTER_URL') === undefined ? undefined : readVCenter(values, nameOf, '.', problems);
  const vcenters = fromEnvironment ? [fromEnvironment] : [];
  if (configFile !== undefined) {
    const file = readConfigFile(configFile, vcenters, problems);
    vcenters.push(...file.vcenters);
    if (schemaRename.size === 0)
      schemaRename = readSchemaRename(file.schemaRename.name, file.schemaRename.value, problems);
  }

  const isConfigured = variable('VCENTER_URL') !== undefined || configFile !== undefined;
  const unknownVariables = Object.keys(environment).filter(
    (name) => variable(name) !== undefined && looksLikeSetting(name),
  );
  if (!isConfigured && production)
    problems.push({
      name: 'VCENTER_URL',
      takes: 'the URL of a vCenter where NODE_ENV is production and CONFIG_FILE is not set',
      got: 'nothing',
    });
  // The simulator is not to stand in for a vCenter that was meant to be configured.
  if (!isConfigured)
    refuse(
      unknownVariables,
      `nothing, since a vCenter's settings are ${knownVariables.join(', ')}`,
      problems,
    );
  if (configFile !== undefined && variable('VCENTER_URL') === undefined)
    refuse(
      knownVariables.filter((name) => variable(name) !== undefined),
      'nothing without VCENTER_URL, the vCenter that it is for: those of CONFIG_FILE have theirs there',
      problems,
    );
  const simulated = isConfigured ? undefined : readVCenterWithoutUrl(values, nameOf, '.', problems);

  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...settings,
    vcenters,
    schemaRename,
    unknownVariables,
    ...(simulated && { simulated }),
    ...(secret !== undefined && { routerSecret: secret }),
  };
}

function readSchemaRename(name: string, value: unknown, problems: Problem[]): SchemaRename {
  try {
    return parseSchemaRename(value ?? {});
  } catch (error) {
    if (!(error instanceof SchemaRenameError)) throw error;
    problems.push({ name, takes: error.expected, got: error.received });
    return new Map();
  }
}

/** Kubernetes sets variables of these names for a service that is called vcenter. */
const serviceLink = /^VCENTER_(?:SERVICE|PORT)(?:_|$)/;

function looksLikeSetting(name: string): boolean {
  return name.startsWith('VCENTER_') && !knownVariables.includes(name) && !serviceLink.test(name);
}

/** Refuses variables that would change nothing. */
function refuse(names: readonly string[], takes: string, problems: Problem[]): void {
  for (const name of names) problems.push({ name, takes, got: 'a value' });
}
