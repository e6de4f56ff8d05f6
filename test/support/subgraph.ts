import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { type Server, type ServerOptions, startServer } from '../../src/http/server.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/index.ts';
import type { VCenterOptions } from '../../src/vcenter/vcenter.ts';
import { temporaryFile } from './files.ts';

/** A whole GraphQL response over HTTP. */
export interface GraphQLHttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** The body as received, for what parsing loses. */
  readonly text: string;
}

/** The subgraph under test. */
export interface Subgraph extends Server {
  /** The log lines so far. */
  readonly log: readonly string[];
  /** Sends a query over HTTP. */
  query(
    query: string,
    headers?: Record<string, string>,
    variables?: Record<string, unknown>,
  ): Promise<GraphQLHttpResponse>;
}

/**
 * Starts the subgraph as a process would with this environment, on a free port; it closes with the test.
 *
 * @param vcenterOptions - options of each vCenter that replace the environment's.
 */
export async function startSubgraph(
  environment: Record<string, string>,
  options: Partial<ServerOptions> = {},
  vcenterOptions: Partial<VCenterOptions> = {},
): Promise<Subgraph> {
  const log: string[] = [];
  const { simulated: _, ...settings } = readConfig({
    PORT: '0',
    GRAPHIQL: 'false',
    ...environment,
  });
  const server = await startServer({
    ...settings,
    vcenters: settings.vcenters.map((vcenter) => ({ ...vcenter, ...vcenterOptions })),
    logTo: { write: (line) => void log.push(line) },
    ...options,
  });
  onTestFinished(() => server.close());
  return {
    ...server,
    log,
    query: (query, headers, variables) =>
      postQuery(`${server.url}/graphql`, query, headers, variables),
  };
}

/** Sends a query to a GraphQL endpoint over HTTP. */
export async function postQuery(
  url: string,
  query: string,
  headers: Record<string, string> = {},
  variables?: Record<string, unknown>,
): Promise<GraphQLHttpResponse> {
  return post(url, JSON.stringify({ query, variables }), headers);
}

/** Sends any body to an endpoint that returns JSON. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<GraphQLHttpResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text) as unknown,
    text,
  };
}

/** Starts a simulator that closes with the test. */
export async function startVCenter(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Starts the subgraph before one simulator. */
export async function startWithSimulator(
  options?: SimulatorOptions,
  environment: Record<string, string> = {},
  vcenterOptions: Partial<VCenterOptions> = {},
): Promise<{ vcenter: Simulator; subgraph: Subgraph }> {
  const vcenter = await startVCenter(options);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url, ...environment },
    {},
    vcenterOptions,
  );
  return { vcenter, subgraph };
}

/**
 * Starts the subgraph before several simulators, each configured under its name, in this order.
 *
 * @param settings - further settings of each in the configuration file.
 */
export function startWithSimulators(
  vcenters: Readonly<Record<string, { readonly url: string }>>,
  settings: (id: string) => Readonly<Record<string, unknown>> = () => ({}),
  environment: Record<string, string> = {},
): Promise<Subgraph> {
  const list = Object.entries(vcenters).map(([id, { url }]) => ({ id, url, ...settings(id) }));
  const file = temporaryFile('vcenters.yaml', JSON.stringify({ vcenters: list }));
  return startSubgraph({ CONFIG_FILE: file, ...environment });
}

/** The calls that reached a vCenter, as `<api> <operation>`, sorted: two at once have no order. */
export function callsTo({ calls }: Simulator): string[] {
  return calls.map(({ api, operation }) => `${api} ${operation}`).sort();
}

/** The header that carries a token to the first configured vCenter. */
export function token(value: string): Record<string, string> {
  return { 'vmware-api-session-id': value };
}
