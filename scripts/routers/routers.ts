import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { parseDocument, stringify } from 'yaml';
import { freePort } from './balancer.ts';
import type { SubgraphInSupergraph } from './company.ts';

const run = promisify(execFile);
const RECIPES = new URL('../../examples/routers/', import.meta.url);

/** A router that runs with its recipe. */
export interface RunningRouter extends AsyncDisposable {
  /** Where it serves GraphQL. */
  readonly url: string;
}

/** A setting in a router's YAML file. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A router whose binary may be on this machine. */
export interface Router {
  readonly name: string;
  /** The environment variable with the path of its binary. */
  readonly variable: string;
  /** How to get it. */
  readonly install: string;
  /** What makes it compress its requests, where it can. */
  readonly compression?: Setting;
  /** The path of an error of the first login's session. Default: with its index. */
  readonly entityErrorPath?: readonly string[];
  /** What a number of 30 digits in `vcenter.error.data` becomes. Default: it stays as it is. */
  readonly roundedNumber?: string;
  /** The secrets with which it does not start; `undefined` where the variable is missing. Default: none. */
  readonly unusableSecrets?: readonly (string | undefined)[];
  /** What makes it send HTTP/2 in clear, where it can. */
  readonly http2?: Setting;
  version(binary: string): Promise<string>;
  /** @throws RouterStartError where it does not become ready. */
  start(binary: string, options: StartOptions): Promise<RunningRouter>;
}

/** What a router is started with. */
export interface StartOptions {
  readonly subgraphs: readonly SubgraphInSupergraph[];
  /** Its `ROUTER_SECRET`. Default: the variable is missing. */
  readonly secret?: string | undefined;
  /** In addition to the recipe. */
  readonly setting?: Setting | undefined;
}

/** A router that ended, or did not become ready in time. The message has the end of its output. */
export class RouterStartError extends Error {}

interface Launch {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
  /** Responds with 200 once the router serves. */
  readonly health: string;
}

/** The routers that `examples/routers` has YAML recipes for. */
export const routers: readonly Router[] = [
  {
    name: 'Apollo Router',
    variable: 'APOLLO_ROUTER',
    roundedNumber: '1.2345678901234568e+29',
    unusableSecrets: [undefined, '12345678', '0x1234567', '12345e67', '0b101010', '0o123456'],
    install: 'download a release of apollographql/router, or: cargo install apollo-router --locked',
    version: printedVersion,
    compression: {
      path: ['traffic_shaping', 'subgraphs', 'vcenter-session', 'compression'],
      value: 'gzip',
    },
    http2: {
      path: ['traffic_shaping', 'subgraphs', 'vcenter-session', 'experimental_http2'],
      value: 'http2only',
    },
    start: (binary, { subgraphs, secret, setting }) =>
      startRouter(binary, secret, async (folder) => {
        const [port, healthPort] = [await freePort(), await freePort()];
        const result = composeWithApollo(subgraphs.map(toService));
        if (result.errors) throw new AggregateError(result.errors, 'composition failed');
        const supergraph = join(folder, 'supergraph.graphql');
        await writeFile(supergraph, result.supergraphSdl);
        const config = await writeRecipe('apollo-router.yaml', folder, [
          { path: ['supergraph', 'listen'], value: `127.0.0.1:${port}` },
          { path: ['health_check', 'listen'], value: `127.0.0.1:${healthPort}` },
          ...(setting ? [setting] : []),
        ]);
        return {
          args: ['--config', config, '--supergraph', supergraph],
          environment: { APOLLO_TELEMETRY_DISABLED: 'true' },
          url: `http://127.0.0.1:${port}/`,
          health: `http://127.0.0.1:${healthPort}/health?ready`,
        };
      }),
  },
  {
    name: 'Hive Router',
    variable: 'HIVE_ROUTER',
    roundedNumber: '1.2345678901234568e+29',
    unusableSecrets: [undefined],
    compression: {
      path: ['traffic_shaping', 'subgraphs', 'vcenter-session', 'compression'],
      value: { request: { enabled: true } },
    },
    install: 'download a release of graphql-hive/router, or: cargo install hive-router --locked',
    version: async (binary) => (await crateVersion(binary)) ?? 'of an unknown version',
    http2: {
      path: ['traffic_shaping', 'subgraphs', 'vcenter-session', 'allow_only_http2'],
      value: true,
    },
    start: (binary, { subgraphs, secret, setting }) =>
      startRouter(binary, secret, async (folder) => {
        const port = await freePort();
        const result = composeWithTheGuild(subgraphs.map(toService));
        if (result.errors) throw new AggregateError(result.errors, 'composition failed');
        await writeFile(join(folder, 'supergraph.graphql'), result.supergraphSdl ?? '');
        const config = await writeRecipe('hive-router.config.yaml', folder, [
          { path: ['http'], value: { host: '127.0.0.1', port } },
          ...(setting ? [setting] : []),
        ]);
        return {
          args: [],
          environment: { ROUTER_CONFIG_FILE_PATH: config },
          url: `http://127.0.0.1:${port}/graphql`,
          health: `http://127.0.0.1:${port}/readiness`,
        };
      }),
  },
  {
    name: 'Cosmo Router',
    variable: 'COSMO_ROUTER',
    entityErrorPath: ['logins', '@', 'session', 'user'],
    unusableSecrets: [undefined, 'a-"quoted"-secret', 'a\\backslash'],
    install:
      'download a release of wundergraph/cosmo; wgc (npm install --global wgc) must be on the PATH',
    version: printedVersion,
    start: (binary, { subgraphs, secret, setting }) =>
      startRouter(binary, secret, async (folder) => {
        const port = await freePort();
        const services = await Promise.all(
          subgraphs.map(async ({ name, url, sdl }) => {
            await writeFile(join(folder, `${name}.graphql`), sdl);
            return { name, routing_url: url, schema: { file: `./${name}.graphql` } };
          }),
        );
        const compose = join(folder, 'compose.yaml');
        await writeFile(compose, stringify({ version: 1, subgraphs: services }));
        const out = join(folder, 'execution-config.json');
        await run('wgc', ['router', 'compose', '--input', compose, '--out', out]);
        const config = await writeRecipe('cosmo-router.config.yaml', folder, [
          { path: ['listen_addr'], value: `127.0.0.1:${port}` },
          { path: ['telemetry', 'metrics', 'prometheus', 'enabled'], value: false },
          ...(setting ? [setting] : []),
        ]);
        return {
          args: [],
          environment: { CONFIG_PATH: config, GRAPHQL_METRICS_ENABLED: 'false' },
          url: `http://127.0.0.1:${port}/graphql`,
          health: `http://127.0.0.1:${port}/health/ready`,
        };
      }),
  },
];

async function startRouter(
  binary: string,
  secret: string | undefined,
  prepare: (folder: string) => Promise<Launch>,
): Promise<RunningRouter> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'router-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { args, environment, url, health } = await prepare(folder);
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(binary, args, {
    cwd: folder,
    env: {
      PATH,
      HOME,
      TMPDIR,
      ...(secret !== undefined && { ROUTER_SECRET: secret }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk).slice(-4000);
    });
  stack.defer(() => stop(child));
  if (!(await isReady(health, child)))
    throw new RouterStartError(`the router did not start: ${output}`);
  const all = stack.move();
  return { url, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.kill();
  await exit;
  clearTimeout(timer);
}

/** The recipe as it is, with addresses of the test's own. */
async function writeRecipe(
  name: string,
  folder: string,
  settings: readonly Setting[],
): Promise<string> {
  const recipe = parseDocument(await readFile(new URL(name, RECIPES), 'utf8'));
  for (const { path, value } of settings) recipe.setIn(path, recipe.createNode(value));
  const path = join(folder, name);
  await writeFile(path, recipe.toString());
  return path;
}

async function printedVersion(binary: string): Promise<string> {
  const { stdout, stderr } = await run(binary, ['--version']);
  return /\d+\.\d+\.\d+\S*/.exec(stdout + stderr)?.[0] ?? 'of an unknown version';
}

/** Hive Router has no option for it. Cargo writes it beside what it installed. */
async function crateVersion(binary: string): Promise<string | undefined> {
  const installed = await readFile(join(binary, '..', '..', '.crates.toml'), 'utf8').catch(
    () => process.env['HIVE_ROUTER_VERSION'] ?? '',
  );
  return /\d+\.\d+\.\d+\S*/.exec(installed)?.[0];
}

function toService({ name, url, sdl }: SubgraphInSupergraph) {
  return { name, url, typeDefs: parse(sdl) };
}
