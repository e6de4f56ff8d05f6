import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { recipes } from './recipes.ts';

const FOLDER = new URL('../../examples/routers/', import.meta.url);
const YAML_FILES = Object.keys(recipes);
const TOKENS = ['vmware-api-session-id', 'vmware-vim25-session-id'];
const FORWARDED = [
  ...TOKENS,
  ...TOKENS.flatMap((token) => [`${token}-berlin`, `${token}-dc-2`, `${token}-${'x'.repeat(32)}`]),
  'accept-language',
];
const KEPT_BACK = [
  'authorization',
  'cookie',
  'x-router-secret',
  'vmware-api-session-identity',
  `vmware-api-session-id-${'x'.repeat(33)}`,
  'x-vmware-api-session-id',
];

/** The longest time of the subgraph: `hello`, then two calls in a row for a reference to another's session. */
const [vcenter] = readConfig({ VCENTER_URL: 'https://vcenter.example.com' }).vcenters;
const LONGEST_SECONDS = (3 * (vcenter?.timeoutMs ?? Number.NaN)) / 1000;

const DRAIN_SECONDS =
  readConfig({ VCENTER_URL: 'https://vcenter.example.com', NODE_ENV: 'production' }).drainMs / 1000;

it('has a test for every file in examples/routers', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    [
      ...YAML_FILES,
      'apollo-gateway.ts',
      'apollo-operator-subgraph.yaml',
      'cosmo-compose.yaml',
      'hive-gateway',
    ].sort(),
  );
});

describe.each(YAML_FILES)('%s', (file) => {
  const recipe = () => recipes[file]?.() ?? expect.unreachable();

  it('forwards the tokens and Accept-Language, and no other header', () => {
    const { names, patterns } = recipe();
    const forwards = (header: string) =>
      names.includes(header) || patterns.some((pattern) => pattern.test(header));
    expect([...FORWARDED, ...KEPT_BACK].filter(forwards)).toEqual(FORWARDED);
  });

  it('sends the secret of ROUTER_SECRET', () => {
    expect(recipe().secret).toEqual([
      'x-router-secret',
      expect.stringMatching(/\bROUTER_SECRET\b/),
    ]);
  });

  it('forwards the extensions of errors', () => {
    expect(recipe().extensions).toEqual(expect.arrayContaining(['code', 'vcenter', 'errorId']));
  });

  it('has a longer timeout than the subgraph', () => {
    expect(recipe().seconds).toBeGreaterThan(LONGEST_SECONDS);
  });

  it('keeps no idle connection until draining ends, where it can set that', () => {
    expect(recipe().idleSeconds ?? 0).toBeLessThan(DRAIN_SECONDS);
  });
});

/** Sends a client's headers through a recipe in TypeScript: what the subgraph of that name receives. */
type Send = (headers: Record<string, string>, subgraph: string) => Record<string, string>;

describe.each<[string, () => Promise<Send>]>([
  ['hive-gateway/gateway.config.ts', loadHiveGateway],
  ['apollo-gateway.ts', loadApolloGateway],
])('%s', (_, load) => {
  it('forwards the tokens and Accept-Language, and no other header', async () => {
    vi.stubEnv('ROUTER_SECRET', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const sent = Object.fromEntries([...FORWARDED, ...KEPT_BACK].map((name) => [name, 'a value']));
    const expected = Object.fromEntries(FORWARDED.map((name) => [name, 'a value']));
    expect((await load())(sent, 'vcenter-session')).toEqual(expected);
  });

  it('sends the secret of ROUTER_SECRET in the place of the client’s header', async () => {
    vi.stubEnv('ROUTER_SECRET', 'a-secret-of-both');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await load())({ 'x-router-secret': 'a-guess' }, 'vcenter-session')).toEqual({
      'x-router-secret': 'a-secret-of-both',
    });
  });
});

it('Hive Gateway forwards tokens and the secret to no other subgraph', async () => {
  vi.stubEnv('ROUTER_SECRET', 'a-secret-of-both');
  onTestFinished(() => void vi.unstubAllEnvs());
  const send = await loadHiveGateway();
  expect(send({ 'vmware-api-session-id': 'demo', 'accept-language': 'de' }, 'people')).toEqual({});
});

it('@apollo/gateway removes the address of the subgraph from errors, and forwards their extensions', async () => {
  const { formatError } = (await load('apollo-gateway.ts')) as {
    formatError(error: object): unknown;
  };
  const error = { message: '401: Unauthorized', path: ['currentSession'] };
  const extensions = { code: 'UNAUTHENTICATED', vcenter: { id: 'berlin', api: 'vapi' } };
  const response = { url: 'http://subgraph.invalid/graphql', status: 401, body: {} };
  expect(formatError({ ...error, extensions: { ...extensions, response } })).toEqual({
    ...error,
    extensions,
  });
});

async function loadHiveGateway(): Promise<Send> {
  const { gatewayConfig } = (await load('hive-gateway/gateway.config.ts')) as {
    gatewayConfig: {
      propagateHeaders: {
        fromClientToSubgraphs(payload: {
          request: Request;
          subgraphName: string;
        }): Record<string, string> | undefined;
      };
    };
  };
  return (headers, subgraphName) =>
    gatewayConfig.propagateHeaders.fromClientToSubgraphs({
      request: new Request('http://gateway.invalid/graphql', { headers }),
      subgraphName,
    }) ?? {};
}

async function loadApolloGateway(): Promise<Send> {
  const { willSendRequest } = (await load('apollo-gateway.ts')) as {
    willSendRequest(options: {
      request: { http: { headers: Headers } };
      context: { headers: Record<string, string> };
    }): void;
  };
  return (headers) => {
    const request = { http: { headers: new Headers() } };
    willSendRequest({ request, context: { headers } });
    return Object.fromEntries(request.http.headers);
  };
}

/** By its URL, since the packages that it has types from are the example's, not this one's. */
function load(file: string): Promise<unknown> {
  return import(new URL(file, FOLDER).href);
}
