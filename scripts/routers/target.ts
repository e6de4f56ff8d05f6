import type { Company } from './company.ts';

/** What a check is run against: the company, and the router in front of it. */
export interface Target {
  readonly company: Company;
  /** Where the router serves GraphQL. */
  readonly url: string;
}
