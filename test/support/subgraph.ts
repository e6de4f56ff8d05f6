import { onTestFinished } from 'vitest';
import { type Server, type ServerOptions, startServer } from '../../src/server.ts';
import { readSettings } from '../../src/settings/settings.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/simulator.ts';

/** A GraphQL answer over HTTP, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The subgraph under test. */
export interface Subgraph extends Server {
  /** The log lines so far. */
  readonly log: readonly string[];
  /** Asks over HTTP. */
  ask(
    query: string,
    headers?: Record<string, string>,
    variables?: Record<string, unknown>,
  ): Promise<Answer>;
}

/** Starts the subgraph as a process would with this environment, on a free port; it closes with the test. */
export async function startSubgraph(
  environment: Record<string, string>,
  options: Partial<ServerOptions> = {},
): Promise<Subgraph> {
  const log: string[] = [];
  const { simulated: _, ...settings } = readSettings({
    PORT: '0',
    GRAPHIQL: 'false',
    ...environment,
  });
  const server = await startServer({
    ...settings,
    logTo: { write: (line) => void log.push(line) },
    ...options,
  });
  onTestFinished(() => server.close());
  return {
    ...server,
    log,
    ask: (query, headers, variables) => ask(`${server.url}/graphql`, query, headers, variables),
  };
}

/** Asks a GraphQL endpoint over HTTP. */
export async function ask(
  url: string,
  query: string,
  headers: Record<string, string> = {},
  variables?: Record<string, unknown>,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Starts a simulator that closes with the test. */
export async function startVCenter(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

/** The header that carries a token to the first configured vCenter. */
export function token(value: string): Record<string, string> {
  return { 'vmware-api-session-id': value };
}
