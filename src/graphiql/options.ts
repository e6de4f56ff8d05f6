import type { VCenter } from '../vcenter/vcenter.ts';

/** What GraphiQL needs to know of the server that it is part of. */
export interface GraphiQLOptions {
  /** The configured vCenters, in the order of the settings: those that a user can log in to. */
  readonly vcenters: readonly VCenter[];
  /**
   * Whether the embedded simulator is used. The page then fills in its token `demo`, and shows its password.
   * Default: false.
   */
  readonly simulator?: boolean;
  /**
   * Whether the server listens on a loopback address. Then logins must come to a loopback name, since any site
   * can make a name of its own resolve to this machine. Default: false.
   */
  readonly loopback?: boolean;
  /** The secret that logins need in `x-router-secret`. Default: none. */
  readonly routerSecret?: string | undefined;
  /** New names of types and root fields, for the page's example queries. Default: none. */
  readonly schemaRename?: ReadonlyMap<string, string>;
  /** How often one client address may try to log in, per minute. Default: 10. */
  readonly loginsPerMinute?: number;
}
