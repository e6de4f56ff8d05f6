import type { Loaders } from '../loaders/loaders.ts';
import type { Turn } from '../loaders/turn.ts';
import type { VCenterRegistry } from '../vcenter/registry.ts';
import type { Budget } from './budget.ts';

/** What resolvers work with. It is created for each request and does not outlive it. */
export interface Context {
  readonly vcenters: VCenterRegistry;
  readonly loaders: Loaders;
  /** What the operation may still resolve. */
  readonly budget: Budget;
  /** Its turn among expensive operations. */
  readonly turn: Turn;
}
