import { vi } from 'vitest';
import type { TurnBounds } from '../../src/loaders/turn-queue.ts';
import type { Barrier, Simulator } from '../../src/simulator/index.ts';
import { requestError } from './errors.ts';
import {
  type GraphQLHttpResponse,
  type Subgraph,
  startSubgraph,
  startVCenter,
  token,
} from './subgraph.ts';

/** The demo session and those of 2,999 others. */
export const many = { sessions: 2999 };

/** Reads a long list. */
export const expensive = '{ vcenter(id: "default") { sessions { key userName } } }';

/** Reads a long list, and has its turn when vAPI is called. */
export const expensiveWithCall =
  '{ vcenter(id: "default") { sessions { key vcenter { currentSession { createdTime } } } } }';

/** So many fields of a VCenter that an operation is expensive. They need one call of vAPI. */
export const manyFields = Array.from(
  { length: 300 },
  (_, i) => `a${i}: currentSession { user }`,
).join(' ');

/** The vCenter, the subgraph, and an operation that has the only turn. */
export interface TurnTaken {
  readonly vcenter: Simulator;
  readonly subgraph: Subgraph;
  /** The turn ends soon after the barrier is cancelled. */
  readonly barrier: Barrier;
  readonly first: Promise<GraphQLHttpResponse>;
}

/** Starts the subgraph with an operation that has the only turn, until the barrier is cancelled. */
export async function startWithTurnTaken(bounds: Partial<TurnBounds>): Promise<TurnTaken> {
  const vcenter = await startVCenter(many);
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { maxTurns: 1, ...bounds } },
  );
  const barrier = vcenter.barrier({ api: 'vapi', count: 1000, giveUpAfterMs: 15_000 });
  const first = subgraph.query(expensiveWithCall, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  return { vcenter, subgraph, barrier, first };
}

/** The body of the response to an operation that did not have its turn. */
export function refusal(message: unknown): unknown {
  return requestError('SERVICE_UNAVAILABLE', message);
}

export function statusesOf(responses: readonly GraphQLHttpResponse[]): number[] {
  return responses.map(({ status }) => status).sort();
}

/** Sends cheap operations, one after the other. */
export async function sendCheap(subgraph: Subgraph, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { status } = await subgraph.query('{ vcenters { id } }');
    if (status !== 200) throw new Error(`a cheap operation got ${status}`);
  }
}

/** Reads the list of all sessions from a simulator, as JSON. */
export async function readSessionList({ url }: Simulator): Promise<string> {
  const path = '/sdk/vim25/8.0.2.0/SessionManager/SessionManager/sessionList';
  return (await fetch(url + path, { headers: token('demo') })).text();
}

/** Has a simulator respond with a list of sessions, once. */
export function respondWithList(vcenter: Simulator, body: string): void {
  const headers = { 'content-type': 'application/json' };
  vcenter.injectFault({ operation: 'sessionList', response: { body, headers }, times: 1 });
}
