import { resolve } from 'node:path';
import { z } from 'zod';
import { vcenterDefaults } from '../vcenter/defaults.ts';
import { transportDefaults } from '../vcenter/transport/defaults.ts';
import type { VCenterOptions } from '../vcenter/vcenter.ts';
import { evenIfInvalid, numberSetting, setting, trueOrFalse, validityIn } from './setting.ts';
import { checkCertificates, fileSchema, maxAuthoritiesBytes } from './setting-files.ts';

/** All settings of one vCenter. */
export interface VCenterConfig extends VCenterOptions {
  /** The absolute path of the file that `ca` was read from, so that it can be read again. */
  readonly caFile?: string;
  /** How long an idle connection is kept, in milliseconds. */
  readonly keepAliveMs: number;
  /** For each API. */
  readonly maxConnections: number;
  /** How many calls may wait for a connection, for each API. */
  readonly maxQueued: number;
  /** After how many failed calls in a row the circuit opens; 0: never. */
  readonly breakerFailures: number;
  /** How long an open circuit lets no call through, in milliseconds. */
  readonly breakerResetMs: number;
}

const url = z
  .string()
  .refine(isVCenterUrl)
  .transform((text) => new URL(text));

function isVCenterUrl(text: string): boolean {
  const parsed = URL.parse(text);
  return (
    parsed !== null &&
    ['http:', 'https:'].includes(parsed.protocol) &&
    parsed.username + parsed.password === '' &&
    !/[?#]/.test(text)
  );
}

/** One table for the environment and the file, by the file's names. */
export const vcenterSettings = {
  id: setting(
    '1 to 32 of a-z, 0-9 and -',
    z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/)
      .default(vcenterDefaults.id),
  ),
  url: setting(
    'an http or https URL without user name, query or fragment, for example https://vcenter.example.com',
    url,
  ),
  release: setting(
    'a release of the vSphere API such as 8.0.2.0, or auto',
    z
      .string()
      .regex(/^(?:auto|\d{1,4}(?:\.\d{1,4}){1,5})$/)
      .default(vcenterDefaults.release),
  ),
  sessionManager: setting(
    "a managed object's id such as SessionManager",
    z
      .string()
      .regex(/^(?!\.+$)[\w.-]{1,64}$/)
      .default(vcenterDefaults.sessionManager),
  ),
  caFile: setting(
    'the path of a readable PEM file of at most 10 MiB with at least one certificate',
    fileSchema(maxAuthoritiesBytes, checkCertificates).optional(),
  ),
  fingerprint: setting(
    'a SHA-256 fingerprint as openssl x509 -fingerprint -sha256 prints it: 32 pairs AA:BB:…',
    z
      .string()
      .transform((text) => text.replace(/^sha256 fingerprint=/i, '').toUpperCase())
      .pipe(z.string().regex(/^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/))
      .optional(),
  ),
  timeoutMs: numberSetting(1, 600_000, vcenterDefaults.timeoutMs, 'milliseconds'),
  forwardAuthorization: setting(
    'true or false',
    trueOrFalse.default(vcenterDefaults.forwardAuthorization),
  ),
  keepAliveMs: numberSetting(1, 600_000, transportDefaults.keepAliveMs, 'milliseconds'),
  maxConnections: numberSetting(1, 1000, transportDefaults.maxConnections),
  maxQueued: numberSetting(0, 100_000, transportDefaults.maxQueued),
  breakerFailures: numberSetting(0, 1000, transportDefaults.breakerFailures),
  breakerResetMs: numberSetting(1, 600_000, transportDefaults.breakerResetMs, 'milliseconds'),
} as const;

/** The name of a vCenter's setting in the file. */
export type VCenterSetting = keyof typeof vcenterSettings;

/** Their names in the file, in the order of the table. */
export const vcenterSettingNames = Object.keys(vcenterSettings) as VCenterSetting[];

/** The settings of a vCenter in simulator mode. */
export type VCenterOptionsWithoutUrl = Omit<VCenterConfig, 'url'>;

/** All settings of a vCenter but its URL. */
export const vcenterWithoutUrlSchema: z.ZodType<VCenterOptionsWithoutUrl> = z
  .strictObject({ ...vcenterSettings, url: z.unknown() })
  .transform(({ url: _, ...values }) => toConfig(values));

/** All settings of a vCenter. */
export const vcenterSchema = z
  .strictObject(vcenterSettings)
  .superRefine((values, context) => {
    const isValid = validityIn(context.issues);
    // A URL that is not valid has none.
    if (values.url.protocol !== 'http:') return;
    for (const name of ['caFile', 'fingerprint'] as const)
      if (values[name] !== undefined && isValid(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'a vCenter whose URL is https',
          input: values.url.href,
        });
  }, evenIfInvalid)
  .transform(
    ({ url: address, ...values }): VCenterConfig => ({ ...toConfig(values), url: address }),
  );

type Values = z.output<z.ZodObject<Omit<typeof vcenterSettings, 'url'>>>;

function toConfig({ caFile, ...values }: Values): VCenterOptionsWithoutUrl {
  return { ...values, ...(caFile && { ca: caFile.content, caFile: caFile.path }) };
}

/**
 * Values for the schema of settings: each setting is there, set or not.
 *
 * @param directory - what a relative `caFile` is relative to.
 */
export function settingsOf(
  values: Readonly<Record<string, unknown>>,
  settings: object,
  directory: string,
): Record<string, unknown> {
  const { caFile } = values;
  return {
    ...Object.fromEntries(Object.keys(settings).map((name) => [name, undefined])),
    ...values,
    ...(typeof caFile === 'string' && { caFile: resolve(directory, caFile) }),
  };
}
