import type { Api } from './apis/routes.ts';
import type { Barrier, BarrierOptions } from './faults/barrier.ts';
import type { Fault } from './faults/fault.ts';
import type { InjectedFault } from './faults/registry.ts';
import type { Call, CallFilter } from './http/call-log.ts';
import type { JsonObject } from './http/json.ts';
import { HttpServer } from './http/server.ts';
import type { SimulatorOptions } from './options.ts';
import { SimulatorCore } from './request-handler.ts';
import { addressIn } from './state/seed.ts';
import type { Session } from './state/sessions.ts';
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

/** Starts a simulated vCenter. Rejects with Node.js's own error, such as `EADDRINUSE`, where it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const core = new SimulatorCore(options);
  const {
    host = '127.0.0.1',
    port = 0,
    tls,
    keepAliveMs = 120_000,
    keepAliveHint = true,
  } = options;
  const server = await HttpServer.listen(
    { host, port, tls, keepAliveMs, keepAliveHint },
    (request, response) => core.handle(request, response),
  );
  return new RunningSimulator(core, server, options.name);
}

/** The address of the first added session, beyond those of the sessions at the start. */
const firstAddedHost = 0x8000;

class RunningSimulator implements Simulator {
  readonly url: string;
  readonly #core: SimulatorCore;
  readonly #server: HttpServer;
  readonly #name: string | undefined;
  #added = 0;

  constructor(core: SimulatorCore, server: HttpServer, name: string | undefined) {
    this.url = server.url;
    this.#core = core;
    this.#server = server;
    this.#name = name;
  }

  get calls(): readonly Call[] {
    return this.#core.calls.latest();
  }

  get connections(): { accepted: number; open: number } {
    return this.#server.connections;
  }

  callCount(filter: CallFilter = {}): number {
    return this.#core.calls.count(filter);
  }

  clearCalls(): void {
    this.#core.calls.clear();
  }

  injectFault(fault: Fault): InjectedFault {
    return this.#core.faults.inject(fault);
  }

  clearFaults(): void {
    this.#core.faults.clear();
    this.#core.barriers.clear();
  }

  barrier(options: BarrierOptions): Barrier {
    return this.#core.barriers.create(options);
  }

  addSession(added: AddedSession = {}): SessionView {
    const { users, sessions } = this.#core.vcenter;
    this.#added += 1;
    const principal =
      added.user === undefined ? users.administrator() : users.principal(added.user);
    const session = sessions.add(added.apis ?? ['vapi', 'vim25'], {
      ...added,
      principal:
        added.privileges === undefined
          ? principal
          : { ...principal, privileges: new Set(added.privileges) },
      ipAddress: addressIn(this.#name, firstAddedHost + this.#added),
      userAgent: 'simulator',
    });
    return this.#view(session);
  }

  endSession(token: string, api?: Api): void {
    this.#core.vcenter.sessions.forget(token, api);
  }

  sessionFor(token: string): SessionView | undefined {
    const { sessions } = this.#core.vcenter;
    const session = sessions.find('vim25', token) ?? sessions.find('vapi', token);
    return session === undefined ? undefined : this.#view(session);
  }

  setNotAuthenticated(forms: { vim25?: Vim25NotAuthenticated; vapi?: VapiNotAuthenticated }): void {
    Object.assign(this.#core.vcenter.notAuthenticated, forms);
  }

  closeIdleConnections(): void {
    this.#server.closeIdleConnections();
  }

  async close(): Promise<void> {
    this.clearFaults();
    await this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #view({ token, key, principal }: Session): SessionView {
    const { sessions } = this.#core.vcenter;
    return {
      token,
      key,
      user: principal.user,
      userName: principal.userName,
      vim25: sessions.find('vim25', token)?.userSession(),
      vapi: sessions.find('vapi', token)?.sessionInfo(),
    };
  }
}
