import { createPrivateKey, X509Certificate } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';

const mebibyte = 1024 * 1024;

/** The largest file that a setting may name, in bytes. */
export const maxFileBytes = mebibyte;

/** The largest file of certificate authorities, in bytes: the bundles of systems are larger than one file of ours. */
export const maxAuthoritiesBytes = 10 * mebibyte;

/**
 * Reads a file that a setting names.
 *
 * @throws Error whose message is why it cannot be used, without its content.
 */
export function readRegularFile(path: string, maxBytes: number): string {
  let file: number;
  try {
    // Without O_NONBLOCK, opening a named pipe waits until somebody writes to it.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? 'there is no such file' : `it cannot be opened: ${code}`);
  }
  try {
    if (!fstatSync(file).isFile()) throw new Error('it is not a regular file');
    return readUpTo(file, maxBytes).toString('utf8');
  } finally {
    closeSync(file);
  }
}

function readUpTo(file: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks);
    total += read;
    if (total > maxBytes) throw new Error(`it is larger than ${maxBytes / mebibyte} MiB`);
    chunks.push(chunk.subarray(0, read));
  }
}

/** A file that a setting names, with its content. */
export interface SettingFile {
  readonly path: string;
  readonly content: string;
}

/**
 * The path of a file, which is read.
 *
 * @param check - throws an Error whose message is why the content cannot be used.
 */
export function fileSchema(
  maxBytes: number,
  check: (content: string) => void,
): z.ZodType<SettingFile> {
  return z.string().transform((path, context) => {
    try {
      const content = readRegularFile(path, maxBytes);
      check(content);
      return { path, content };
    } catch (error) {
      const hint = error instanceof Error ? error.message : undefined;
      context.addIssue({ code: 'custom', params: { hint } });
      return z.NEVER;
    }
  });
}

/** Whether a text has at least one certificate, and only certificates that can be read. */
export function checkCertificates(pem: string): void {
  const certificates =
    pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new Error('it has no certificate');
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new Error('it has a certificate that cannot be read');
    }
  }
}

/** Whether a text is a private key that needs no passphrase. */
export function checkPrivateKey(pem: string): void {
  try {
    createPrivateKey(pem);
  } catch {
    throw new Error('it has no private key that can be read without a passphrase');
  }
}

/** Whether a certificate is that of a private key. Both are PEM that was checked. */
export function isPair(certificate: string, key: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
}
