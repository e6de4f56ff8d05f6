import type { VCenter } from '../vcenter/vcenter.ts';

/** What GraphiQL needs to know of the server that it is part of. */
export interface GraphiQLOptions {
  /** The configured vCenters, in the order of the settings: those that a user can sign in to. */
  readonly vcenters: readonly VCenter[];
  /**
   * Whether the embedded simulator stands in for the vCenters. The page then fills in its token `demo`, and
   * says which password it takes. Default: false.
   */
  readonly simulator?: boolean;
  /** How often one client address may try to sign in, per minute. Default: 10. */
  readonly loginsPerMinute?: number;
}
