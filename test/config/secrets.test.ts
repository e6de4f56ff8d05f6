import { describe, expect, test } from 'vitest';
import { variables } from '../../src/config/environment.ts';
import { vcenterSettingNames } from '../../src/config/vcenter-config.ts';
import { problemsOf } from '../support/config.ts';
import { temporaryFile } from '../support/files.ts';
import fc from '../support/property.ts';

const secret = 's3cretPassw0rd';
const label = fc.stringMatching(/^[a-z0-9.-]{0,8}$/);

/** A secret of at least some sort as users misplace it: in URLs, well-formed or not, and as PEM. */
const withSecret = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('https://', 'http://', 'ftp://', '//', 'https:', ''),
      label,
      label,
      label,
    )
    .map(([scheme, user, host, path]) => `${scheme}${user}:${secret}@${host}/${path}`),
  fc
    .tuple(label, fc.constantFrom('?', '?a=', '#', '/?x&password='))
    .map(([host, before]) => `https://${host}${before}${secret}`),
  fc.tuple(label, label).map(([user, host]) => `https://${user}${secret}@${host}`),
  label.map((text) => `-----BEGIN PRIVATE KEY-----\n${text}${secret}\n-----END PRIVATE KEY-----`),
);

describe('no message shows a secret', () => {
  test('of a variable', () => {
    fc.assert(
      fc.property(fc.constantFrom(...variables), withSecret, (name, value) => {
        const environment = { VCENTER_URL: 'https://vcenter.example.com', [name]: value };
        expect(problemsOf(environment).join('\n')).not.toContain(secret);
      }),
      { numRuns: 3000 },
    );
  });

  test('of ROUTER_SECRET, whatever it is', () => {
    const wrong = fc
      .tuple(fc.string(), fc.constantFrom(' ', 'é', '\n', '\u0000'), fc.string())
      .map(([before, blank, after]) => `${before}${secret}${blank}${after}`);
    const line =
      'ROUTER_SECRET: expected 8 to 256 visible ASCII characters, received a value that is not shown';
    fc.assert(
      fc.property(wrong, (value) => {
        expect(problemsOf({ ROUTER_SECRET: value })).toEqual([line]);
      }),
    );
  });

  test('of the file', () => {
    const settings = ['vcenters', 'schemaRename', 'defaults', ...vcenterSettingNames];
    const key = fc.oneof(fc.constantFrom(...settings), withSecret);
    fc.assert(
      fc.property(key, withSecret, fc.integer({ min: 0, max: 2 }), (name, value, depth) => {
        const own = { url: 'https://vcenter.example.com' };
        const file = [
          { vcenters: [own], [name]: value },
          { vcenters: [{ ...own, [name]: value }] },
          { vcenters: [own], defaults: { [name]: value } },
        ][depth];
        const CONFIG_FILE = temporaryFile('vcenters.yaml', JSON.stringify(file));
        expect(problemsOf({ CONFIG_FILE }).join('\n')).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  test('of a file that is no YAML', () => {
    const broken = fc.constantFrom(
      (text: string) => `vcenters: "${text}`,
      (text: string) => `vcenters: [${text}`,
      (text: string) => `vcenters: *${text}`,
      (text: string) => `vcenters: !${text} x`,
      (text: string) => `%${text}\n---\nvcenters: []`,
      (text: string) => `"a" "${text}"`,
      (text: string) => `a: &${text} 1\n&${text} &${text}`,
      (text: string) => `${text}: 1\n${text}: 2`,
      (text: string) => `a: |${text}`,
      (text: string) => `a: "\\x${text}"`,
    );
    fc.assert(
      fc.property(broken, fc.oneof(withSecret, fc.constant(secret)), (breakYaml, text) => {
        const CONFIG_FILE = temporaryFile('vcenters.yaml', breakYaml(text));
        expect(problemsOf({ CONFIG_FILE }).join('\n')).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});
