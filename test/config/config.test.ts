import { describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../../src/config/config.ts';
import { collect } from '../../src/config/config-error.ts';
import { variables } from '../../src/config/environment.ts';
import { problemsOf, vcenterDefaults } from '../support/config.ts';
import { temporaryFile } from '../support/files.ts';
import { failToStart } from '../support/process.ts';
import { startVCenter } from '../support/subgraph.ts';

const url = 'https://vcenter.example.com';

test('every setting has a default', () => {
  expect(readConfig({})).toEqual({
    vcenters: [],
    simulated: vcenterDefaults,
    host: '127.0.0.1',
    port: 4001,
    graphiql: true,
    logLevel: 'info',
    production: false,
    drainMs: 0,
    schemaRename: new Map(),
    federatedTraces: false,
    unknownVariables: [],
  });
});

test('treats a variable that is set to nothing as not set', () => {
  expect(variables).toHaveLength(28);
  expect(readConfig(Object.fromEntries(variables.map((name) => [name, ''])))).toEqual(
    readConfig({}),
  );
});

test('an error that is not about a setting is thrown as it is', () => {
  const error = new TypeError('a bug');
  const read = () => {
    throw error;
  };
  expect(() => collect(read)).toThrow(error);
});

const pin = Array(32).fill('AB').join(':');

describe('accepts', () => {
  test.each<[name: string, value: string, setting: Partial<Config>]>([
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['HOST', '::1', { host: '::1' }],
    ['HOST', 'localhost', { host: 'localhost' }],
    ['PORT', '0', { port: 0 }],
    ['PORT', '65535', { port: 65_535 }],
    ['GRAPHIQL', 'true', { graphiql: true }],
    ['GRAPHIQL', 'false', { graphiql: false }],
    ['NODE_ENV', 'production', { graphiql: false, production: true, drainMs: 5000 }],
    ['NODE_ENV', 'development', { graphiql: true, production: false, drainMs: 0 }],
    ['DRAIN_MS', '0', { drainMs: 0 }],
    ['DRAIN_MS', '600000', { drainMs: 600_000 }],
    ['FEDERATED_TRACES', 'true', { federatedTraces: true }],
    ['FEDERATED_TRACES', 'false', { federatedTraces: false }],
    ['ADMIN_PORT', '9090', { admin: { host: '127.0.0.1', port: 9090 } }],
    ['ADMIN_PORT', '0', { admin: { host: '127.0.0.1', port: 0 } }],
    ['SCHEMA_RENAME', 'Session=S', { schemaRename: new Map([['Session', 'S']]) }],
    ['ROUTER_SECRET', '12345678', { routerSecret: '12345678' }],
    ['ROUTER_SECRET', '~'.repeat(256), { routerSecret: '~'.repeat(256) }],
    ...(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const).map(
      (logLevel): [string, string, Partial<Config>] => ['LOG_LEVEL', logLevel, { logLevel }],
    ),
  ])('%s=%s', (name, value, setting) => {
    expect(readConfig({ VCENTER_URL: url, [name]: value })).toMatchObject(setting);
  });

  test.each<[name: string, value: string, setting: object]>([
    ['VCENTER_URL', 'http://[2001:db8::1]:8080', { url: new URL('http://[2001:db8::1]:8080/') }],
    ['VCENTER_URL', 'https://proxy/vc/one/', { url: new URL('https://proxy/vc/one/') }],
    ['VCENTER_ID', 'a', { id: 'a' }],
    ['VCENTER_ID', '-0-'.repeat(10), { id: '-0-'.repeat(10) }],
    ['VCENTER_RELEASE', '8.0.1.0', { release: '8.0.1.0' }],
    ['VCENTER_RELEASE', '9.1.0.0', { release: '9.1.0.0' }],
    ['VCENTER_RELEASE', 'auto', { release: 'auto' }],
    ['VCENTER_SESSION_MANAGER', 'ha-sessionmgr', { sessionManager: 'ha-sessionmgr' }],
    ['VCENTER_FINGERPRINT', pin, { fingerprint: pin }],
    ['VCENTER_FINGERPRINT', pin.toLowerCase(), { fingerprint: pin }],
    ['VCENTER_FINGERPRINT', `sha256 Fingerprint=${pin}`, { fingerprint: pin }],
    ['VCENTER_TIMEOUT_MS', '1', { timeoutMs: 1 }],
    ['VCENTER_TIMEOUT_MS', '600000', { timeoutMs: 600_000 }],
    ['VCENTER_FORWARD_AUTHORIZATION', 'true', { forwardAuthorization: true }],
    ['VCENTER_KEEP_ALIVE_MS', '1', { keepAliveMs: 1 }],
    ['VCENTER_MAX_CONNECTIONS', '1000', { maxConnections: 1000 }],
    ['VCENTER_MAX_QUEUED', '0', { maxQueued: 0 }],
    ['VCENTER_BREAKER_FAILURES', '0', { breakerFailures: 0 }],
    ['VCENTER_BREAKER_RESET_MS', '600000', { breakerResetMs: 600_000 }],
  ])('%s=%s', (name, value, setting) => {
    const { vcenters } = readConfig({ VCENTER_URL: url, [name]: value });
    expect(vcenters).toEqual([expect.objectContaining(setting)]);
  });
});

const expectations = {
  VCENTER_URL:
    'an http or https URL without user name, query or fragment, for example https://vcenter.example.com',
  VCENTER_ID: '1 to 32 of a-z, 0-9 and -',
  VCENTER_RELEASE: 'a release of the vSphere API such as 8.0.2.0, or auto',
  VCENTER_SESSION_MANAGER: "a managed object's id such as SessionManager",
  VCENTER_FINGERPRINT:
    'a SHA-256 fingerprint as openssl x509 -fingerprint -sha256 prints it: 32 pairs AA:BB:…',
  VCENTER_TIMEOUT_MS: 'a whole number of milliseconds from 1 to 600000',
  VCENTER_FORWARD_AUTHORIZATION: 'true or false',
  HOST: 'a host name or an address to listen on',
  PORT: 'a whole number from 0 to 65535',
  GRAPHIQL: 'true or false',
  VCENTER_KEEP_ALIVE_MS: 'a whole number of milliseconds from 1 to 600000',
  VCENTER_MAX_CONNECTIONS: 'a whole number from 1 to 1000',
  VCENTER_MAX_QUEUED: 'a whole number from 0 to 100000',
  VCENTER_BREAKER_FAILURES: 'a whole number from 0 to 1000',
  VCENTER_BREAKER_RESET_MS: 'a whole number of milliseconds from 1 to 600000',
  ADMIN_HOST: 'a host name or an address to listen on',
  ADMIN_PORT: 'a whole number from 0 to 65535',
  FEDERATED_TRACES: 'true or false',
  DRAIN_MS: 'a whole number of milliseconds from 0 to 600000',
  LOG_LEVEL: 'one of trace, debug, info, warn, error, fatal, silent',
};

describe('names a wrong setting, what was expected and what was received', () => {
  test.each<[name: keyof typeof expectations, ...values: string[]]>([
    [
      'VCENTER_URL',
      'vcenter.example.com',
      'ftp://vcenter',
      'https://',
      'https:vc:x',
      'https://vc/?',
    ],
    ['VCENTER_URL', 'https://vc/#', 'file:///etc', 'xhttps://vc', 'https://vc:99999', ' '],
    ['VCENTER_ID', 'Default', 'a_b', 'a.b', 'x'.repeat(33), 'ä', 'a b', 'a\n'],
    ['VCENTER_RELEASE', '8', 'v8.0.2.0', '8.0.2.0/..', 'Auto', '8..0', 'latest'],
    ['VCENTER_SESSION_MANAGER', 'a/b', '..', '../x', 'a b', 'x'.repeat(65), 'a%2Fb'],
    [
      'VCENTER_FINGERPRINT',
      'AB:CD',
      pin.slice(3),
      pin.replaceAll(':', ''),
      `${pin}:AB`,
      `md5=${pin}`,
    ],
    ['VCENTER_TIMEOUT_MS', '0', '600001', '-1', '1.5', '1e3', '10s', 'Infinity', '0x10'],
    ['VCENTER_FORWARD_AUTHORIZATION', 'yes', '1', 'TRUE'],
    ['HOST', 'a b', 'http://localhost', 'x'.repeat(256)],
    ['PORT', '65536', '-1', '80a', '4001.5', ' 4001'],
    ['GRAPHIQL', 'on', '0', 'True'],
    ['LOG_LEVEL', 'verbose', 'INFO', 'warning'],
    ['VCENTER_KEEP_ALIVE_MS', '0', '600001', '1m'],
    ['VCENTER_MAX_CONNECTIONS', '0', '1001', 'many'],
    ['VCENTER_MAX_QUEUED', '-1', '100001', '1.5'],
    ['VCENTER_BREAKER_FAILURES', '-1', '1001', 'off'],
    ['VCENTER_BREAKER_RESET_MS', '0', '600001', '5s'],
    ['ADMIN_HOST', 'a b', 'http://localhost'],
    ['ADMIN_PORT', '65536', 'tcp://10.0.0.1:80'],
    ['FEDERATED_TRACES', 'ftv1', '1'],
    ['DRAIN_MS', '-1', '600001', '5s'],
  ])('%s', (name, ...values) => {
    const shown = (value: string) =>
      JSON.stringify(value).slice(0, 100) + (JSON.stringify(value).length > 100 ? '…' : '');
    const environment = { VCENTER_URL: url, ADMIN_PORT: '0' };
    expect(values.map((value) => problemsOf({ ...environment, [name]: value }))).toEqual(
      values.map((value) => [`${name}: expected ${expectations[name]}, received ${shown(value)}`]),
    );
  });

  test('ROUTER_SECRET, without showing it', () => {
    const values = ['1234567', '~'.repeat(257), 'a secret with blanks', 'sécrètement'];
    const line =
      'ROUTER_SECRET: expected 8 to 256 visible ASCII characters, received a value that is not shown';
    expect(values.map((value) => problemsOf({ ROUTER_SECRET: value }))).toEqual(
      values.map(() => [line]),
    );
  });

  test.each([
    ['https://jdoe:s3cret@vcenter.example.com', '"https://[credentials]@vcenter.example.com"'],
    ['https://jdoe:s3cret@', '"https://[credentials]@"'],
    ['https://:s3cret@vcenter', '"https://[credentials]@vcenter"'],
    ['https://s3cret@vcenter', '"https://[credentials]@vcenter"'],
    ['ftp://jdoe:s3cret@vcenter', '"ftp://[credentials]@vcenter"'],
    ['https://jdoe:s3/cret@vcenter', '"https://[credentials]@vcenter"'],
    ['https:jdoe:s3cret@vcenter', '"[credentials]@vcenter"'],
    ['jdoe:s3cret@vcenter', '"[credentials]@vcenter"'],
    ['https:\\\\jdoe:s3cret@vcenter', '"[credentials]@vcenter"'],
    ['https://jdoe:s3@cret@vcenter', '"https://[credentials]@vcenter"'],
    ['https://jdoe:s3"cret@vcenter', '"https://[credentials]@vcenter"'],
    ['https://vcenter:s3cret', '"https://vcenter:[credentials]"'],
    ['https://vcenter:443s3cret/path', '"https://vcenter:[credentials]"'],
    ['ftp://vcenter:443', '"ftp://vcenter:443"'],
    ['ftp://vcenter:443/path', '"ftp://vcenter:443/path"'],
    ['https://vcenter?password=s3cret', '"https://vcenter?[query]"'],
    ['https://vcenter/#s3cret', '"https://vcenter/#[fragment]"'],
    ['-----BEGIN PRIVATE KEY-----\ns3cret', '"-----BEGIN[PEM]"'],
    ['v'.repeat(98), `"${'v'.repeat(98)}"`],
    ['v'.repeat(99), `"${'v'.repeat(99)}…`],
  ])('VCENTER_URL=%s as %s', (value, received) => {
    expect(problemsOf({ VCENTER_URL: value })).toEqual([
      `VCENTER_URL: expected ${expectations.VCENTER_URL}, received ${received}`,
    ]);
  });

  test('each of the process, of a vCenter and of the file at once', () => {
    const settings = { PORT: 'x', GRAPHIQL: 'x', VCENTER_URL: 'x', VCENTER_RELEASE: 'x' };
    const names = ['PORT', 'GRAPHIQL', 'VCENTER_URL', 'VCENTER_RELEASE'] as const;
    expect(problemsOf({ ...settings, CONFIG_FILE: temporaryFile('vcenters.yaml', '7') })).toEqual([
      ...names.map((name) => `${name}: expected ${expectations[name]}, received "x"`),
      'vcenters.yaml:1: expected a map with vcenters, received 7',
    ]);
  });

  test('a pin or an authority where there is no TLS to check', () => {
    const environment = { VCENTER_URL: 'http://vc', VCENTER_FINGERPRINT: pin };
    const conflict =
      'VCENTER_FINGERPRINT: expected a vCenter whose URL is https, received "http://vc/"';
    expect(problemsOf(environment)).toEqual([conflict]);
    expect(problemsOf({ ...environment, VCENTER_ID: 'A' })).toEqual([
      `VCENTER_ID: expected ${expectations.VCENTER_ID}, received "A"`,
      conflict,
    ]);
    expect(problemsOf({ ...environment, VCENTER_FINGERPRINT: 'AB' })).toEqual([
      `VCENTER_FINGERPRINT: expected ${expectations.VCENTER_FINGERPRINT}, received "AB"`,
    ]);
  });

  test('settings of the admin port that cannot be used together', () => {
    expect([{ ADMIN_HOST: '::1' }, { ADMIN_PORT: '4001' }].map(problemsOf)).toEqual([
      ['ADMIN_PORT is required: expected a port where ADMIN_HOST is set'],
      ['ADMIN_PORT: expected another port than PORT, received 4001'],
    ]);
    expect(problemsOf({ ADMIN_HOST: 'a b', ADMIN_PORT: '4001' })).toEqual([
      `ADMIN_HOST: expected ${expectations.ADMIN_HOST}, received "a b"`,
    ]);
    expect(problemsOf({ PORT: 'x', ADMIN_PORT: 'x' })).toEqual([
      `PORT: expected ${expectations.PORT}, received "x"`,
      `ADMIN_PORT: expected ${expectations.ADMIN_PORT}, received "x"`,
    ]);
    expect(problemsOf({ HOST: 'a b', ADMIN_HOST: 'a b', ADMIN_PORT: '4001' })).toEqual([
      `HOST: expected ${expectations.HOST}, received "a b"`,
      `ADMIN_HOST: expected ${expectations.ADMIN_HOST}, received "a b"`,
    ]);
    const admin = { host: '::1', port: 4001 };
    expect(readConfig({ ADMIN_HOST: '::1', ADMIN_PORT: '4001' })).toMatchObject({ admin });
    expect(problemsOf({ PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });

  test('VCENTER_URL where it is missing in production', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      'VCENTER_URL is required: expected the URL of a vCenter, or CONFIG_FILE, where NODE_ENV is production',
    ]);
  });

  test('settings of a vCenter, in simulator mode too', () => {
    expect(problemsOf({ VCENTER_TIMEOUT_MS: 'soon' })).toEqual([
      `VCENTER_TIMEOUT_MS: expected ${expectations.VCENTER_TIMEOUT_MS}, received "soon"`,
    ]);
  });
});

describe('ends the process with code 1', () => {
  test('and one line for each wrong setting', async () => {
    const output = (['PORT', 'VCENTER_URL'] as const)
      .map((name) => `${name}: expected ${expectations[name]}, received "x"`)
      .join('\n');
    expect(await failToStart({ PORT: 'x', VCENTER_URL: 'x' })).toEqual({ exitCode: 1, output });
  });

  test.each([
    ['PORT', {}],
    ['ADMIN_PORT', { PORT: '0' }],
    ['ADMIN_PORT', { PORT: '0', HOST: 'localhost' }],
  ])('where the port of %s is in use beside %j', async (name, environment) => {
    const { port } = new URL((await startVCenter()).url);
    const { exitCode, output } = await failToStart({ ...environment, [name]: port });
    expect(exitCode).toBe(1);
    expect(output.split('\n').at(-1)).toBe(
      `${name}: expected a port that is free, and that this user may listen on, received ${port} (listen EADDRINUSE: address already in use 127.0.0.1:${port})`,
    );
  });

  test.each([
    ['HOST', {}, 'host.invalid', /\(getaddrinfo \w+ host\.invalid\)$/],
    ['HOST', {}, '192.0.2.1', /\(listen EADDRNOTAVAIL: .*\)$/],
    ['ADMIN_HOST', { ADMIN_PORT: '0' }, 'host.invalid', /\(getaddrinfo \w+ host\.invalid\)$/],
    ['ADMIN_HOST', { ADMIN_PORT: '0' }, '192.0.2.1', /\(listen EADDRNOTAVAIL: .*\)$/],
  ])('where %s beside %j is %s', async (name, environment, host, reason) => {
    const { exitCode, output } = await failToStart({ PORT: '0', ...environment, [name]: host });
    expect(exitCode).toBe(1);
    const line = output.split('\n').at(-1);
    expect(line).toContain(
      `${name}: expected a host name or an address of this machine, received "${host}" (`,
    );
    expect(line).toMatch(reason);
  });
});

test('rejects the settings of a vCenter whose URL is missing beside CONFIG_FILE', () => {
  const CONFIG_FILE = temporaryFile('vcenters.yaml', `vcenters: [{ id: a, url: ${url} }]`);
  expect(problemsOf({ CONFIG_FILE, VCENTER_MAX_QUEUED: '5' })).toEqual([
    'VCENTER_MAX_QUEUED: expected VCENTER_URL beside it (the vCenters of CONFIG_FILE have their settings there), received no VCENTER_URL',
  ]);
  expect(readConfig({ CONFIG_FILE, VCENTER_URL: url, VCENTER_ID: 'b' }).vcenters).toHaveLength(2);
});
