import type { Company } from './company.ts';
import type { Router, RunningRouter, StartOptions } from './routers.ts';

/** What a check is run against: the company, and the router in front of it. */
export interface Target {
  readonly company: Company;
  readonly router: Router;
  /** Where the router serves GraphQL. */
  readonly url: string;
  /** Starts a second one of the same binary. */
  start(options: StartOptions): Promise<RunningRouter>;
}
