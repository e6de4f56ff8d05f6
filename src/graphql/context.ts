import { createLoaders } from '../loaders/loaders.ts';
import type { Turn } from '../loaders/turn.ts';
import { Budget } from '../resolvers/budget.ts';
import type { Context } from '../resolvers/context.ts';
import type { RequestCredentials } from '../vcenter/credentials.ts';
import type { VCenterRegistry } from '../vcenter/registry.ts';

/**
 * Creates the context of one request.
 *
 * @param turn - of its operation.
 * @param signal - cancels the calls of the request: its client has gone.
 */
export function createContext(
  vcenters: VCenterRegistry,
  credentials: RequestCredentials,
  turn: Turn,
  signal?: AbortSignal,
): Context {
  return {
    vcenters,
    loaders: createLoaders(credentials, turn, signal),
    budget: new Budget(),
    turn,
  };
}
