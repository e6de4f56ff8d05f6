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
export { VAPI_ERROR_TYPES, type VapiErrorFault } from './apis/vapi-errors.ts';
export type { Vim25FaultSpec } from './apis/vim25-faults.ts';
export type { Barrier, BarrierOptions } from './faults/barrier.ts';
export type { Fault, RequestFilter } from './faults/fault.ts';
export type { InjectedFault } from './faults/registry.ts';
export type { Call, CallFilter } from './http/call-log.ts';
export type { JsonObject, JsonValue } from './http/json.ts';
export type { SimulatorOptions } from './options.ts';
export { DEMO_TOKEN } from './state/seed.ts';
export type { SimulatedUser } from './state/users.ts';
export {
  VAPI_NOT_AUTHENTICATED,
  type VapiNotAuthenticated,
  VIM25_NOT_AUTHENTICATED,
  type Vim25NotAuthenticated,
} from './state/vcenter.ts';

/** A session to put in. */
export interface AddedSession {
  /** Default: one that is made up. A session that has this token already gives way. */
  token?: string;
  /** Whose it is, in any spelling. Default: the SSO domain's administrator. */
  user?: string;
  /** What the user may do. Default: what the user may do anyway. */
  privileges?: readonly string[];
  /** vim25's name of the session. Default: one that is made up. */
  key?: string;
  /** Which APIs know the token. Default: both. */
  apis?: readonly Api[];
  /** Default: false. */
  neverExpires?: boolean;
  /**
   * Properties of the UserSession to show in the place of its own: any value, so `callCount` may be a bigint and a
   * time any text; `undefined` leaves the property out. What stands here does not move with use.
   */
  vim25?: JsonObject;
  /** The same for vAPI's Session_Info. */
  vapi?: JsonObject;
}

/** A session as both APIs would show it at this moment; looking does not move it. */
export interface SessionView {
  readonly token: string;
  readonly key: string;
  readonly user: string;
  readonly userName: string;
  /** The UserSession; undefined where vim25 does not know the token. */
  readonly vim25: JsonObject | undefined;
  /** The Session_Info; undefined where vAPI does not know the token. */
  readonly vapi: JsonObject | undefined;
}

/** A vCenter that listens. */
export interface Simulator extends AsyncDisposable {
  /** Its base URL, without a slash at its end. */
  readonly url: string;
  /** The latest calls, oldest first, tokens in clear. */
  readonly calls: readonly Call[];
  /** TCP connections: since the start, and open now. */
  readonly connections: { readonly accepted: number; readonly open: number };
  /** How many calls came since the start or the last `clearCalls()`, those no longer in `calls` included. */
  callCount(filter?: CallFilter): number;
  clearCalls(): void;
  /**
   * Makes something go wrong from now on. Where several faults match a request, the one ordered first has it,
   * and passes on to the next once its `times` are used up. Throws a TypeError on a fault that makes no sense.
   */
  injectFault(fault: Fault): InjectedFault;
  /** Ends all faults and opens all barriers. */
  clearFaults(): void;
  /** Holds answers back until `count` matching requests have arrived. */
  barrier(order: BarrierOptions): Barrier;
  addSession(session?: AddedSession): SessionView;
  /** Ends a session, as if it had expired, in both APIs or in one. */
  endSession(token: string, api?: Api): void;
  /** The live session with this token. */
  sessionFor(token: string): SessionView | undefined;
  /** Changes how nobody-is-logged-on is said; what is left out stays. */
  setNotLoggedOn(forms: { vim25?: Vim25NotAuthenticated; vapi?: VapiNotAuthenticated }): void;
  /** Stops listening and ends every connection, hanging ones too. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a simulated vCenter. Rejects with Node.js's own error (`EADDRINUSE` and the like) where it cannot
 * listen.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const core = new SimulatorCore(options);
  const { host = '127.0.0.1', port = 0, tls } = options;
  const server = await HttpServer.listen({ host, port, tls }, (request, response) =>
    core.handle(request, response),
  );
  return new RunningSimulator(core, server, options.name);
}

/** Away from the addresses of sessions that are there from the start. */
const FIRST_ADDED_HOST = 0x8000;

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

  barrier(order: BarrierOptions): Barrier {
    return this.#core.barriers.order(order);
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
      ipAddress: addressIn(this.#name, FIRST_ADDED_HOST + this.#added),
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

  setNotLoggedOn(forms: { vim25?: Vim25NotAuthenticated; vapi?: VapiNotAuthenticated }): void {
    Object.assign(this.#core.vcenter.notAuthenticated, forms);
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
