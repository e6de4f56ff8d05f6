import { resolve } from 'node:path';
import { z } from 'zod';
import type { IssueDetails, Source } from './config-error.ts';
import { schemaRename } from './schema-rename.ts';
import {
  evenIfInvalid,
  setting,
  trueOrFalse,
  type Validity,
  validityIn,
  wholeNumber,
} from './setting.ts';
import {
  checkCertificates,
  checkPrivateKey,
  fileSchema,
  isPair,
  maxAuthoritiesBytes,
  maxFileBytes,
} from './setting-files.ts';
import { type VCenterSetting, vcenterSettingNames } from './vcenter-config.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The least severe lines that are logged. */
export type LogLevel = (typeof logLevels)[number];

const host = z.string().regex(/^[\w.:%-]{1,255}$/);
const port = wholeNumber(0, 65_535);

const hostNames = 'a host name or an address to listen on';
const portNumbers = 'a whole number from 0 to 65535';

/** The settings of the process, by their variables. Those of a vCenter are in `vcenter-config.ts`. */
export const processSettings = {
  HOST: setting(hostNames, host.default('127.0.0.1')),
  PORT: setting(portNumbers, z.union([z.undefined().transform(() => 4001), port])),
  TLS_CERT_FILE: setting(
    'the path of a readable PEM file of at most 1 MiB with at least one certificate',
    fileSchema(maxFileBytes, checkCertificates).optional(),
  ),
  TLS_KEY_FILE: setting(
    'the path of a readable PEM file of at most 1 MiB with a private key',
    fileSchema(maxFileBytes, checkPrivateKey).optional(),
  ),
  TLS_CLIENT_CA_FILE: setting(
    'the path of a readable PEM file of at most 10 MiB with at least one certificate',
    fileSchema(maxAuthoritiesBytes, checkCertificates).optional(),
  ),
  ADMIN_HOST: setting(hostNames, host.optional()),
  ADMIN_PORT: setting(portNumbers, port.optional()),
  GRAPHIQL: setting('true or false', trueOrFalse.optional()),
  ROUTER_SECRET: setting(
    '8 to 256 visible ASCII characters',
    z
      .string()
      .regex(/^[\x21-\x7e]{8,256}$/)
      .optional(),
    { secret: true },
  ),
  SCHEMA_RENAME: schemaRename,
  FEDERATED_TRACES: setting('true or false', trueOrFalse.default(false)),
  DRAIN_MS: setting(
    'a whole number of milliseconds from 0 to 600000',
    wholeNumber(0, 600_000).optional(),
  ),
  LOG_LEVEL: setting(`one of ${logLevels.join(', ')}`, z.enum(logLevels).default('info')),
} as const;

/** The settings of the process, checked and put together. */
export interface ProcessConfig {
  /** `HOST`. Default: 127.0.0.1. */
  readonly host: string;
  /** `PORT`. Default: 4001; 0 is any that is free. */
  readonly port: number;
  /** `GRAPHIQL`. Default: true, in production false. */
  readonly graphiql: boolean;
  /** `ROUTER_SECRET`: what `x-router-secret` must be. Default: none. */
  readonly routerSecret?: string | undefined;
  /** `LOG_LEVEL`. Default: info. */
  readonly logLevel: LogLevel;
  /** `DRAIN_MS`: how long requests are served after SIGTERM. Default: 5000 in production, else 0. */
  readonly drainMs: number;
  /** `TLS_CERT_FILE`, `TLS_KEY_FILE`, `TLS_CLIENT_CA_FILE` as absolute paths. Default: clear HTTP. */
  readonly tls?: TlsConfig;
  /** `ADMIN_HOST` and `ADMIN_PORT`: where health and metrics are. Default: with GraphQL. */
  readonly admin?: { readonly host: string; readonly port: number };
  /** `FEDERATED_TRACES`. Default: false. */
  readonly federatedTraces: boolean;
}

/** Absolute paths of PEM files that were checked once, so that they can be read again. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** Clients must have a certificate of one of its authorities. */
  readonly clientCaFile?: string;
}

/** Checks all settings of the process. `schemaRename` is undefined where `SCHEMA_RENAME` is not set. */
export const processSchema = (production: boolean) =>
  z
    .object(processSettings)
    .superRefine((values, context) => {
      for (const { name, ...issue } of conflictsOf(values, validityIn(context.issues)))
        context.addIssue({ code: 'custom', path: [name], ...issue });
    }, evenIfInvalid)
    .transform((values) => ({
      schemaRename: values.SCHEMA_RENAME,
      settings: toProcessConfig(values, production),
    }));

type ProcessValues = z.output<z.ZodObject<typeof processSettings>>;

interface Conflict {
  readonly name: keyof typeof processSettings;
  readonly message: string;
  readonly input?: unknown;
  readonly params?: { [Name in keyof IssueDetails]: IssueDetails[Name] };
}

const missing = (name: Conflict['name'], message: string): Conflict => ({
  name,
  message,
  params: { missing: true },
});

/**
 * Finds settings that cannot be used together.
 *
 * @param values - of a setting that is not valid, only whether it is set may be read.
 */
function conflictsOf(values: ProcessValues, isValid: Validity): Conflict[] {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, ADMIN_PORT: adminPort } = values;
  const conflicts: Conflict[] = [];
  if (cert && !key) conflicts.push(missing('TLS_KEY_FILE', 'the key of TLS_CERT_FILE'));
  if (key && !cert) conflicts.push(missing('TLS_CERT_FILE', 'the certificate of TLS_KEY_FILE'));
  if (values.TLS_CLIENT_CA_FILE && !cert && !key)
    conflicts.push(missing('TLS_CERT_FILE', 'a certificate where TLS_CLIENT_CA_FILE is set'));
  if (cert && key && isValid('TLS_CERT_FILE', 'TLS_KEY_FILE') && !isPair(cert.content, key.content))
    conflicts.push({
      name: 'TLS_KEY_FILE',
      message: 'the private key of the certificate in TLS_CERT_FILE',
      input: key.path,
    });
  if (values.ADMIN_HOST !== undefined && adminPort === undefined)
    conflicts.push(missing('ADMIN_PORT', 'a port where ADMIN_HOST is set'));
  const isSameAddress = adminPort === values.PORT && adminHostOf(values) === values.HOST;
  if (isValid('PORT', 'ADMIN_HOST') && isSameAddress && adminPort !== 0)
    conflicts.push({ name: 'ADMIN_PORT', message: 'another port than PORT', input: adminPort });
  return conflicts;
}

const adminHostOf = (values: ProcessValues) => values.ADMIN_HOST ?? '127.0.0.1';

function toProcessConfig(values: ProcessValues, production: boolean): ProcessConfig {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CLIENT_CA_FILE: clientCa } = values;
  return {
    host: values.HOST,
    port: values.PORT,
    graphiql: values.GRAPHIQL ?? !production,
    logLevel: values.LOG_LEVEL,
    drainMs: values.DRAIN_MS ?? (production ? 5000 : 0),
    federatedTraces: values.FEDERATED_TRACES,
    routerSecret: values.ROUTER_SECRET,
    ...(values.ADMIN_PORT !== undefined && {
      admin: { host: adminHostOf(values), port: values.ADMIN_PORT },
    }),
    ...(cert &&
      key && {
        tls: {
          certFile: resolve(cert.path),
          keyFile: resolve(key.path),
          ...(clientCa && { clientCaFile: resolve(clientCa.path) }),
        },
      }),
  };
}

/** The variable of a setting of a vCenter: `VCENTER_CA_FILE` for `caFile`. */
export function variableOf(name: VCenterSetting): string {
  return `VCENTER_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

/** The variables of the vCenter of the environment. */
export const vcenterVariables: readonly string[] = vcenterSettingNames.map(variableOf);

/** All variables that are settings. */
export const variables: readonly string[] = [
  'NODE_ENV',
  'CONFIG_FILE',
  ...vcenterVariables,
  ...Object.keys(processSettings),
];

/** Names the settings of the process by their variables. */
export const processSource: Source = { nameOf: ([name]) => String(name) };

/** Names the settings of the environment's vCenter by their variables. */
export const vcenterSource: Source = { nameOf: ([name]) => variableOf(name as VCenterSetting) };
