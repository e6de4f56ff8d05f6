import type { Buffer } from 'node:buffer';
import type { SimulatedUser } from './state/users.ts';
import type { VapiNotAuthenticated, Vim25NotAuthenticated } from './state/vcenter.ts';

/** What a simulator is started with. Everything has a default. */
export interface SimulatorOptions {
  /** Where it listens. Default: `127.0.0.1`. */
  host?: string;
  /** Default: 0, any free port. */
  port?: number;
  /** Makes it HTTPS: PEM texts of the certificate (with its chain) and of its key. */
  tls?: { key: string | Buffer; cert: string | Buffer };
  /**
   * A name for this vCenter. It shows in users' domains and in addresses, so that sessions of several simulators
   * can be told apart. Default: none; the SSO domain is then `vsphere.local`.
   */
  name?: string;
  /** The domain of users who name none. Default: `vsphere.local`, or `<name>.local` with a name. */
  ssoDomain?: string;
  /**
   * Whether each API keeps sessions of its own, as in 8.0 U1 and U2. Default: false, one login serves both, as
   * from 8.0 U3 on.
   */
  separateSessions?: boolean;
  /**
   * The releases that it answers to, oldest first. Default: 8.0.1.0 and 8.0.2.0, and 8.0.3.0 unless sessions are
   * separate. With 8.0.1.0 alone there is no `hello`.
   */
  releases?: readonly string[];
  /** The moId of the SessionManager. Default: `SessionManager`. */
  sessionManager?: string;
  /** Users with a password or privileges of their own. Default: none. */
  users?: readonly SimulatedUser[];
  /** Whether any other user name is let in with the password `demo`. Default: true. */
  acceptAnyUser?: boolean;
  /** Whether the token `demo`, a session of the administrator's that never expires, is known. Default: true. */
  demoSession?: boolean;
  /** How many sessions of other people are there from the start; they never expire. Default: 0. */
  sessions?: number;
  /** Milliseconds without use until a session ends. Default: 30 minutes. */
  idleMs?: number;
  /**
   * Beyond how many sessions a login is refused with 503: in all, or with separate sessions for each API and
   * user. Sessions that are there from the start, or added, count, but are not refused. Default: 3,000.
   */
  maxSessions?: number;
  /** The time in milliseconds since 1970. Default: `Date.now`. */
  clock?: () => number;
  /** How it says that nobody is logged on. Default: `null` for vim25, `error` for vAPI. */
  notAuthenticated?: { vim25?: Vim25NotAuthenticated; vapi?: VapiNotAuthenticated };
  /** How many of the latest calls are kept whole. Default: 5,000. */
  callsKept?: number;
  /** Whether faults and calls can be reached over HTTP, under `/simulator/`. Default: true. */
  control?: boolean;
}
