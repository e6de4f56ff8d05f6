import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { makeAuthority } from '../support/certificates.ts';
import { vcenterDefaults } from '../support/config.ts';
import { temporaryFile } from '../support/files.ts';
import { failToStart } from '../support/process.ts';
import { startSubgraph, startVCenter } from '../support/subgraph.ts';

/** The vCenters of a configuration file, or the lines that name what is wrong with it. */
function read(yaml: string, environment: Record<string, string> = {}): unknown {
  const CONFIG_FILE = temporaryFile('vcenters.yaml', yaml);
  try {
    return readConfig({ CONFIG_FILE, ...environment }).vcenters;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return error.message.split('\n');
    throw error;
  }
}

test('CONFIG_FILE has every setting of a vCenter, with the defaults of the environment', async () => {
  const { certificate } = await makeAuthority('an authority');
  const CONFIG_FILE = temporaryFile(
    'vcenters.yaml',
    `# our vCenters
vcenters:
  - url: https://first.example.com
  - id: second
    url: https://second.example.com/vc
    release: auto
    sessionManager: ha-sessionmgr
    caFile: ca.pem
    timeoutMs: 2500
    forwardAuthorization: true
    keepAliveMs: 4000
    maxConnections: 8
    maxQueued: 0
    breakerFailures: 0
    breakerResetMs: "1000"
  - { id: third, url: "http://third.example.com", timeoutMs: "300", release: "8.0.3.0" }
`,
  );
  temporaryFile('ca.pem', certificate, join(CONFIG_FILE, '..'));
  expect(readConfig({ CONFIG_FILE }).vcenters).toEqual([
    { ...vcenterDefaults, url: new URL('https://first.example.com') },
    {
      id: 'second',
      url: new URL('https://second.example.com/vc'),
      release: 'auto',
      sessionManager: 'ha-sessionmgr',
      ca: certificate,
      caFile: join(CONFIG_FILE, '..', 'ca.pem'),
      timeoutMs: 2500,
      forwardAuthorization: true,
      keepAliveMs: 4000,
      maxConnections: 8,
      maxQueued: 0,
      breakerFailures: 0,
      breakerResetMs: 1000,
    },
    {
      ...vcenterDefaults,
      id: 'third',
      url: new URL('http://third.example.com'),
      timeoutMs: 300,
      release: '8.0.3.0',
    },
  ]);
});

test('CONFIG_FILE has defaults for settings that a vCenter leaves out', async () => {
  const { certificate } = await makeAuthority('an authority');
  const CONFIG_FILE = temporaryFile(
    'vcenters.yaml',
    `defaults:
  timeoutMs: 2500
  release: auto
  caFile: ca.pem
vcenters:
  - url: https://a
  - { id: b, url: "https://b", timeoutMs: 10000, maxQueued: 5 }
`,
  );
  const caFile = temporaryFile('ca.pem', certificate, join(CONFIG_FILE, '..'));
  const common = { ...vcenterDefaults, release: 'auto', ca: certificate, caFile };
  expect(readConfig({ CONFIG_FILE }).vcenters).toEqual([
    { ...common, url: new URL('https://a'), timeoutMs: 2500 },
    { ...common, id: 'b', url: new URL('https://b'), timeoutMs: 10_000, maxQueued: 5 },
  ]);
});

test('defaults of CONFIG_FILE do not apply to the vCenter of the environment', () => {
  const yaml = 'defaults: { timeoutMs: 5 }\nvcenters: [{ id: b, url: "https://b" }]';
  expect(read(yaml, { VCENTER_URL: 'https://env' })).toEqual([
    { ...vcenterDefaults, url: new URL('https://env') },
    { ...vcenterDefaults, id: 'b', url: new URL('https://b'), timeoutMs: 5 },
  ]);
});

test('CONFIG_FILE may have anchors and aliases', () => {
  expect(
    read(
      'vcenters:\n  - { id: a, url: "https://a", timeoutMs: &t 5 }\n  - { url: "https://b", timeoutMs: *t }\n',
    ),
  ).toEqual([
    { ...vcenterDefaults, id: 'a', url: new URL('https://a'), timeoutMs: 5 },
    { ...vcenterDefaults, url: new URL('https://b'), timeoutMs: 5 },
  ]);
});

test('CONFIG_FILE adds vCenters after that of the environment', () => {
  const yaml = 'vcenters: [{ id: b, url: "https://b" }, { id: a, url: "https://a" }]';
  expect(read(yaml, { VCENTER_URL: 'https://env', VCENTER_ID: 'env' })).toEqual([
    expect.objectContaining({ id: 'env' }),
    expect.objectContaining({ id: 'b' }),
    expect.objectContaining({ id: 'a' }),
  ]);
});

test('CONFIG_FILE may have 1 MiB, and is closed after it was read', () => {
  const vcenters = '{ vcenters: [{ url: "https://a" }] } #';
  const lowestFree = () => {
    const file = openSync('/dev/null', 'r');
    closeSync(file);
    return file;
  };
  const free = lowestFree();
  expect(read(vcenters.padEnd(1024 * 1024, '#'))).toEqual([
    { ...vcenterDefaults, url: new URL('https://a') },
  ]);
  expect(lowestFree()).toBe(free);
});

test('CONFIG_FILE is enough in production', () => {
  const CONFIG_FILE = temporaryFile('vcenters.yaml', 'vcenters: [{ url: "https://a" }]');
  const config = readConfig({ CONFIG_FILE, NODE_ENV: 'production' });
  expect(config.vcenters).toEqual([{ ...vcenterDefaults, url: new URL('https://a') }]);
  expect(config).not.toHaveProperty('simulated');
});

test('vCenters have the order of CONFIG_FILE', async () => {
  const { url } = await startVCenter();
  const list = ['zulu', 'alpha', 'mike'].map((id) => ({ id, url }));
  const CONFIG_FILE = temporaryFile('vcenters.yaml', JSON.stringify({ vcenters: list }));
  const subgraph = await startSubgraph({ CONFIG_FILE });
  expect((await subgraph.query('{ vcenters { id } }')).body).toEqual({
    data: { vcenters: [{ id: 'zulu' }, { id: 'alpha' }, { id: 'mike' }] },
  });
});

const known =
  'only id, url, release, sessionManager, caFile, fingerprint, timeoutMs, forwardAuthorization, keepAliveMs, maxConnections, maxQueued, breakerFailures, breakerResetMs';
const url =
  'an http or https URL without user name, query or fragment, for example https://vcenter.example.com';

describe('CONFIG_FILE: names the line of', () => {
  test.each<[what: string, yaml: string, problems: unknown[]]>([
    [
      'a wrong value',
      'vcenters:\n  - id: a\n    url: https://a\n  - id: B\n    url: https://b\n',
      ['vcenters.yaml:4: vcenters[1].id: expected 1 to 32 of a-z, 0-9 and -, received "B"'],
    ],
    [
      'a missing URL',
      'vcenters:\n  - id: a\n    url: https://a\n  - id: b\n',
      [`vcenters.yaml:4: vcenters[1].url is required: expected ${url}`],
    ],
    [
      'values of the wrong type',
      'vcenters:\n  - url: 17\n    id: 5\n    release: 8.0\n    timeoutMs: 1.5\n    forwardAuthorization: 1\n    caFile: [a]\n    sessionManager: null\n',
      [
        'vcenters.yaml:3: vcenters[0].id: expected 1 to 32 of a-z, 0-9 and -, received 5 (quote it: "5")',
        `vcenters.yaml:2: vcenters[0].url: expected ${url}, received 17`,
        'vcenters.yaml:4: vcenters[0].release: expected a release of the vSphere API such as 8.0.2.0, or auto, received 8',
        `vcenters.yaml:8: vcenters[0].sessionManager: expected a managed object's id such as SessionManager, received null`,
        'vcenters.yaml:7: vcenters[0].caFile: expected the path of a readable PEM file of at most 10 MiB with at least one certificate, received a list',
        'vcenters.yaml:5: vcenters[0].timeoutMs: expected a whole number of milliseconds from 1 to 600000, received 1.5',
        'vcenters.yaml:6: vcenters[0].forwardAuthorization: expected true or false, received 1',
      ],
    ],
    [
      'unknown keys',
      'vcenter: []\nvcenters:\n  - url: https://a\n    password: s3cret\n    verify: false\n',
      [
        `vcenters.yaml:4: vcenters[0]: expected ${known}, received "password"`,
        `vcenters.yaml:5: vcenters[0]: expected ${known}, received "verify"`,
        'vcenters.yaml:1: unknown key "vcenter", did you mean vcenters?',
      ],
    ],
    [
      'keys that are close to known ones',
      'vcenters:\n  - ulr: https://a\n    id: a\n    timeoutMS: 5\n    ca_file: x\n',
      [
        `vcenters.yaml:2: vcenters[0].url is required: expected ${url}`,
        'vcenters.yaml:2: vcenters[0]: unknown key "ulr", did you mean url?',
        'vcenters.yaml:4: vcenters[0]: unknown key "timeoutMS", did you mean timeoutMs?',
        'vcenters.yaml:5: vcenters[0]: unknown key "ca_file", did you mean caFile?',
      ],
    ],
    [
      'keys by as many letters as their length allows',
      'vcenters:\n  - url: https://a\n    mixQuouad: 1\n    fongrpront: 1\n',
      [
        `vcenters.yaml:3: vcenters[0]: expected ${known}, received "mixQuouad"`,
        'vcenters.yaml:4: vcenters[0]: unknown key "fongrpront", did you mean fingerprint?',
      ],
    ],
    [
      'an unknown key in a vCenter that is an alias',
      'defaults: &d { timeoutMs: 5, ids: a }\nvcenters:\n  - *d\n',
      [
        `vcenters.yaml:3: vcenters[0].url is required: expected ${url}`,
        'vcenters.yaml:3: vcenters[0]: unknown key "ids", did you mean id?',
        `vcenters.yaml:1: defaults: expected ${known.replace('id, url, ', '')}, received "ids"`,
      ],
    ],
    [
      'an id that is no text, twice',
      'vcenters:\n  - { id: 5, url: "https://a" }\n  - { id: 5, url: "https://b" }\n',
      [
        'vcenters.yaml:2: vcenters[0].id: expected 1 to 32 of a-z, 0-9 and -, received 5 (quote it: "5")',
        'vcenters.yaml:3: vcenters[1].id: expected 1 to 32 of a-z, 0-9 and -, received 5 (quote it: "5")',
      ],
    ],
    [
      'numbers and booleans where a text is expected',
      'vcenters:\n  - id: 12\n    url: https://a\n    sessionManager: true\n',
      [
        'vcenters.yaml:2: vcenters[0].id: expected 1 to 32 of a-z, 0-9 and -, received 12 (quote it: "12")',
        `vcenters.yaml:4: vcenters[0].sessionManager: expected a managed object's id such as SessionManager, received true (quote it: "true")`,
      ],
    ],
    [
      'defaults, once',
      'defaults:\n  timeoutMs: soon\n  id: a\n  maxQueud: 5\nvcenters:\n  - url: https://a\n  - { id: b, url: "https://b" }\n',
      [
        'vcenters.yaml:2: defaults.timeoutMs: expected a whole number of milliseconds from 1 to 600000, received "soon"',
        'vcenters.yaml:3: defaults: expected only release, sessionManager, caFile, fingerprint, timeoutMs, forwardAuthorization, keepAliveMs, maxConnections, maxQueued, breakerFailures, breakerResetMs, received "id"',
        'vcenters.yaml:4: defaults: unknown key "maxQueud", did you mean maxQueued?',
      ],
    ],
    [
      'defaults that are no map',
      'defaults: [a]\nvcenters:\n  - url: https://a\n',
      ["vcenters.yaml:1: defaults: expected defaults of vCenters' settings, received a list"],
    ],
    [
      'new names that cannot be used',
      'schemaRename:\n  Sesion: S\nvcenters:\n  - url: https://a\n',
      [
        'vcenters.yaml:2: schemaRename: expected one of Session, VCenter, DateTime, BigInt, Query.currentSession, Query.vcenter, Query.vcenters, Query.session, received "Sesion"',
      ],
    ],
    [
      'new names that are no map, without showing them',
      'schemaRename: ["https://jdoe:s3cret@a"]\nvcenters:\n  - url: https://a\n',
      ['vcenters.yaml:1: schemaRename: expected a map of names, received a list'],
    ],
    [
      'a map of new names that is in itself',
      'schemaRename: &a { Session: *a }\nvcenters:\n  - url: https://a\n',
      [
        'vcenters.yaml:1: schemaRename: expected a GraphQL name for Session that does not start with __, federation__ or link__, received a map',
      ],
    ],
    [
      'aliases that expand to more than can be resolved',
      `a: &a [x]\n${[...'bcdefghij'].map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[index]}`)}]`).join('\n')}\n`,
      ['vcenters.yaml:1: expected YAML of few aliases, received more than can be resolved'],
    ],
    [
      'an element that is no vCenter',
      'vcenters:\n  - url: https://a\n  - https://b\n',
      [`vcenters.yaml:3: vcenters[1]: expected a vCenter's settings, received "https://b"`],
    ],
    [
      'a text in the place of the list',
      '\nvcenters: https://a\n',
      ['vcenters.yaml:2: vcenters: expected a list of at least one vCenter, received "https://a"'],
    ],
    [
      'an ordered map in the place of the list',
      'vcenters: !!omap [{ id: a }]\n',
      ['vcenters.yaml:1: vcenters: expected a list of at least one vCenter, received a map'],
    ],
    [
      'a list that is in itself',
      'vcenters: &a [*a]\n',
      [
        expect.stringMatching(
          /^vcenters\.yaml:1: vcenters\[0\]: expected a vCenter's settings, received /,
        ),
      ],
    ],
    [
      'a map that is in itself',
      'vcenters:\n  - &a { id: a, url: *a }\n',
      [
        expect.stringMatching(
          /^vcenters\.yaml:2: vcenters\[0\]\.url: expected .*, received a map$/,
        ),
      ],
    ],
    [
      'a URL in the place of the list, without showing its password',
      'vcenters: "https://user:secret@host"\n',
      [
        'vcenters.yaml:1: vcenters: expected a list of at least one vCenter, received "https://[credentials]@host"',
      ],
    ],
    [
      'an empty list',
      'vcenters: []\n',
      [
        'vcenters.yaml:1: vcenters: expected a list of at least one vCenter, received an empty list',
      ],
    ],
    [
      'no list',
      '{}\n',
      [
        expect.stringMatching(
          /^vcenters.yaml:1: vcenters is required: expected a list of at least one vCenter$/,
        ),
      ],
    ],
    [
      'nothing',
      '',
      [expect.stringMatching(/^vcenters.yaml:1: expected a map with vcenters, received null$/)],
    ],
    [
      'a scalar',
      'https://a\n',
      [
        expect.stringMatching(
          /^vcenters.yaml:1: expected a map with vcenters, received "https:\/\/a"$/,
        ),
      ],
    ],
    [
      'text that is no YAML',
      'vcenters:\n  - id: a\n    url: [\n',
      [
        'vcenters.yaml:4: expected YAML, received Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
    [
      'a text without its closing quote, without showing it',
      "vcenters: 'a\n",
      ['vcenters.yaml:2: expected YAML, received Missing closing '],
    ],
    [
      'a tab',
      'vcenters:\n\t- id: a\n',
      ['vcenters.yaml:2: expected YAML, received Tabs are not allowed as indentation'],
    ],
    [
      'a key twice',
      'vcenters:\n  - id: a\n    url: https://a\n    id: b\n',
      ['vcenters.yaml:4: expected YAML, received Map keys must be unique'],
    ],
    [
      'a second document',
      'vcenters: [{ url: "https://a" }]\n---\nvcenters: []\n',
      [
        'vcenters.yaml:2: expected YAML, received Source contains multiple documents; please use YAML.parseAllDocuments()',
      ],
    ],
    [
      'an id twice',
      'vcenters:\n  - { id: a, url: "https://a" }\n  - { id: b, url: "https://b" }\n  - { id: a, url: "https://c" }\n',
      [
        expect.stringMatching(
          /^vcenters\.yaml:4: vcenters\[2\]\.id: expected an id that no other vCenter has, received "a"$/,
        ),
      ],
    ],
    [
      'an alias that is not defined',
      'vcenters:\n  - id: a\n    url: *nowhere\n',
      ['vcenters.yaml:3: expected an alias of an anchor before it, received one without'],
    ],
    [
      'a pin without TLS',
      `vcenters:\n  - url: http://a\n    fingerprint: "${Array(32).fill('AB').join(':')}"\n`,
      [
        'vcenters.yaml:3: vcenters[0].fingerprint: expected a vCenter whose URL is https, received "http://a/"',
      ],
    ],
    [
      'credentials, without showing them',
      'vcenters:\n  - url: https://jdoe:s3cret@a\n',
      [`vcenters.yaml:2: vcenters[0].url: expected ${url}, received "https://[credentials]@a"`],
    ],
  ])('%s', (_what, yaml, problems) => {
    expect(read(yaml)).toEqual(problems);
  });

  test('an id that the environment has too', () => {
    const yaml = 'vcenters:\n  - { id: a, url: "https://a" }\n';
    expect(read(yaml, { VCENTER_URL: 'https://env', VCENTER_ID: 'a' })).toEqual([
      expect.stringMatching(
        /^vcenters\.yaml:2: vcenters\[0\]\.id: expected an id that no other vCenter has, received "a"$/,
      ),
    ]);
  });

  test('the default id, where the environment has it too', () => {
    const yaml = 'vcenters:\n  - url: "https://a"\n  - { id: default, url: "https://b" }\n';
    const twice = (line: number, index: number) =>
      `vcenters.yaml:${line}: vcenters[${index}].id: expected an id that no other vCenter has, received "default"`;
    expect(read(yaml, { VCENTER_URL: 'https://env' })).toEqual([twice(2, 0), twice(3, 1)]);
    expect(read(yaml)).toEqual([twice(3, 1)]);
  });

  test('ends the process with code 1', async () => {
    const CONFIG_FILE = temporaryFile('vcenters.yaml', 'vcenters:\n  - id: a\n');
    expect(await failToStart({ CONFIG_FILE, PORT: '0' })).toEqual({
      exitCode: 1,
      output: `vcenters.yaml:2: vcenters[0].url is required: expected ${url}`,
    });
  });
});
