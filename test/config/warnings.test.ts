import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { startSubgraph } from '../support/subgraph.ts';

const url = 'https://vcenter.example.com';

describe('warns about a variable that is probably a misspelled setting', () => {
  test.each<[variable: string, probably?: string]>([
    ['ROUTER_SECRTE', 'ROUTER_SECRET'],
    ['GRAPHQL', 'GRAPHIQL'],
    ['VCENTER_URI', 'VCENTER_URL'],
    ['VCENTER_FINGERPRNT', 'VCENTER_FINGERPRINT'],
    ['vcenter_url', 'VCENTER_URL'],
    ['TLS_CERTFILE', 'TLS_CERT_FILE'],
    ['NODE_ENVV', 'NODE_ENV'],
    ['CONFIG_FIEL', 'CONFIG_FILE'],
    ['VCENTER_FOO'],
    ['VCENTER_OF_VCENTER_PORT'],
    ['ADMIM_PORD', 'ADMIN_PORT'],
    ['VCENTR_TIMEUT_MZ', 'VCENTER_TIMEOUT_MS'],
  ])('%s', (variable, probably) => {
    const unknownVariables = [{ variable, ...(probably !== undefined && { probably }) }];
    for (const environment of [{}, { VCENTER_URL: url }])
      expect(readConfig({ ...environment, [variable]: '1' })).toMatchObject({ unknownVariables });
  });

  test('except about variables of Kubernetes, of the shell and of OpenTelemetry', () => {
    const names = [
      ...['VCENTER_SERVICE_HOST', 'VCENTER_SERVICE_PORT', 'VCENTER_PORT', 'VCENTER_PORT_443_TCP'],
      ...['HOME', 'PATH', 'HOSTNAME', 'TERM', 'PWD', 'OLDPWD', 'LANG', 'USER', 'NODE_OPTIONS'],
      ...['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'OTEL_SERVICE_NAME', 'OTEL_LOG_LEVEL'],
    ];
    const environment = Object.fromEntries(names.map((name) => [name, 'x']));
    expect(readConfig({ ...environment, VCENTER_EMPTY: '' }).unknownVariables).toEqual([]);
  });

  test('unless it differs by more letters than names of its length may', () => {
    const environment = { VCENTR_TIMEUT_M: '1', ADMIM_HORD: '1', GRAFHIKL: '1' };
    expect(readConfig(environment).unknownVariables).toEqual([]);
  });

  test('in one line of the log each, without its value', async () => {
    const { log } = await startSubgraph({
      VCENTER_URL: url,
      VCENTER_FINGERPRNT: 'secret',
      VCENTER_FOO: 'secret',
    });
    const warnings = log.filter((line) => line.includes('"level":40'));
    const msg = 'this variable is not a setting, but its name is similar to one';
    expect(warnings.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        variable: 'VCENTER_FINGERPRNT',
        probably: 'VCENTER_FINGERPRINT',
        msg,
      }),
      expect.objectContaining({ variable: 'VCENTER_FOO', msg }),
    ]);
    expect(log.join('')).not.toContain('secret');
  });
});

test.each([
  ['http://vcenter.example.com', true],
  ['http://127.0.0.1:8989', false],
  ['https://vcenter.example.com', false],
])('warns about %s, to which tokens are sent in clear text: %s', async (address, warns) => {
  const { log } = await startSubgraph({ VCENTER_URL: address });
  const warning = {
    vcenter: 'default',
    msg: 'tokens are sent to this vCenter in clear text: its URL is not https',
  };
  expect(log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40)).toEqual(
    warns ? [expect.objectContaining(warning)] : [],
  );
});
