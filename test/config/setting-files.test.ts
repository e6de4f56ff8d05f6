import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { problemsOf } from '../support/config.ts';
import { temporaryFile } from '../support/files.ts';
import { failToStart } from '../support/process.ts';

const url = 'https://vcenter.example.com';
const mebibyte = 1024 * 1024;
const authorities =
  'the path of a readable PEM file of at most 10 MiB with at least one certificate';
const certificates =
  'the path of a readable PEM file of at most 1 MiB with at least one certificate';
const key = 'the path of a readable PEM file of at most 1 MiB with a private key';

let authority: Certificate;
let server: Certificate;
beforeAll(async () => {
  authority = await makeAuthority('an authority');
  server = await makeCertificate({ by: authority });
});

/** Settings without which another setting cannot be used. */
const companions = () => ({
  VCENTER_URL: url,
  TLS_CERT_FILE: temporaryFile('cert.pem', server.certificate),
  TLS_KEY_FILE: temporaryFile('key.pem', server.key),
});

/** A named pipe that nobody writes to. */
function namedPipe(): string {
  const path = join(dirname(temporaryFile('beside', '')), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

const settings: [name: string, expected: string, maxBytes: number][] = [
  ['CONFIG_FILE', 'the path of a readable YAML file of at most 1 MiB', mebibyte],
  ['VCENTER_CA_FILE', authorities, 10 * mebibyte],
  ['TLS_CLIENT_CA_FILE', authorities, 10 * mebibyte],
  ['TLS_CERT_FILE', certificates, mebibyte],
  ['TLS_KEY_FILE', key, mebibyte],
];

describe.each(settings)('%s', (name, expected, maxBytes) => {
  test.each<[what: string, file: () => string, hint: string]>([
    ['a file that is not there', () => '/does/not/exist', 'there is no such file'],
    [
      'a path through a file',
      () => join(temporaryFile('file', ''), 'beneath'),
      'it cannot be opened: ENOTDIR',
    ],
    ['a directory', () => '/', 'it is not a regular file'],
    ['a device', () => '/dev/zero', 'it is not a regular file'],
    ['a named pipe, without waiting for a writer', namedPipe, 'it is not a regular file'],
    [
      'a file that is too large',
      () => temporaryFile('large', ' '.repeat(maxBytes + 1)),
      `it is larger than ${maxBytes / mebibyte} MiB`,
    ],
  ])('rejects %s', (_what, makeFile, hint) => {
    const path = makeFile();
    expect(problemsOf({ ...companions(), [name]: path })).toEqual([
      `${name}: expected ${expected}, received ${JSON.stringify(path)} (${hint})`,
    ]);
  });
});

describe.each([
  ['VCENTER_CA_FILE', authorities],
  ['TLS_CERT_FILE', certificates],
  ['TLS_CLIENT_CA_FILE', authorities],
])('%s', (name, expected) => {
  test.each([
    ['', 'it has no certificate'],
    ['not PEM', 'it has no certificate'],
    [
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'it has a certificate that cannot be read',
    ],
  ])('rejects a file with %j', (content, hint) => {
    const path = temporaryFile('file.pem', content);
    expect(problemsOf({ ...companions(), [name]: path })).toEqual([
      `${name}: expected ${expected}, received ${JSON.stringify(path)} (${hint})`,
    ]);
  });
});

test('VCENTER_CA_FILE gives the content and the absolute path of the file', () => {
  const caFile = temporaryFile('ca.pem', authority.certificate);
  expect(readConfig({ VCENTER_URL: url, VCENTER_CA_FILE: caFile }).vcenters).toEqual([
    expect.objectContaining({ ca: authority.certificate, caFile }),
  ]);
});

describe('HTTPS', () => {
  const files = (own: Certificate = server) => ({
    TLS_CERT_FILE: temporaryFile('cert.pem', own.certificate),
    TLS_KEY_FILE: temporaryFile('key.pem', server.key),
  });

  test('has a certificate, a key and the authority of clients', () => {
    const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = files();
    const clientCaFile = temporaryFile('ca.pem', authority.certificate);
    const environment = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
    expect(readConfig(environment).tls).toEqual({ certFile, keyFile });
    expect(readConfig({ ...environment, TLS_CLIENT_CA_FILE: clientCaFile }).tls).toEqual({
      certFile,
      keyFile,
      clientCaFile,
    });
  });

  test('is rejected where the certificate or the key is missing', () => {
    const { TLS_CERT_FILE, TLS_KEY_FILE } = files();
    const TLS_CLIENT_CA_FILE = temporaryFile('ca.pem', authority.certificate);
    expect([{ TLS_CERT_FILE }, { TLS_KEY_FILE }, { TLS_CLIENT_CA_FILE }].map(problemsOf)).toEqual([
      ['TLS_KEY_FILE is required: expected the key of TLS_CERT_FILE'],
      ['TLS_CERT_FILE is required: expected the certificate of TLS_KEY_FILE'],
      ['TLS_CERT_FILE is required: expected a certificate where TLS_CLIENT_CA_FILE is set'],
    ]);
  });

  test('is rejected for each problem at once', () => {
    expect(problemsOf({ TLS_KEY_FILE: '/', ADMIN_HOST: '::1', PORT: '-1' })).toEqual([
      'PORT: expected a whole number from 0 to 65535, received "-1"',
      `TLS_KEY_FILE: expected ${key}, received "/" (it is not a regular file)`,
      'TLS_CERT_FILE is required: expected the certificate of TLS_KEY_FILE',
      'ADMIN_PORT is required: expected a port where ADMIN_HOST is set',
    ]);
  });

  test("is rejected where the key is another certificate's", () => {
    const environment = files(authority);
    expect(problemsOf(environment)).toEqual([
      `TLS_KEY_FILE: expected the private key of the certificate in TLS_CERT_FILE, received ${JSON.stringify(environment.TLS_KEY_FILE)}`,
    ]);
  });

  test('is rejected where the key cannot be read, without showing it', () => {
    const text = server.key.replaceAll(/\n(?!-)/g, '\n-');
    const path = temporaryFile('key.pem', text);
    const line = (received: string, hint: string) =>
      `TLS_KEY_FILE: expected ${key}, received ${received} (${hint})`;
    expect(problemsOf({ ...files(), TLS_KEY_FILE: path })).toEqual([
      line(JSON.stringify(path), 'it has no private key that can be read without a passphrase'),
    ]);
    expect(problemsOf({ ...files(), TLS_KEY_FILE: server.key })).toEqual([
      line('"-----BEGIN[PEM]"', 'there is no such file'),
    ]);
  });
});

test('a named pipe as CONFIG_FILE ends the process with code 1', async () => {
  const CONFIG_FILE = namedPipe();
  expect(await failToStart({ CONFIG_FILE, PORT: '0' })).toEqual({
    exitCode: 1,
    output: `CONFIG_FILE: expected the path of a readable YAML file of at most 1 MiB, received "${CONFIG_FILE}" (it is not a regular file)`,
  });
});
