import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { VCenterOptions } from '../vcenter/vcenter.ts';
import {
  type Problem,
  readSetting,
  type Setting,
  trueOrFalse,
  wholeNumber,
} from './config-error.ts';

/** The settings of one vCenter, by their names in the file. */
interface VCenterValues {
  id: string;
  url: URL;
  release: string;
  sessionManager: string;
  caFile: string | undefined;
  fingerprint: string | undefined;
  timeoutMs: number;
  forwardAuthorization: boolean;
}

/** One table for the environment and the file. `caFile` is read, and its value is the file's content. */
export const vcenterSettings: {
  readonly [Name in keyof VCenterValues]: Setting<VCenterValues[Name]>;
} = {
  id: {
    takes: '1 to 32 of a-z, 0-9 and -',
    schema: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/)
      .default('default'),
  },
  url: {
    takes:
      'an http or https URL without user name, query or fragment, for example https://vcenter.example.com',
    schema: z.string().transform((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (
        url &&
        /^https?:$/.test(url.protocol) &&
        url.username + url.password + url.search + url.hash === '' &&
        !/[?#]/.test(text)
      )
        return url;
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    }),
  },
  release: {
    takes: 'a release of the vSphere API such as 8.0.2.0, or auto',
    schema: z
      .string()
      .regex(/^(?:auto|\d{1,4}(?:\.\d{1,4}){1,5})$/)
      .default('8.0.2.0'),
  },
  sessionManager: {
    takes: "a managed object's id such as SessionManager",
    schema: z
      .string()
      .regex(/^(?!\.+$)[\w.-]{1,64}$/)
      .default('SessionManager'),
  },
  caFile: {
    takes: 'the path of a readable PEM file with at least one certificate',
    schema: z
      .string()
      .optional()
      .transform((path, context) => {
        if (path === undefined) return undefined;
        const pem = readCertificates(path);
        if (pem === undefined) context.addIssue({ code: 'custom' });
        return pem;
      }),
  },
  fingerprint: {
    takes: 'a SHA-256 fingerprint as openssl x509 -fingerprint -sha256 prints it: 32 pairs AA:BB:…',
    schema: z
      .string()
      .transform((text) => text.replace(/^sha256 fingerprint=/i, '').toUpperCase())
      .pipe(z.string().regex(/^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/))
      .optional(),
  },
  timeoutMs: {
    takes: 'a whole number of milliseconds from 1 to 600000',
    schema: wholeNumber(1, 600_000).default(10_000),
  },
  forwardAuthorization: { takes: 'true or false', schema: trueOrFalse.default(false) },
};

/** The settings of a vCenter whose URL is not known before the simulator runs. */
export type VCenterOptionsWithoutUrl = Omit<VCenterOptions, 'url'>;

/**
 * Reads the settings of one vCenter.
 *
 * @param values - by their names in the file.
 * @param nameOf - how a setting is called where the values come from.
 * @param directory - what a relative `caFile` is relative to.
 * @param problems - values that cannot be used are added to them.
 */
export function readVCenter(
  values: { readonly [name in keyof VCenterValues]?: unknown },
  nameOf: (name: keyof VCenterValues) => string,
  directory: string,
  problems: Problem[],
): VCenterOptions | undefined {
  const url = readSetting(vcenterSettings.url, nameOf('url'), values.url, problems);
  const options = readVCenterWithoutUrl(values, nameOf, directory, problems);
  if (!url || !options) return undefined;
  if (url.protocol === 'http:' && (options.ca ?? options.fingerprint) !== undefined) {
    const name = nameOf(options.ca === undefined ? 'fingerprint' : 'caFile');
    problems.push({ name, takes: 'a vCenter whose URL is https', got: JSON.stringify(url.href) });
  }
  return { ...options, url };
}

/** Reads all settings of one vCenter but its URL. */
export function readVCenterWithoutUrl(
  values: { readonly [name in keyof VCenterValues]?: unknown },
  nameOf: (name: keyof VCenterValues) => string,
  directory: string,
  problems: Problem[],
): VCenterOptionsWithoutUrl | undefined {
  const read = <Name extends keyof VCenterValues>(name: Name, value: unknown = values[name]) =>
    readSetting(vcenterSettings[name], nameOf(name), value, problems);

  const caPath =
    typeof values.caFile === 'string' ? resolve(directory, values.caFile) : values.caFile;
  const [ca, fingerprint] = [read('caFile', caPath), read('fingerprint')];
  const [id, release, sessionManager] = [read('id'), read('release'), read('sessionManager')];
  const [timeoutMs, forwardAuthorization] = [read('timeoutMs'), read('forwardAuthorization')];
  if (
    id === undefined ||
    release === undefined ||
    sessionManager === undefined ||
    timeoutMs === undefined ||
    forwardAuthorization === undefined
  )
    return undefined;
  return {
    id,
    release,
    sessionManager,
    timeoutMs,
    forwardAuthorization,
    ...(ca !== undefined && { ca }),
    ...(fingerprint !== undefined && { fingerprint }),
  };
}

function readCertificates(path: string): string | undefined {
  try {
    const pem = readFileSync(path, 'utf8');
    const certificates =
      pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates.length > 0 ? pem : undefined;
  } catch {
    return undefined;
  }
}
