import type { Api } from './apis/routes.ts';
import type { Barrier, BarrierOptions } from './faults/barrier.ts';
import type { Fault } from './faults/fault.ts';
import type { InjectedFault } from './faults/registry.ts';
import type { Call, CallFilter } from './http/call-log.ts';
import type { JsonObject } from './http/json.ts';
import { listen } from './http/server.ts';
import type { SimulatorOptions } from './options.ts';
import { SimulatorCore } from './request-handler.ts';
import { addressIn } from './state/seed.ts';
import { bothApis, type Session } from './state/sessions.ts';
import type { VapiNotAuthenticated, Vim25NotAuthenticated } from './state/vcenter.ts';

export type { Api, Operation, VapiOperation, Vim25Operation } from './apis/routes.ts';
export { vapiErrorTypes } from './apis/vapi-errors.ts';
export type { Barrier, BarrierOptions } from './faults/barrier.ts';
export type { Fault, RequestFilter, VapiErrorFault, Vim25FaultSpec } from './faults/fault.ts';
export type { InjectedFault } from './faults/registry.ts';
export type { Call, CallFilter } from './http/call-log.ts';
export type { JsonObject, JsonValue } from './http/json.ts';
export type { SimulatorOptions } from './options.ts';
export { demoToken } from './state/seed.ts';
export type { SimulatedUser } from './state/users.ts';
export {
  type VapiNotAuthenticated,
  type Vim25NotAuthenticated,
  vapiNotAuthenticatedForms,
  vim25NotAuthenticatedForms,
} from './state/vcenter.ts';

/** A session to add. */
export interface AddedSession {
  /** Default: a random one. Replaces a session that has this token. */
  token?: string;
  /** The user's name, in any spelling. Default: the SSO domain's administrator. */
  user?: string;
  /** The privileges of the session. Default: those of the user. */
  privileges?: readonly string[];
  /** `key` in vim25. Default: a random one. */
  key?: string;
  /** The APIs that have the session. Default: both. */
  apis?: readonly Api[];
  /** Default: false. */
  neverExpires?: boolean;
  /**
   * Properties that replace those of the UserSession: any value, such as a bigint for `callCount`; `undefined`
   * removes the property. They do not change with use.
   */
  vim25?: JsonObject;
  /** The same for the Session_Info of vAPI. */
  vapi?: JsonObject;
}

/** A session as both APIs would return it; reading it here does not change it. */
export interface SessionView {
  readonly token: string;
  readonly key: string;
  readonly user: string;
  readonly userName: string;
  /** The UserSession; undefined where vim25 does not have the session. */
  readonly vim25: JsonObject | undefined;
  /** The Session_Info; undefined where vAPI does not have the session. */
  readonly vapi: JsonObject | undefined;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** Its base URL, without a trailing slash. */
  readonly url: string;
  /** The latest calls, oldest first, with tokens in clear. */
  readonly calls: readonly Call[];
  /** TCP connections: since the start, and open now. */
  readonly connections: { readonly accepted: number; readonly open: number };
  /** The number of calls since the start or the last `clearCalls()`, those no longer in `calls` included. */
  callCount(filter?: CallFilter): number;
  clearCalls(): void;
  /**
   * Injects a fault. Where several faults match a request, the oldest applies, until its `times` are used up.
   * Throws a TypeError where the fault is not valid.
   */
  injectFault(fault: Fault): InjectedFault;
  /** Ends all faults and opens all barriers. */
  clearFaults(): void;
  /** Holds responses back until `count` matching requests have arrived. */
  barrier(options: BarrierOptions): Barrier;
  addSession(session?: AddedSession): SessionView;
  /** Ends a session, as if it had expired, in both APIs or in one. */
  endSession(token: string, api?: Api): void;
  /** The live session with this token. */
  sessionFor(token: string): SessionView | undefined;
  /** Changes the forms of the "not authenticated" response; a form that is left out stays. */
  setNotAuthenticated(forms: { vim25?: Vim25NotAuthenticated; vapi?: VapiNotAuthenticated }): void;
  /** Closes the connections that have no request in flight. */
  closeIdleConnections(): void;
  /** Stops listening and closes every connection, those with a request in flight too. May be called again. */
  close(): Promise<void>;
}

/** The address of the first added session, beyond those of the sessions at the start. */
const firstAddedHost = 0x8000;

/** Starts a simulated vCenter. Rejects with Node.js's own error, such as `EADDRINUSE`, where it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const core = new SimulatorCore(options);
  const { calls, faults, barriers } = core;
  const { sessions, users, notAuthenticated } = core.vcenter;
  const server = await listen(options, (request, response) => core.handle(request, response));
  let added = 0;

  function clearFaults(): void {
    faults.clear();
    barriers.clear();
  }

  function close(): Promise<void> {
    clearFaults();
    return server.close();
  }

  function view({ token, key, principal: { user, userName } }: Session): SessionView {
    const vim25 = sessions.find('vim25', token)?.userSession();
    const vapi = sessions.find('vapi', token)?.sessionInfo();
    return { token, key, user, userName, vim25, vapi };
  }

  return {
    url: server.url,
    get calls() {
      return calls.latest();
    },
    get connections() {
      return server.connections();
    },
    callCount: (filter = {}) => calls.count(filter),
    clearCalls: () => calls.clear(),
    injectFault: (fault) => faults.inject(fault),
    clearFaults,
    barrier: (barrier) => barriers.create(barrier),
    addSession({ apis = bothApis, user, privileges, ...seed } = {}) {
      added += 1;
      const principal = user === undefined ? users.administrator() : users.principal(user);
      const session = sessions.add(apis, {
        ...seed,
        principal: privileges ? { ...principal, privileges: new Set(privileges) } : principal,
        ipAddress: addressIn(options.name, firstAddedHost + added),
        userAgent: 'simulator',
      });
      return view(session);
    },
    endSession: (token, api) => sessions.forget(token, api),
    sessionFor(token) {
      const session = sessions.find('vim25', token) ?? sessions.find('vapi', token);
      return session && view(session);
    },
    setNotAuthenticated: (forms) => void Object.assign(notAuthenticated, forms),
    closeIdleConnections: () => server.closeIdleConnections(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
