import type { Buffer } from 'node:buffer';
import type { SimulatedUser } from './state/users.ts';
import type { VapiNotAuthenticated, Vim25NotAuthenticated } from './state/vcenter.ts';

/** The options of a simulator. */
export interface SimulatorOptions {
  /** The address to listen on. Default: `127.0.0.1`. */
  host?: string;
  /** The port to listen on. Default: 0, any free port. */
  port?: number;
  /** Serves HTTPS with this certificate (with its chain) and key in PEM. Default: HTTP. */
  tls?: { key: string | Buffer; cert: string | Buffer };
  /**
   * A name of this vCenter. It is part of users' domains and of addresses, so that the sessions of several
   * simulators differ. Default: none; the SSO domain is then `vsphere.local`.
   */
  name?: string;
  /** The domain of user names without one. Default: `vsphere.local`, or `<name>.local` with a name. */
  ssoDomain?: string;
  /**
   * Whether each API has sessions of its own, as in 8.0 U1 and U2. Default: false, one login serves both APIs, as
   * since 8.0 U3.
   */
  separateSessions?: boolean;
  /**
   * The releases of the vSphere API that it serves, oldest first. Default: 8.0.1.0 and 8.0.2.0, and 8.0.3.0
   * unless sessions are separate. With 8.0.1.0 alone there is no `hello`.
   */
  releases?: readonly string[];
  /** The moId of the SessionManager. Default: `SessionManager`. */
  sessionManager?: string;
  /** Users with a password or privileges of their own. Default: none. */
  users?: readonly SimulatedUser[];
  /** Whether any other user can log in with the password `demo`. Default: true. */
  acceptAnyUser?: boolean;
  /** Whether the administrator has a session with the token `demo`, which never expires. Default: true. */
  demoSession?: boolean;
  /** The number of other users' sessions at the start; they never expire. Default: 0. */
  sessions?: number;
  /** Milliseconds without use after which a session expires. Default: 30 minutes. */
  idleMs?: number;
  /**
   * The number of sessions at which a login fails with 503: in all, or with separate sessions for each API and
   * user. Sessions that exist at the start, or are added, count, but never fail. Default: 3,000.
   */
  maxSessions?: number;
  /** The time in milliseconds since 1970. Default: `Date.now`. */
  clock?: () => number;
  /** The forms of the "not authenticated" response. Default: `null` for vim25, `error` for vAPI. */
  notAuthenticated?: { vim25?: Vim25NotAuthenticated; vapi?: VapiNotAuthenticated };
  /** The number of calls that the log keeps in full. Default: 5,000. */
  callsKept?: number;
  /** Whether the control API is served under `/simulator/`. Default: true. */
  control?: boolean;
  /** Milliseconds after which an idle connection is closed. Default: 120,000. */
  keepAliveMs?: number;
  /** Whether responses announce that time, in whole seconds, in a `Keep-Alive` header. Default: true. */
  keepAliveHint?: boolean;
}
