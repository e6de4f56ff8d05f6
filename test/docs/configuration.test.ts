import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../../src/config/config.ts';
import { processSettings, variableOf } from '../../src/config/environment.ts';
import { vcenterSettingNames } from '../../src/config/vcenter-config.ts';
import { makeAuthority } from '../support/certificates.ts';
import { problemsOf } from '../support/config.ts';
import { temporaryFile } from '../support/files.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

/** The first three cells of each row that starts with a variable. */
const rows = [...page.matchAll(/^\| `([A-Z_]+)` *\| *(.*?) *\| (.*?) *\|.+\|$/gm)]
  .map(([, variable = '', key = '', value = '']) => [variable, key, value])
  .filter(([variable], index, all) => all.findIndex(([name]) => name === variable) === index);

/** The code blocks of one language. */
function blocks(language: string): string[] {
  return [...page.matchAll(/```(\w+)\n([^`]+)```/g)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

const code = (value: unknown) => (value === undefined ? 'none' : `\`${String(value)}\``);

test('has a row for every setting, with its name in the file and its default', () => {
  const { simulated, ...config } = readConfig({});
  const production = readConfig({ NODE_ENV: 'production', VCENTER_URL: 'https://vcenter' });
  const both = (name: 'graphiql' | 'drainMs') =>
    `${code(config[name])}, in production ${code(production[name])}`;
  const defaults: Record<keyof typeof processSettings, unknown> = {
    HOST: code(config.host),
    PORT: code(config.port),
    TLS_CERT_FILE: code(config.tls),
    TLS_KEY_FILE: code(config.tls),
    TLS_CLIENT_CA_FILE: code(config.tls),
    ADMIN_HOST: code(config.admin),
    ADMIN_PORT: code(config.admin),
    GRAPHIQL: both('graphiql'),
    ROUTER_SECRET: code(config.routerSecret),
    SCHEMA_RENAME: code(config.schemaRename.size === 0 ? undefined : config.schemaRename),
    FEDERATED_TRACES: code(config.federatedTraces),
    DRAIN_MS: both('drainMs'),
    LOG_LEVEL: code(config.logLevel),
  };
  const ofVCenter: Readonly<Record<string, unknown>> = { ...simulated };
  const expected = [
    ['CONFIG_FILE', '', 'none'],
    ['NODE_ENV', '', 'none'],
    ...vcenterSettingNames.map((name) => [
      variableOf(name),
      `\`${name}\``,
      name === 'caFile' ? "the system's" : code(ofVCenter[name]),
    ]),
    ...Object.entries(defaults).map(([name, value]) => [
      name,
      name === 'SCHEMA_RENAME' ? '`schemaRename`' : '',
      value,
    ]),
  ];
  expect(rows.toSorted()).toEqual(expected.toSorted());
  expect(Object.keys(defaults)).toEqual(Object.keys(processSettings));
});

describe('has examples that can be used:', () => {
  let certificate: string;
  beforeAll(async () => {
    ({ certificate } = await makeAuthority('an authority'));
  });

  /** Reads a file whose `caFile`, where it has one, is beside it. */
  function readFile(yaml: string): Config {
    const CONFIG_FILE = temporaryFile('vcenters.yaml', yaml);
    for (const [, name = ''] of yaml.matchAll(/caFile: (.+)/g))
      temporaryFile(name, certificate, dirname(CONFIG_FILE));
    return readConfig({ CONFIG_FILE });
  }

  /** Reads variables whose `VCENTER_CA_FILE`, where they have one, is in another directory. */
  function readVariables(text: string): Config {
    const environment = Object.fromEntries(
      [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value = '']) => [
        name,
        name === 'VCENTER_CA_FILE' ? relative('.', temporaryFile(value, certificate)) : value,
      ]),
    );
    return readConfig(environment);
  }

  test('the same vCenter by variables and by the file', () => {
    const [variables = ''] = blocks('sh');
    const [file = ''] = blocks('yaml');
    const caFile = expect.stringMatching(/\/berlin-ca\.pem$/);
    const [berlin] = readFile(file).vcenters;
    expect(berlin).toMatchObject({ id: 'berlin', timeoutMs: 5000, ca: certificate });
    expect(readVariables(variables).vcenters).toEqual([{ ...berlin, caFile }]);
  });

  test('a file with defaults and new names', () => {
    const { vcenters, schemaRename } = readFile(blocks('yaml')[1] ?? '');
    expect(vcenters).toMatchObject([
      { id: 'berlin', timeoutMs: 5000, release: 'auto', ca: certificate },
      { id: '2', timeoutMs: 20_000, release: 'auto', maxConnections: 16 },
    ]);
    const text = /SCHEMA_RENAME=(\S+)`/.exec(page)?.[1] ?? '';
    expect(readConfig({ SCHEMA_RENAME: text }).schemaRename).toEqual(schemaRename);
    expect(schemaRename.size).toBe(2);
  });

  test('production', () => {
    expect(readVariables(blocks('sh')[1] ?? '')).toMatchObject({
      production: true,
      admin: { host: '0.0.0.0', port: 9090 },
      unknownVariables: [],
    });
  });

  test('messages', () => {
    const yaml = 'vcenters:\n  - id: a\n    url: https://a\n  - id: b\n    timeoutMS: 5\n';
    const CONFIG_FILE = temporaryFile('vcenters.yaml', yaml);
    expect(problemsOf({ PORT: 'http', CONFIG_FILE })).toEqual(
      blocks('text')[0]?.trim().split('\n'),
    );
  });
});
