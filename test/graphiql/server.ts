import type { SimulatedUser, Simulator } from '../../src/simulator/index.ts';
import { type Subgraph, startSubgraph, startVCenter } from '../support/subgraph.ts';

/** What GraphiQL is tested on: the real server, and the simulator behind it. */
export interface Started {
  readonly server: Subgraph;
  readonly simulator: Simulator;
}

/** How it is started. */
export interface Start {
  /** Whether the server knows that a simulator is behind it. Default: true. */
  readonly simulator?: boolean;
  /** The users of the simulator, who are then the only ones. Default: any, with the password `demo`. */
  readonly users?: readonly SimulatedUser[];
  readonly environment?: Record<string, string>;
}

/** Starts the server with GraphiQL on, before a simulator of its own. Both close with the test. */
export async function startGraphiQL({
  simulator: isKnown = true,
  users,
  environment,
}: Start = {}): Promise<Started> {
  const simulator = await startVCenter(users && { users, acceptAnyUser: false });
  const server = await startSubgraph(
    { VCENTER_URL: simulator.url, GRAPHIQL: 'true', ...environment },
    isKnown ? { simulator: simulator.url } : {},
  );
  return { server, simulator };
}
